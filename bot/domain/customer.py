"""A customer and what people have decided about it, as stored facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from bot.domain.lifecycle import Stage
from bot.domain.model import Handover, MappingMode, System

DEFAULT_TIMEZONE = "Australia/Sydney"
DEFAULT_REGION = "AU-NSW"
DEFAULT_REMIND_AT = time(9, 0)


@dataclass(frozen=True, slots=True)
class Stuck:
    """That somebody said "I'm stuck": it pauses reminders until staff resume them."""

    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer on its way to OneCore.

    ``timezone`` is an IANA name; ``region`` is a country with an optional subdivision
    ("AU-NSW") whose public holidays are respected; ``remind_at`` is local time.
    ``next_reminder_at`` is when the next tick should look at this customer (UTC).
    ``last_movement_at`` is when an item last went from open to met, or the onboarding started
    over (resumed, sent back, reopened): idle days count from there.
    """

    id: int
    slug: str
    name: str
    stage: Stage
    stage_since: datetime
    created_at: datetime
    timezone: str = DEFAULT_TIMEZONE
    region: str = DEFAULT_REGION
    remind_at: time = DEFAULT_REMIND_AT
    reminders_on: bool = True
    snoozed_until: date | None = None
    stuck: Stuck | None = None
    mode: MappingMode = MappingMode.EITHER
    next_reminder_at: datetime | None = None
    last_movement_at: datetime | None = None
    escalation: int = 0
    handover: Handover | None = None
    owner: str = ""


class Outline(NamedTuple):
    """What tells how much a customer needs somebody, without reading all of it.

    There are thousands at a time, and a tuple is made in a third of a dataclass's time.
    ``moved_at`` is when something last moved, or when the onboarding began.
    """

    id: int
    name: str
    stage: Stage
    is_stuck: bool
    timezone: str
    region: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What is needed to start an onboarding."""

    slug: str
    name: str
    timezone: str = DEFAULT_TIMEZONE
    region: str = DEFAULT_REGION
    owner: str = ""


class News(StrEnum):
    """What happened to a channel; the first four close it."""

    ARCHIVED = "archived"
    DELETED = "deleted"
    LEFT = "left"
    FROZEN = "frozen"
    OPENED = "opened"
    SHARED = "shared"
    UNSHARED = "unshared"
    MOVED = "moved"
    PRIVATE = "private"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Channel:
    """A Slack channel linked to a customer; ids only, because names differ on each side."""

    channel_id: str
    customer_id: int
    team_id: str = ""
    is_primary: bool = True
    closed: str = ""
    """Why nothing can be posted there just now ("archived", "left"), or ""."""
    kind: str = ""
    """"public" or "private" when it was last looked at; "" before that."""
    looked_at: datetime | None = None


def home_channel(channels: Sequence[Channel]) -> str:
    """Where a customer is written to: its primary channel, or another while that is closed."""
    open_ones = [channel for channel in channels if not channel.closed]
    first = sorted(open_ones, key=lambda channel: not channel.is_primary)
    return first[0].channel_id if first else ""


@dataclass(frozen=True, slots=True)
class CardRef:
    """Where a customer's living card is: a Slack message."""

    customer_id: int
    channel_id: str
    ts: str


class Purpose(StrEnum):
    """What a sign-in proves: the customer's own connection, or the support user's identity."""

    CUSTOMER = "customer"
    SUPPORT = "support"


class Grant(StrEnum):
    """The OAuth grant that renews a connection's access token."""

    CLIENT_CREDENTIALS = "client_credentials"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the grant's name, not a token.


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token and what renews it. Never printed: ``repr`` shows nothing secret.

    ``refresh_expires_at`` is when the refresh token lapses unless it is used before;
    ``hard_expires_at`` is when it ends however often it is used (Intuit: five years).
    """

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    hard_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """A customer's connection to Procore (``external_id`` = company id) or QBO (realm id).

    ``broken`` is the reason why a person has to sign in again, or "".
    """

    customer_id: int
    system: System
    external_id: str
    grant: Grant
    tokens: Tokens = Tokens()
    purpose: Purpose = Purpose.CUSTOMER
    account_name: str = ""
    connected_by: str = ""
    connected_at: datetime | None = None
    broken: str = ""


CHECK, CLICK, NEW = "check", "click", "new"
"""Actions in the history that decide nothing: what the bot read, what somebody pressed."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the append-only history; ``actor`` is a Slack user id, or "bot"."""

    customer_id: int | None
    at: datetime
    actor: str
    action: str
    detail: str = ""
