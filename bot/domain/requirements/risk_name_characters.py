"""No Procore company has a character in its name that QuickBooks refuses (rule N3)."""

from bot.domain.facets import VENDORS
from bot.domain.findings import listing, met, plural, unmet
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.risk import companies, missing, risk, value

FORBIDDEN = {":": "a colon", "\t": "a tab", "\n": "a line break", "\r": "a line break"}


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Look at each character of each name; blanks at its ends are cut by everybody."""
    unknown = missing(snapshot, (VENDORS,))
    if unknown is not None:
        return unknown
    looked = companies(value(snapshot, VENDORS))
    found = [
        Evidence(" ".join(one.name.split()), f"The name holds {_named(one.name)}.", ref=one.id)
        for one in looked
        if _named(one.name)
    ]
    if not found:
        return met(
            f"The names of {plural(len(looked), 'Procore company', 'Procore companies')} hold no "
            "character that QuickBooks refuses."
        )
    return unmet(
        f"{plural(len(found), 'Procore company has', 'Procore companies have')} a colon, tab or "
        f'line break in the name, e.g. "{found[0].subject}"',
        "Take the character out of the name in Procore.",
        found,
    )


def _named(name: str) -> str:
    words = {word for sign, word in FORBIDDEN.items() if sign in name.strip()}
    return listing(sorted(words))


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
