"""What the services hand to whoever shows it: plain, frozen, complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.customer import Channel, Connection, Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import Gate, Report, Status


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer as its card shows it. ``connections`` come without tokens."""

    customer: Customer
    report: Report
    channels: tuple[Channel, ...]
    connections: tuple[Connection, ...]
    now: datetime


class Filter(StrEnum):
    """Which onboardings are listed."""

    ALL = "all"
    MINE = "mine"
    STUCK = "stuck"
    READY = "ready"


ON_CUSTOMER, ON_INTERFY = "customer", "Interfy"
"""On whom an onboarding waits, beside a system that can't be read, or nobody."""

LONG_IDLE = 10
"""Working days without movement from which on an onboarding counts as stuck."""


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """A customer as one line of the portfolio; ``days_in_stage`` are days of the calendar."""

    customer: Customer
    gate: Gate
    required_met: int
    required_total: int
    waiting_on: str
    idle_working_days: int
    channel_id: str
    days_in_stage: int = 0
    is_checked: bool = True


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The customers that were asked for, the most stuck first, and how many there are.

    ``found`` is how many the filter lets through, of which ``rows`` may be some only, with
    ``before`` others before them; ``open``, ``stuck`` and ``stages`` count everybody who is not
    archived.
    """

    rows: tuple[PortfolioRow, ...]
    found: int
    open: int
    stuck: int
    stages: Mapping[Stage, int]
    before: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """An item whose status differs from the check before."""

    item: str
    was: str
    now: str
    better: bool


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """A finished check: the view after it and what it changed."""

    view: CustomerView
    checked: tuple[str, ...]
    changes: tuple[Change, ...]


class HandoffAnswer(StrEnum):
    """What became of a press on Contact Interfy support."""

    SENT = "sent"
    ALREADY = "already"
    TOO_EARLY = "too early"


@dataclass(frozen=True, slots=True)
class HandoffResult:
    """The answer, and what is missing where it was too early."""

    answer: HandoffAnswer
    view: CustomerView
    missing: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """When a customer is reminded next; ``None`` while reminders rest or are over."""

    next_at: datetime | None
    on: bool
    snoozed_until: date | None
