"""Expense forms have the columns that job costs need (rule C9)."""

from bot.domain.facets import PREFERENCES
from bot.domain.findings import listing, met, unknown, unmet
from bot.domain.model import (
    CheckContext,
    Evidence,
    Finding,
    MappingMode,
    Role,
    Snapshot,
)
from bot.domain.risk import missing, risk, value


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Projects, the customer column, and the items table where costs go to items."""
    unread = missing(snapshot, (PREFERENCES,))
    if unread is not None:
        return unread
    wanted = value(snapshot, PREFERENCES)
    switches = {
        "Projects": wanted.projects,
        "Track expenses and items by customer": wanted.expenses_by_customer,
    }
    if context.mode is not MappingMode.ACCOUNT:
        switches["Show items table on expense and purchase forms"] = wanted.items_on_expenses
    off = [name for name, on in switches.items() if on is False]
    silent = [name for name, on in switches.items() if on is None]
    if off:
        return unmet(
            f"Off in QuickBooks: {listing(off)}.",
            "Switch it on under Settings > Account and settings (Expenses, and Advanced for "
            "Projects).",
            [Evidence(name, "is off") for name in off],
        )
    if silent:
        return unknown(f"QuickBooks doesn't say whether this is on: {listing(silent)}.")
    return met("Expense forms have what job costs need.")


REQUIREMENT = risk(
    "expense-columns",
    440,
    "Projects and the columns for job costs are switched on",
    "expense forms",
    why="Without them a bill has no column for the item or the project, so a job's cost can't be "
    "booked to it.",
    who=Role.QBO_ADMIN,
    steps=(
        "In QuickBooks, open Settings > Account and settings > Expenses > Bills and expenses.",
        "Switch on the items table and Track expenses and items by customer.",
        "Switch on Projects under Advanced.",
    ),
    needs=(PREFERENCES,),
    check=check,
    known_by="QuickBooks' preferences; the items table counts unless costs go to accounts only.",
)
