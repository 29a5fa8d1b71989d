"""How many items were open on each working day of an onboarding: what its picture shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.catalogue import requirement
from bot.domain.customer import Customer
from bot.domain.lifecycle import Event, Stage
from bot.domain.model import Grade, StatusKind
from bot.domain.progress import REMINDER, Past
from bot.domain.reminders import IsHoliday, is_working_day, local_day

GATING = (Grade.REQUIRED, Grade.RECOMMENDED)
"""What the gate asks for; optional items are never in the way."""
OVER = (Stage.ACCEPTED, Stage.ARCHIVED)
"""Stages in which the picture grows no more."""


@dataclass(frozen=True, slots=True)
class Day:
    """The end of a working day (today: now): what is proved open, and what nobody could tell.

    ``reminded`` and ``handed_over`` say what happened since the day before in the picture.
    """

    day: date
    unmet: int
    unknown: int
    reminded: bool = False
    handed_over: bool = False


def burn_down(
    past: Past, customer: Customer, now: datetime, is_holiday: IsHoliday
) -> tuple[Day, ...]:
    """Every working day from the first day to today, or to the day that ended the onboarding."""
    last = local_day(customer.stage_since if customer.stage in OVER else now, customer.timezone)
    days = _days(local_day(customer.created_at, customer.timezone), last, is_holiday)
    places = _ends(past, days, customer)
    gating = [item for item in past.present if requirement(item).grade in GATING]
    reminders, handed = past.places(REMINDER), past.places(Event.HAND_OFF.value)
    found, before = [], 0
    for day, place, stood in zip(days, places, past.standings(places), strict=True):
        kinds = [stood[item].kind for item in gating]
        unknown = kinds.count(StatusKind.UNKNOWN) + kinds.count(StatusKind.NOT_CHECKED)
        found.append(
            Day(
                day,
                kinds.count(StatusKind.UNMET),
                unknown,
                reminded=any(before <= one < place for one in reminders),
                handed_over=any(before <= one < place for one in handed),
            )
        )
        before = place
    return tuple(found)


def _days(first: date, last: date, is_holiday: IsHoliday) -> list[date]:
    """The first day and the last one whatever they are, and the working days between."""
    between = (first + timedelta(n) for n in range(1, (last - first).days))
    ends = [last] if last > first else []
    return [first, *(day for day in between if is_working_day(day, is_holiday)), *ends]


def _ends(past: Past, days: Sequence[date], customer: Customer) -> list[int]:
    """For each day the first line of a later one; for the last day the end."""
    dates = [local_day(entry.at, customer.timezone) for entry in past.entries]
    ends, place = [], 0
    for day in days[:-1]:
        while place < len(dates) and dates[place] <= day:
            place += 1
        ends.append(place)
    return [*ends, len(dates)]
