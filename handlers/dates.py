"""Days and times of day as people type them."""

import re
from datetime import date, time, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST = 3
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")
_WRITTEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?(?: (\d{4}))?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?|(\d{2})(\d{2})")


def take_day(tokens: list[str], today: date) -> tuple[date, int] | None:
    """The day that the first words name, and how many words it took; the longest reading wins."""
    for size in range(min(LONGEST, len(tokens)), 0, -1):
        found = parse_day(" ".join(tokens[:size]), today)
        if found is not None:
            return found, size
    return None


def take_past_day(tokens: list[str], today: date) -> date | None:
    """The day that all words name, the last such day: ``12 Nov``, ``monday``, ``today``."""
    found = take_day(tokens, today)
    if found is None or found[1] != len(tokens):
        return None
    day = found[0]
    if day <= today:
        return day
    if tokens[0].strip(" ,").isalpha():
        return day - timedelta(days=7)
    return _make(day.year - 1, day.month, day.day)


def parse_day(text: str, today: date) -> date | None:
    """``2026-11-27``, ``27/11``, ``27 Nov``, ``friday``, ``tomorrow``; the next such day.

    Day comes before month, as in Australia.
    """
    wanted = text.casefold().strip(" ,")
    if wanted in ("today", "tomorrow"):
        return today + timedelta(days=wanted == "tomorrow")
    if len(wanted) >= 3:
        for number, name in enumerate(WEEKDAYS):
            if name.startswith(wanted):
                return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if match := _ISO.fullmatch(wanted):
        return _make(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHES.fullmatch(wanted):
        return _dated(match[3], int(match[2]), int(match[1]), today)
    if (match := _WRITTEN.fullmatch(wanted)) and match[2][:3] in MONTHS:
        return _dated(match[3], MONTHS.index(match[2][:3]) + 1, int(match[1]), today)
    return None


def parse_time(text: str) -> time | None:
    """``9``, ``09:00``, ``9.30``, ``0900``, ``4pm``, ``4:30 pm``."""
    match = _TIME.fullmatch(text.casefold().replace(" ", ""))
    if match is None:
        return None
    hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (match[3] == "pm")
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _dated(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _make(int(year) + 2000 * (len(year) == 2), month, day)
    this_year = _make(today.year, month, day)
    if this_year is not None and this_year < today:
        return _make(today.year + 1, month, day)
    return this_year


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
