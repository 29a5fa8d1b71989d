"""What is owed is booked in the company's own currency (rule T5)."""

from bot.domain.facets import ACCOUNTS, PREFERENCES
from bot.domain.findings import listing, met, unknown, unmet
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.records import Target
from bot.domain.risk import missing, risk, value

NEEDS = (PREFERENCES, ACCOUNTS)
KINDS = ("Accounts Receivable", "Accounts Payable")


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """With several currencies, each kind needs an active account in the home currency."""
    unread = missing(snapshot, NEEDS)
    if unread is not None:
        return unread
    wanted = value(snapshot, PREFERENCES)
    if wanted.multi_currency is False:
        return met("The QuickBooks company has one currency.")
    if wanted.multi_currency is None or not wanted.home_currency:
        return unknown(
            "QuickBooks doesn't say whether it keeps several currencies.",
            "Look under Settings > Account and settings > Advanced > Currency.",
        )
    rows = [one for one in value(snapshot, ACCOUNTS).rows if one.active and one.type in KINDS]
    if any(not one.currency for one in rows):
        return unknown(
            "QuickBooks doesn't say the currency of every receivable and payable account."
        )
    lacking = [kind for kind in KINDS if not _has(rows, kind, wanted.home_currency)]
    known = {one.type for one in value(snapshot, ACCOUNTS).rows}
    if lacking and known.isdisjoint(lacking):
        return unknown(
            f"There is no account for {listing(lacking)} in QuickBooks yet; it makes one with the "
            "first invoice or bill.",
            f"Look then whether it is in {wanted.home_currency}.",
        )
    if not lacking:
        return met(f"Receivables and payables have an account in {wanted.home_currency}.")
    return unmet(
        f"There is no active account for {listing(lacking)} in {wanted.home_currency}.",
        f"Add or reactivate one in {wanted.home_currency}.",
        [Evidence(one.name, f"{one.type} in {one.currency}", ref=one.key) for one in rows],
    )


def _has(rows: list[Target], kind: str, currency: str) -> bool:
    return any(one.type == kind and one.currency == currency for one in rows)


REQUIREMENT = risk(
    "currency",
    430,
    "Receivables and payables are in the company's currency",
    "currency",
    why="QuickBooks refuses a transaction whose currency isn't that of its receivable or payable "
    "account.",
    who=Role.QBO_ADMIN,
    steps=("In QuickBooks, open the chart of accounts and look at the currency of A/R and A/P.",),
    needs=NEEDS,
    check=check,
    known_by="The currency preferences and the currencies of the active A/R and A/P accounts.",
)
