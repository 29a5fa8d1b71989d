"""No Procore company's name is longer than QuickBooks takes (rule N4)."""

from bot.domain.facets import VENDORS
from bot.domain.findings import met, plural, unmet
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.risk import companies, missing, risk, value

LONGEST = 100
"""Characters of a supplier's display name, by what connectors' vendors document (Zed Systems)."""


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Measure each name."""
    unread = missing(snapshot, (VENDORS,))
    if unread is not None:
        return unread
    looked = companies(value(snapshot, VENDORS))
    found = [
        Evidence(one.name, f"{len(one.name):,} characters", ref=one.id)
        for one in looked
        if len(one.name) > LONGEST
    ]
    if not found:
        return met(
            f"No name of {plural(len(looked), 'Procore company', 'Procore companies')} is longer "
            f"than {LONGEST} characters."
        )
    return unmet(
        f"{plural(len(found), 'Procore company has', 'Procore companies have')} a name of more "
        f"than {LONGEST} characters.",
        "Shorten the name in Procore, so that both systems show the same.",
        found,
    )


REQUIREMENT = risk(
    "name-length",
    240,
    "No company's name is longer than QuickBooks takes",
    "length of names",
    why="QuickBooks refuses or cuts longer names. A name that was cut matches nothing any more.",
    who=Role.PROCORE_ADMIN,
    steps=("In Procore, open the company in the Directory and shorten its name.",),
    needs=(VENDORS,),
    check=check,
    known_by=f"Names of active Procore companies of more than {LONGEST} characters.",
)
