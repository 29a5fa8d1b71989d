"""No Procore company has a character in its name that QuickBooks refuses (rule N3)."""

from bot.domain.facets import VENDORS
from bot.domain.findings import listing
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.records import Party
from bot.domain.risk import judge_companies, risk

FORBIDDEN = {":": "a colon", "\t": "a tab", "\n": "a line break", "\r": "a line break"}


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Look at each character of each name; blanks at its ends are cut by everybody."""
    return judge_companies(
        snapshot,
        _refused,
        "The names of {looked} hold no character that QuickBooks refuses.",
        "a colon, tab or line break in the name",
        "Take the character out of the name in Procore.",
    )


def _refused(one: Party) -> str:
    words = {word for sign, word in FORBIDDEN.items() if sign in one.name.strip()}
    return f"The name holds {listing(sorted(words))}." if words else ""


REQUIREMENT = risk(
    "name-characters",
    230,
    "No company's name holds a colon, a tab or a line break",
    "characters in names",
    why="QuickBooks reads a colon as parent:child and refuses it, tabs and line breaks in a name "
    "(error 2040, Invalid String), so OneCore can't create that supplier.",
    who=Role.PROCORE_ADMIN,
    steps=("In Procore, open the company in the Directory and correct its name.",),
    needs=(VENDORS,),
    check=check,
    known_by="Each active Procore company's name is looked at.",
)
