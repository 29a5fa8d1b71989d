"""No Procore company bears the name of a QuickBooks customer or employee (rule N1)."""

from collections.abc import Mapping

from bot.domain.facets import CUSTOMERS, EMPLOYEES, SUPPLIERS, VENDORS
from bot.domain.findings import met, plural, unmet
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.records import Party
from bot.domain.reviewed import as_displayed
from bot.domain.risk import by_name, companies, missing, risk, value

NEEDS = (VENDORS, SUPPLIERS, CUSTOMERS, EMPLOYEES)


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Compare the names of both systems; who has a supplier of that name needs no new one."""
    unknown = missing(snapshot, NEEDS)
    if unknown is not None:
        return unknown
    suppliers = by_name(value(snapshot, SUPPLIERS))
    holders = {
        "customer": by_name(one for one in value(snapshot, CUSTOMERS) if one.active),
        "employee": by_name(one for one in value(snapshot, EMPLOYEES) if one.active),
    }
    looked = companies(value(snapshot, VENDORS))
    found = [
        Evidence(one.name, _said(kinds), ref=one.id)
        for one in looked
        if (key := as_displayed(one.name)) not in suppliers
        if (kinds := {kind: named[key][0] for kind, named in holders.items() if key in named})
    ]
    if not found:
        return met(
            f"No name of {plural(len(looked), 'Procore company', 'Procore companies')} is "
            "taken by a QuickBooks customer or employee."
        )
    return unmet(
        f"{plural(len(found), 'Procore company has', 'Procore companies have')} the name of a "
        f'QuickBooks customer or employee, e.g. "{found[0].subject}"',
        "Rename the supplier-to-be or the customer, for example with (supplier) behind it.",
        found,
    )


def _said(holders: Mapping[str, Party]) -> str:
    names = [f'A QuickBooks {kind} is called "{one.name}".' for kind, one in holders.items()]
    return " ".join(names)


REQUIREMENT = risk(
    "name-taken",
    210,
    "No supplier's name is taken by a customer or an employee",
    "names taken",
    why="QuickBooks gives a name once over customers, suppliers and employees. A supplier that "
    "OneCore has to create under a taken name fails with error 6240, and its bills wait.",
    who=Role.QBO_ADMIN,
    steps=(
        "Decide which record keeps the plain name.",
        'In QuickBooks, open the other and add a word to its display name, e.g. "(customer)".',
    ),
    needs=NEEDS,
    check=check,
    known_by="The names of active Procore companies without a QuickBooks supplier are compared "
    "with those of active customers and employees.",
)
