"""Numbers, days and times of day, as people read them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

AND_MORE = " and {more} more."
MORE_ROWS = "… and {more} more"


def clock(moment: datetime, timezone: str, now: datetime) -> str:
    """A moment for people: ``09:02 AEDT``, with the day when that is not today."""
    local = moment.astimezone(ZoneInfo(timezone))
    if local.date() == now.astimezone(ZoneInfo(timezone)).date():
        return f"{local:%H:%M %Z}"
    return f"{local:%a} {local.day} {local:%b %H:%M %Z}"


def day(value: date) -> str:
    """A day for people: ``Fri 27 Nov``."""
    return f"{value:%a} {value.day} {value:%b}"


def full_day(value: date) -> str:
    """A day with its year: ``27 Nov 2026``."""
    return f"{value.day} {value:%b %Y}"


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def at(value: time) -> str:
    """A time of day: ``09:00``."""
    return f"{value:%H:%M}"


def some(number: int, one: str) -> str:
    """``One thing``, ``Two things``, ``12 things``, for the start of a sentence."""
    small = dict(enumerate(("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven"), start=0))
    return f"{small.get(number, f'{number:,}')} {one if number == 1 else one + 's'}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 item``, ``3 items``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
