"""When a reminder is due, and whether it is sent: pure, with the clock passed in.

A reminder goes out at the customer's local time on its working days, at most once a local day,
about what is still open after a fresh check. When the fresh check cannot tell, it is held back
and staff are told why, once a day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import Report, Status, StatusKind

IsHoliday = Callable[[date], bool]
MAX_SNOOZE_DAYS = 14
CATCH_UP = timedelta(hours=8)
EVENING = time(20, 0)
RETRY_HELD = timedelta(hours=1)


DIGEST_AT = time(9, 0)


def digest_due(now: datetime, timezone: str) -> datetime | None:
    """When on Monday this week's digest was due; None while it is no time to send it.

    One that was missed is caught up from Monday to Friday, from nine on and not into the evening:
    it says what stands now, so two weeks that were missed are one digest.
    """
    day = local_day(now, timezone)
    due, nine, evening = (
        at_local(on, at, timezone)
        for on, at in (
            (day - timedelta(days=day.weekday()), DIGEST_AT),
            (day, DIGEST_AT),
            (day, EVENING),
        )
    )
    return due if day.weekday() < 5 and nine <= now <= evening else None


class Step(IntEnum):
    """The escalation ladder: who is told that nothing moves, one after the other."""

    OWNER = 1
    CHANNEL = 2
    STAFF = 3
    LEAD = 4


@dataclass(frozen=True, slots=True)
class Ladder:
    """Working days without movement after which each step is taken, and who the staff lead is.

    ``lead`` is a Slack user id; without one the last step tells all staff once more.
    """

    days: tuple[int, ...] = (5, 10, 15, 21)
    lead: str = ""

    def __post_init__(self) -> None:
        """Make sure that the steps come one after the other.

        Raises:
            ValueError: not one number for each step, or one that is not larger than the last.
        """
        grows = all(day < later for day, later in zip((0, *self.days), self.days, strict=False))
        if len(self.days) != len(Step) or not grows:
            raise ValueError("four growing numbers of working days, for example 5,10,15,21")

    def due(self, idle_working_days: int, taken: int) -> tuple[Step, ...]:
        """The steps that are reached after so many days, without the first ``taken`` ones."""
        reached = (step for step in Step if idle_working_days >= self.days[step - 1])
        return tuple(step for step in reached if step > taken)


LADDER = Ladder()


class PolicyError(Exception):
    """What was asked for is outside the policy."""


def local_day(moment: datetime, timezone: str) -> date:
    """The customer's calendar day at ``moment``."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def local_hour(moment: datetime, timezone: str) -> int:
    """The hour that the customer's clocks show at ``moment``."""
    return moment.astimezone(ZoneInfo(timezone)).hour


def at_local(day: date, at: time, timezone: str) -> datetime:
    """The UTC moment of a local time on a local day.

    A time that daylight saving skips is moved forward by the size of the gap; of a time that
    occurs twice the first is taken: ``fold=0`` does both, after a round trip through UTC.
    """
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def is_working_day(day: date, is_holiday: IsHoliday) -> bool:
    """Monday to Friday, and no public holiday of the region."""
    return day.weekday() < 5 and not is_holiday(day)


def working_days_between(start: date, end: date, is_holiday: IsHoliday) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    days = (end - start).days
    return sum(is_working_day(start + timedelta(n), is_holiday) for n in range(1, days + 1))


class WorkingDays:
    """Working days until a day, counted once for all who ask: thousands do at a time."""

    def __init__(self, end: date, is_holiday: IsHoliday) -> None:
        self._end = end
        self._is_holiday = is_holiday
        # At place n the working days after the day that lies n days before the end.
        self._counts = [0]

    def since(self, start: date) -> int:
        """As :func:`working_days_between` this day and the end."""
        days = (self._end - start).days
        counts = self._counts
        while len(counts) <= days:
            day = self._end - timedelta(len(counts) - 1)
            counts.append(counts[-1] + is_working_day(day, self._is_holiday))
        return counts[max(days, 0)]


def wants_reminders(customer: Customer) -> bool:
    """Reminders end with the hand-off, and rest while paused, stuck or switched off."""
    return (
        customer.stage in (Stage.PREPARING, Stage.READY)
        and customer.reminders_on
        and customer.stuck is None
    )


