"""The books are open for what is booked now (rule T3)."""

from bot.domain.facets import PREFERENCES
from bot.domain.findings import met, unmet
from bot.domain.model import CheckContext, Finding, Present, Role, Snapshot
from bot.domain.reminders import local_day
from bot.domain.risk import missing, risk, value


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Compare the closing date with the customer's day on which it was read."""
    unread = missing(snapshot, (PREFERENCES,))
    if unread is not None:
        return unread
    read = snapshot.get(PREFERENCES)
    closed = value(snapshot, PREFERENCES).closed_until
    if closed is None:
        return met("The QuickBooks books have no closing date.")
    day = f"{closed.day} {closed:%B %Y}"
    if isinstance(read, Present) and closed < local_day(read.read_at, context.timezone):
        return met(f"The books are closed up to {day}; what is dated later can be booked.")
    return unmet(
        f"The QuickBooks books are closed up to {day}, so what is dated today is refused.",
        "Move the closing date to a day before the first cost that OneCore is to book.",
    )


REQUIREMENT = risk(
    "closing-date",
    410,
    "The books are open for what OneCore will book",
    "closing date",
    why="QuickBooks refuses what is dated up to the closing date (account period closed).",
    who=Role.QBO_ADMIN,
    steps=(
        "In QuickBooks, open Settings > Account and settings > Advanced > Accounting.",
        "Set Close the books to a day before the first cost that is to be synced.",
    ),
    needs=(PREFERENCES,),
    check=check,
    known_by="The closing date in QuickBooks' preferences, by the customer's day when it was read.",
)
