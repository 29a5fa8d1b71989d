"""The clock of a sandbox world: real time plus an offset that people may move.

Every stand-in reads this clock and never the machine's, so that "tomorrow morning" is one press
away and a test can hold time still.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

ClockListener = Callable[[datetime], None]


class WorldClock:
    """Timezone-aware UTC time that can be moved, and in tests held still.

    Args:
        start: What ``now()`` shows at first; the machine's time where left out.
        ticking: False holds time still between ``advance`` and ``set``.

    Raises:
        ValueError: ``start`` has no time zone.
    """

    def __init__(self, start: datetime | None = None, *, ticking: bool = True) -> None:
        real = datetime.now(UTC)
        self._offset = timedelta(0)
        self._held: datetime | None = None if ticking else real
        self._listeners: list[ClockListener] = []
        if start is not None:
            self._move_to(start)

    @property
    def offset(self) -> timedelta:
        """How far ahead of the machine's clock (or of the held moment) the world is."""
        return self._offset

    def now(self) -> datetime:
        """The world's time, in UTC."""
        return (self._held or datetime.now(UTC)) + self._offset

    def timestamp(self) -> float:
        """The world's time as seconds since 1970."""
        return self.now().timestamp()

    def advance(self, step: timedelta) -> datetime:
        """Move the world by ``step`` (which may be negative) and return the new time."""
        self._offset += step
        return self._changed()

    def set(self, moment: datetime) -> datetime:
        """Move the world to ``moment`` and return the new time.

        Raises:
            ValueError: ``moment`` has no time zone.
        """
        self._move_to(moment)
        return self._changed()

    def subscribe(self, listener: ClockListener) -> Callable[[], None]:
        """Call ``listener`` with the new time after each move; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _move_to(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            msg = f"A world's clock needs a time with a zone; {moment.isoformat()} has none."
            raise ValueError(msg)
        self._offset = moment.astimezone(UTC) - (self._held or datetime.now(UTC))

    def _changed(self) -> datetime:
        now = self.now()
        for listener in tuple(self._listeners):
            listener(now)
        return now
