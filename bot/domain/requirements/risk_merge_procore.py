"""Nothing stands in the way of merging Procore's duplicate companies (rules P1 and P2)."""

from bot.domain.facets import VENDORS
from bot.domain.findings import met, plural, unknown, unmet
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.risk import blocked, merge_groups, risk


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Look at the records that a merge would take away; tenders and contracts can't be seen."""
    groups = merge_groups(snapshot, context, VENDORS)
    if isinstance(groups, Finding):
        return groups
    if not groups:
        return met("No Procore companies have to be merged.")
    # One record of a group is kept, so one with a link is no obstacle; two of them are.
    held = [links for group in groups if len(links := blocked(group)) > 1]
    if held:
        found = [one for links in held for one in links]
        return unmet(
            f"{plural(len(held), 'group')} of duplicate Procore companies can't be merged as "
            f'{"it stands" if len(held) == 1 else "they stand"}, e.g. "{found[0].subject}"',
            "Unlink all but the record to keep, from the network or from the accounting system, "
            "before you merge. A merge can't be undone.",
            found,
        )
    return unknown(
        f"{plural(len(groups), 'group')} of Procore companies can be merged as far as I see.",
        "Procore also refuses where both are on one tender or have approved contracts that are "
        "locked; its API doesn't show me that.",
    )


REQUIREMENT = risk(
    "merge-procore",
    510,
    "Nothing stands in the way of merging duplicate Procore companies",
    "Procore merges",
    why="A Procore merge is permanent. A connected company must be the one that is kept, and a "
    "synced one loses its link, so two such records in one group stop the clean-up.",
    who=Role.PROCORE_ADMIN,
    steps=(
        "Press Review at the duplicate vendors to see the groups and which record to keep.",
        "Clear what stands in the way, then merge under Directory > Settings > Merge Companies.",
    ),
    needs=(VENDORS,),
    check=check,
    known_by="Connection and accounting link of each record in a group of likely duplicates.",
)
