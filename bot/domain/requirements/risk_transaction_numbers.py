"""QuickBooks numbers invoices itself (rule T4)."""

from bot.domain.facets import PREFERENCES
from bot.domain.findings import met, unknown, unmet
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.risk import missing, risk, value


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Custom transaction numbers are on or off."""
    unread = missing(snapshot, (PREFERENCES,))
    if unread is not None:
        return unread
    custom = value(snapshot, PREFERENCES).custom_numbers
    if custom is None:
        return unknown(
            "QuickBooks doesn't say whether custom transaction numbers are on.",
            "Look under Settings > Account and settings > Sales > Sales form content.",
        )
    if custom:
        return unmet(
            "Custom transaction numbers are on in QuickBooks: it gives no number of its own.",
            "Agree with Interfy support who numbers invoices, or switch it off.",
        )
    return met("QuickBooks numbers invoices itself.")


REQUIREMENT = risk(
    "transaction-numbers",
    420,
    "It is settled who numbers invoices",
    "invoice numbers",
    why="With custom transaction numbers on, QuickBooks leaves the number empty unless whoever "
    "creates the invoice gives one: invoices without a number.",
    who=Role.QBO_ADMIN,
    steps=(
        "In QuickBooks, open Settings > Account and settings > Sales > Sales form content.",
        "Switch Custom transaction numbers off, or tell Interfy support to send Procore's.",
    ),
    needs=(PREFERENCES,),
    check=check,
    known_by="CustomTxnNumbers in QuickBooks' preferences.",
)
