"""A clock that the test moves."""

from datetime import UTC, date, datetime, timedelta

MONDAY = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
"""Monday 23 November 2026, 09:00 in Sydney."""


def no_holidays(_day: date) -> bool:
    return False


class FakeClock:
    """``ports.Clock``."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def move(self, **amount: float) -> datetime:
        """Move on by a ``timedelta``'s keywords: ``move(hours=2)``."""
        self._now += timedelta(**amount)
        return self._now
