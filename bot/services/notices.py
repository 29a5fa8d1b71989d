"""The messages that go through the outbox, as data: decided now, rendered when they are sent.

Each notice is a frozen dataclass; ``dump`` and ``load`` turn it into the outbox row's JSON and
back. ``kind`` is written into the row, so that a row of an older version is recognised.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Discriminator, TypeAdapter


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a notice: requirement id, short title, summary, owner, how it stands."""

    item: str
    title: str
    summary: str
    status: str
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class ReminderNotice:
    """The daily reminder. ``mentions`` are user ids; ``changes`` are sentences."""

    customer: str
    slug: str
    customer_id: int
    day: str
    lines: tuple[Line, ...]
    changes: tuple[str, ...]
    mentions: tuple[str, ...]
    ready: bool = False
    idle_days: int = 0
    kind: Literal["reminder"] = "reminder"


@dataclass(frozen=True, slots=True)
class HandoffNotice:
    """To the support channel (and by e-mail): a customer is ready."""

    customer: str
    slug: str
    customer_id: int
    by: str
    at: datetime
    timezone: str
    gate: str
    required_met: int
    required_total: int
    verified: int
    attested: int
    waived: int
    lines: tuple[Line, ...]
    risks: tuple[Line, ...]
    systems: tuple[str, ...]
    days_from_start: int
    channel_id: str
    pack_name: str
    kind: Literal["handoff"] = "handoff"


@dataclass(frozen=True, slots=True)
class PackNotice:
    """The evidence pack: a workbook in the thread of the hand-off message ``parent_key``."""

    customer: str
    slug: str
    customer_id: int
    parent_key: str
    file_name: str
    content_base64: str = field(repr=False)
    kind: Literal["pack"] = "pack"


@dataclass(frozen=True, slots=True)
class ConfirmationNotice:
    """To the customer's channel: support has been contacted."""

    customer: str
    slug: str
    customer_id: int
    by: str
    at: datetime
    timezone: str
    kind: Literal["confirmation"] = "confirmation"


@dataclass(frozen=True, slots=True)
class AcceptedNotice:
    """To the customer's channel: Interfy accepted the hand-off."""

    customer: str
    slug: str
    customer_id: int
    by: str
    kind: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True)
class SentBackNotice:
    """To the customer's channel: Interfy sent the hand-off back, with the reason."""

    customer: str
    slug: str
    customer_id: int
    by: str
    reason: str
    kind: Literal["sent_back"] = "sent_back"


@dataclass(frozen=True, slots=True)
class ReopenedNotice:
    """To customer and support: a re-check before acceptance found a regression."""

    customer: str
    slug: str
    customer_id: int
    lines: tuple[Line, ...]
    kind: Literal["reopened"] = "reopened"


@dataclass(frozen=True, slots=True)
class StuckNotice:
    """To the support channel: somebody is stuck, or asks for help; reminders are paused."""

    customer: str
    slug: str
    customer_id: int
    by: str
    why: str
    channel_id: str
    kind: Literal["stuck"] = "stuck"


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """To the support channel: a reminder was held back because we could not read a system."""

    customer: str
    slug: str
    customer_id: int
    lines: tuple[Line, ...]
    kind: Literal["held"] = "held"


@dataclass(frozen=True, slots=True)
class EscalationNotice:
    """To the support channel: no movement for some working days."""

    customer: str
    slug: str
    customer_id: int
    idle_days: int
    level: int
    lines: tuple[Line, ...]
    channel_id: str
    kind: Literal["escalation"] = "escalation"


@dataclass(frozen=True, slots=True)
class ParkedNotice:
    """To the support channel: a message could not be delivered, and a person must look.

    ``what`` is the kind of the parked notice, ``where`` the channel it was meant for.
    """

    customer: str
    slug: str
    customer_id: int
    what: str
    where: str
    why: str
    kind: Literal["parked"] = "parked"


@dataclass(frozen=True, slots=True)
class ReconnectNotice:
    """A sign-in died, and a person has to sign in again. ``purpose`` is whose it was."""

    customer: str
    slug: str
    customer_id: int
    system: str
    purpose: str
    why: str
    kind: Literal["reconnect"] = "reconnect"


@dataclass(frozen=True, slots=True)
class ExpiryNotice:
    """A sign-in ends on ``day`` (ISO, the customer's local day), however often it is used."""

    customer: str
    slug: str
    customer_id: int
    system: str
    purpose: str
    days: int
    day: str
    kind: Literal["expiry"] = "expiry"


Notice = (
    ReminderNotice
    | HandoffNotice
    | PackNotice
    | ConfirmationNotice
    | AcceptedNotice
    | SentBackNotice
    | ReopenedNotice
    | StuckNotice
    | HeldNotice
    | EscalationNotice
    | ParkedNotice
    | ReconnectNotice
    | ExpiryNotice
)

_ADAPTER: TypeAdapter[Notice] = TypeAdapter(Annotated[Notice, Discriminator("kind")])


def dump(notice: Notice) -> str:
    """The notice as JSON, with its kind."""
    return _ADAPTER.dump_json(notice).decode()


def load(payload: str) -> Notice:
    """A notice from its JSON.

    Raises:
        ValueError: it is not a notice that this version knows.
    """
    return _ADAPTER.validate_json(payload)
