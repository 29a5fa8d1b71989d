"""Nothing stands in the way of merging QuickBooks' duplicate customers (rules Q1 and Q2)."""

from bot.domain.duplicates_finding import SHOWN
from bot.domain.facets import CUSTOMERS
from bot.domain.findings import met, plural, unmet
from bot.domain.matching.duplicates import find_duplicates
from bot.domain.model import (
    CheckContext,
    Evidence,
    Finding,
    Role,
    Snapshot,
    System,
)
from bot.domain.reviewed import Reviewed
from bot.domain.risk import missing, risk, value


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Look for sub-customers and projects below the records of each group."""
    unread = missing(snapshot, (CUSTOMERS,))
    if unread is not None:
        return unread
    parties = value(snapshot, CUSTOMERS)
    reviewed = context.reviewed.get(System.QBO, Reviewed())
    groups = find_duplicates(parties, dismissed=reviewed.apart(parties)).in_bands(*SHOWN)
    by_id = {party.id: party for party in parties}
    found = [
        Evidence(by_id[i].name, "; ".join(by_id[i].blockers), ref=i)
        for group in groups
        for i in group.ids
        if by_id[i].blockers
    ]
    if not found:
        return met("Nothing stands in the way of merging duplicate QuickBooks customers.")
    return unmet(
        f"{plural(len(found), 'duplicate customer has', 'duplicate customers have')} "
        f'sub-customers or projects, which QuickBooks doesn\'t merge, e.g. "{found[0].subject}"',
        "Move the sub-customers and projects below the record to keep first. A merge can't be "
        "undone.",
        found,
    )


REQUIREMENT = risk(
    "merge-qbo",
    520,
    "Nothing stands in the way of merging duplicate QuickBooks customers",
    "QuickBooks merges",
    why="QuickBooks refuses to merge a customer that has sub-customers or projects, and a merge "
    "is permanent: what was merged away goes inactive and keeps its name.",
    who=Role.QBO_ADMIN,
    steps=(
        "Press Review at the duplicate customers to see the groups and which record to keep.",
        "Open each sub-customer or project of the other records and change what it belongs to.",
        "Merge then, by giving one the other's name.",
    ),
    needs=(CUSTOMERS,),
    check=check,
    known_by="Each record of a group of likely duplicates is looked up as a parent.",
)
