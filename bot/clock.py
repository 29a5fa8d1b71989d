"""The real clock: the only place that asks the machine for the time."""

from datetime import UTC, datetime


class SystemClock:
    """``ports.Clock`` over the machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)
