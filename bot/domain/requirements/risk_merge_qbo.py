"""Nothing stands in the way of merging QuickBooks' duplicate customers (rules Q1 and Q2)."""

from bot.domain.facets import CUSTOMERS
from bot.domain.findings import met, plural, unmet
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.risk import blocked, merge_groups, risk


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Look for sub-customers and projects below the records of each group."""
    groups = merge_groups(snapshot, context, CUSTOMERS)
    if isinstance(groups, Finding):
        return groups
    found = blocked(one for group in groups for one in group)
    if not found:
        return met("Nothing stands in the way of merging duplicate QuickBooks customers.")
    return unmet(
        f"{plural(len(found), 'duplicate customer has', 'duplicate customers have')} "
        f'sub-customers or projects, which QuickBooks doesn\'t merge, e.g. "{found[0].subject}"',
        "Move the sub-customers and projects below a customer that stays out of it first, also "
        "those of the record to keep. A merge can't be undone.",
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
        "Open the sub-customers and projects of either record and change what they belong to.",
        "Merge then, by giving one the other's name, and move them below the record that is left.",
    ),
    needs=(CUSTOMERS,),
    check=check,
    known_by="Each record of a group of likely duplicates is looked up as a parent.",
)
