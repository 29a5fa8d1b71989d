"""What a running process says of itself from time to time, for whoever looks from outside."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Beat:
    """One process's sign of life. ``owner`` names it as its leases do.

    The scheduler writes it, so one that is old means: that process's rounds have stopped.
    ``way`` is how Slack reaches it ("socket", "http"); ``heard_at`` is when Slack last delivered
    anything to it, ``clicked_at`` a click or a form. ``ended_at`` is set when it stopped politely.
    """

    owner: str
    at: datetime
    started_at: datetime
    release: str = ""
    way: str = ""
    heard_at: datetime | None = None
    clicked_at: datetime | None = None
    ended_at: datetime | None = None