def next_due(customer: Customer, after: datetime, is_holiday: IsHoliday) -> datetime:
    """The first reminder time strictly later than ``after``, on a working day, past any snooze."""
    day = local_day(after, customer.timezone)
    if customer.snoozed_until is not None:
        day = max(day, customer.snoozed_until)
    while True:
        due = at_local(day, customer.remind_at, customer.timezone)
        if due > after and is_working_day(day, is_holiday):
            return due
        day += timedelta(days=1)


def next_look(customer: Customer, after: datetime, is_holiday: IsHoliday) -> datetime | None:
    """When the daily round looks at this customer next; None when it is over or put away.

    A customer that rests or was handed over is still looked at: rest ends, and facts regress.
    """
    if customer.stage in (Stage.ACCEPTED, Stage.ARCHIVED):
        return None
    return next_due(customer, after, is_holiday)


def snooze_until(customer: Customer, days: int, now: datetime) -> date:
    """The first day on which reminders come again.

    Raises:
        PolicyError: not between one day and the longest snooze.
    """
    if not 1 <= days <= MAX_SNOOZE_DAYS:
        raise PolicyError(days)
    return local_day(now, customer.timezone) + timedelta(days=days)


def after_hold(customer: Customer, now: datetime, is_holiday: IsHoliday) -> datetime:
    """When to look again after a reminder was held back: within the hour, while it is still day."""
    regular = next_due(customer, now, is_holiday)
    _, until = _window(customer, local_day(now, customer.timezone))
    soon = now + RETRY_HELD
    return min(soon, regular) if soon <= until else regular


def _window(customer: Customer, day: date) -> tuple[datetime, datetime]:
    """From the due time to when it is too late: hours afterwards, but not into the evening.

    Whoever chose a time in the evening is still reminded for an hour after it.
    """
    due = at_local(day, customer.remind_at, customer.timezone)
    evening = at_local(day, EVENING, customer.timezone)
    return due, max(due + RETRY_HELD, min(due + CATCH_UP, evening))


class Verdict(StrEnum):
    """What to do at a due time."""

    SEND = "send"
    HOLD = "hold"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, why, and about which items."""

    verdict: Verdict
    why: str
    items: tuple[Status, ...] = ()


def decide(customer: Customer, report: Report, now: datetime, is_holiday: IsHoliday) -> Decision:
    """Whether a customer is reminded at ``now``, after a fresh check gave ``report``.

    A due time that was missed (the bot was down, the machine asleep) is caught up within
    ``CATCH_UP`` of the customer's time of day and before ``EVENING``, so that nobody is rung at
    night.
    """
    day = local_day(now, customer.timezone)
    due, until = _window(customer, day)
    if not wants_reminders(customer):
        return Decision(Verdict.SKIP, "reminders are off, paused or over")
    if customer.snoozed_until is not None and day < customer.snoozed_until:
        return Decision(Verdict.SKIP, f"snoozed until {customer.snoozed_until:%d %b}")
    if not is_working_day(day, is_holiday):
        return Decision(Verdict.SKIP, "not a working day")
    if not due <= now <= until:
        return Decision(Verdict.SKIP, "not the time of day for it")
    return by_report(report)


def by_report(report: Report) -> Decision:
    """What there is to say, whenever it is said; what could not be read is never nagged about."""
    nagging = tuple(s for s in report.open_items if s.kind is StatusKind.UNMET or _by_hand(s))
    if nagging:
        return Decision(Verdict.SEND, "something is open", nagging)
    if report.gate.is_open:
        # Only the last step is left, and it is the customer's: say so rather than fall silent.
        return Decision(Verdict.SEND, "ready, and not handed over yet")
    if report.open_items:
        return Decision(Verdict.HOLD, "the fresh check could not tell", report.open_items)
    return Decision(Verdict.SKIP, "nothing is open")


def _by_hand(status: Status) -> bool:
    """Unknown, but a person can settle it; our own outage is not worth a reminder."""
    finding = status.finding
    return status.kind is StatusKind.UNKNOWN and finding is not None and not finding.outage
