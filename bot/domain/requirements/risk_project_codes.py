"""Projects use the standard cost codes only (rule C7)."""

from bot.domain.facets import COST_CODES
from bot.domain.findings import unknown
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.risk import missing, risk


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Each project's own codes would take a read per project, so nobody looks."""
    unread = missing(snapshot, (COST_CODES,))
    if unread is not None:
        return unread
    return unknown(
        "I read the company's standard cost codes, not those that a project has of its own.",
        "Ask who sets up projects: codes that were added in one project are not in the mapping.",
        scope="Covers no project: it would take one call to Procore for each of them.",
    )


REQUIREMENT = risk(
    "project-codes",
    550,
    "Projects use the company's standard cost codes",
    "project codes",
    why="The standard mapping reaches projects on the standard set only; a code that one project "
    "added itself is unmapped when its first bill comes.",
    who=Role.PROCORE_ADMIN,
    steps=("In Procore, open a project's Admin > Work Breakdown Structure and compare the codes.",),
    needs=(COST_CODES,),
    check=check,
    known_by="It isn't: the codes of each project would take a call each.",
)
