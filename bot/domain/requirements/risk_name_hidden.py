"""No Procore company bears the name of an inactive QuickBooks record (rule N2)."""

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.facets import CUSTOMERS, EMPLOYEES, SUPPLIERS, VENDORS
from bot.domain.findings import met, plural, unmet
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.records import Party
from bot.domain.reviewed import as_displayed
from bot.domain.risk import by_name, companies, missing, risk, value

NEEDS = (VENDORS, SUPPLIERS, CUSTOMERS, EMPLOYEES)
KINDS = {SUPPLIERS.name: "supplier", CUSTOMERS.name: "customer", EMPLOYEES.name: "employee"}


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Look for names that only inactive records hold, and for suppliers that differ in spaces."""
    unknown = missing(snapshot, NEEDS)
    if unknown is not None:
        return unknown
    holders = {
        KINDS[facet.name]: by_name(value(snapshot, facet))
        for facet in (SUPPLIERS, CUSTOMERS, EMPLOYEES)
    }
    looked = companies(value(snapshot, VENDORS))
    found = [row for one in looked for row in _hidden(one, holders)]
    if not found:
        return met(
            "No inactive QuickBooks record holds a Procore company's name, and no spaces "
            "make two names of one."
        )
    return unmet(
        f"{plural(len(found), 'Procore company runs', 'Procore companies run')} into an inactive "
        f'or differently spaced name in QuickBooks, e.g. "{found[0].subject}"',
        "Make the inactive record active again, or give it another name; put the spaces right.",
        found,
    )


def _hidden(one: Party, holders: Mapping[str, Mapping[str, Sequence[Party]]]) -> Iterator[Evidence]:
    key = as_displayed(one.name)
    named = [(kind, party) for kind, names in holders.items() for party in names.get(key, ())]
    if not named:
        return
    active = [(kind, party) for kind, party in named if party.active]
    if not active:
        kind, party = named[0]
        yield Evidence(
            one.name, f'An inactive QuickBooks {kind} holds the name "{party.name}".', ref=one.id
        )
    elif all(_spaces_apart(one.name, party.name) for _, party in active):
        kind, party = active[0]
        detail = f'The QuickBooks {kind} "{party.name}" differs in its spaces only.'
        yield Evidence(one.name, detail, ref=one.id)


def _spaces_apart(name: str, other: str) -> bool:
    """Whether two names that are equal but for case and spaces differ in the spaces."""
    return name.strip().casefold() != other.strip().casefold()


REQUIREMENT = risk(
    "name-hidden",
    220,
    "No name is held by an inactive record or differs in spaces only",
    "hidden names",
    why="An inactive QuickBooks record keeps its name, and lists don't show it: creating a "
    "supplier of that name fails with error 6240 and nobody sees why. QuickBooks takes names "
    "that differ in spaces for one name, OneCore's mapping doesn't.",
    who=Role.QBO_ADMIN,
    steps=(
        "In QuickBooks, open the list and switch on Include inactive (the gear above it).",
        "Make the record active and use it, or rename it.",
        "Where only spaces differ, write the name alike in both systems.",
    ),
    needs=NEEDS,
    check=check,
    known_by="The names of active Procore companies are compared with all of QuickBooks' "
    "suppliers, customers and employees, also the inactive ones.",
)
