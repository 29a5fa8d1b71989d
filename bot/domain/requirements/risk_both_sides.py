"""No company is a supplier and a customer in QuickBooks (rule N5).

QuickBooks gives a name once, so whoever books one company on both sides writes something behind one
of the two, such as "(supplier)". That is taken off before the names are compared.
"""

import re
from collections import defaultdict

from bot.domain.facets import CUSTOMERS, SUPPLIERS, VENDORS
from bot.domain.findings import met, plural, unmet
from bot.domain.matching.names import name_forms
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.records import Party
from bot.domain.risk import companies, missing, risk, value

NEEDS = (VENDORS, SUPPLIERS, CUSTOMERS)
_WORDS = "suppliers?|vendors?|customers?|clients?|creditors?|debtors?|subcontractors?|subbies?|sub"
_SIDE = re.compile(
    rf"\s*(?:[(\[]\s*(?:{_WORDS}|ap|ar|[scv])\s*[)\]]|\s[-\u2013\u2014/]\s*(?:{_WORDS}|ap|ar|[scv]))\s*$",
    re.IGNORECASE,
)
"""What people write behind a name to say which side it is on: "(supplier)", " - Customer"."""


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Find the Procore companies whose name, without its legal form, is on both lists."""
    unknown = missing(snapshot, NEEDS)
    if unknown is not None:
        return unknown
    # A list is read only where the one before leaves something to find: names take their time.
    suppliers = _by_words(list(value(snapshot, SUPPLIERS)))
    top = [one for one in value(snapshot, CUSTOMERS) if not one.is_job]
    customers = _by_words(top) if suppliers else {}
    looked = {}
    if not suppliers.keys().isdisjoint(customers):
        looked = _by_words(companies(value(snapshot, VENDORS)))
    found = [
        Evidence(
            looked[words][0].name,
            f'Supplier "{suppliers[words][0].name}" and customer "{customers[words][0].name}".',
            ref=looked[words][0].id,
        )
        for words in looked
        if words in suppliers and words in customers
    ]
    if not found:
        return met("No Procore company is both a supplier and a customer in QuickBooks.")
    return unmet(
        f"{plural(len(found), 'Procore company is', 'Procore companies are')} both a supplier and "
        f'a customer in QuickBooks, e.g. "{found[0].subject}"',
        "Decide for each which of the two OneCore maps, and tell Interfy support.",
        found,
    )


def _by_words(parties: list[Party]) -> dict[tuple[str, ...], list[Party]]:
    """Active records by the words of their name, without legal forms."""
    found: dict[tuple[str, ...], list[Party]] = defaultdict(list)
    for one in parties:
        forms = name_forms(_SIDE.sub("", one.name) or one.name) if one.active else ()
        # A name with a trading name is two names; only one that is plainly one can be compared.
        if len(forms) == 1:
            found[forms[0].words].append(one)
    return found


REQUIREMENT = risk(
    "both-sides",
    250,
    "No company is both a supplier and a customer",
    "supplier and customer",
    why="OneCore maps one Procore company to a QuickBooks supplier or to a customer, not to both: "
    "the other side's transactions find nobody.",
    who=Role.QBO_ADMIN,
    steps=(
        "Look at the pairs, and say for each whether it is billed by you or bills you.",
        "Tell Interfy support before the hand-off; both can stay in QuickBooks.",
    ),
    needs=NEEDS,
    check=check,
    known_by="Names are compared over active Procore companies, QuickBooks suppliers and top-level "
    'customers, without legal forms and without a word like "(supplier)" behind them.',
)
