"""No Procore company's name is longer than QuickBooks takes (rule N4)."""

from bot.domain.facets import VENDORS
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.records import Party
from bot.domain.risk import judge_companies, risk

LONGEST = 100
"""Characters of a supplier's display name, by what connectors' vendors document (Zed Systems)."""


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Measure each name."""
    return judge_companies(
        snapshot,
        _too_long,
        f"No name of {{looked}} is longer than {LONGEST} characters.",
        f"a name of more than {LONGEST} characters",
        "Shorten the name in Procore, so that both systems show the same.",
    )


def _too_long(one: Party) -> str:
    return f"{len(one.name):,} characters" if len(one.name) > LONGEST else ""


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
