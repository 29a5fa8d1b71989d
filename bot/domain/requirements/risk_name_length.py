"""No Procore company's name is longer than QuickBooks takes (rule N4)."""

from bot.domain.facets import VENDORS
from bot.domain.findings import plural, unknown
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot, Verdict
from bot.domain.records import Party
from bot.domain.risk import companies, judge_companies, risk, value

LONGEST = 100
"""Characters of a supplier's display name, by what connectors' vendors document (Zed Systems)."""
COMPANY = 50
"""Characters of a supplier's company name, by the same source and by Intuit's guide to imports."""
SCOPE = (
    "Covers companies' names. I read no invoices, so numbers of more than 21 characters, which "
    "QuickBooks refuses too, can't be seen."
)


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Measure each name; what OneCore writes into the company's field nobody can see beforehand."""
    found = judge_companies(
        snapshot,
        _too_long,
        f"No name of {{looked}} is longer than {COMPANY} characters.",
        f"a name of more than {LONGEST} characters",
        "Shorten the name in Procore, so that both systems show the same.",
        scope=SCOPE,
    )
    if found.verdict is not Verdict.MET:
        return found
    long = [one for one in companies(value(snapshot, VENDORS)) if len(one.name) > COMPANY]
    if not long:
        return found
    have = plural(len(long), "Procore company has", "Procore companies have")
    return unknown(
        f"{have} a name of {COMPANY + 1} to {LONGEST} characters: it fits as QuickBooks' display "
        f"name, and is too long for its company field, should OneCore fill that one.",
        "Ask Interfy support whether OneCore fills the company field; if so, shorten the name.",
        [Evidence(one.name, f"{len(one.name)} characters", ref=one.id) for one in long],
        scope=SCOPE,
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
    known_by=f"Names of active Procore companies: more than {LONGEST} characters are too many for "
    f"the display name, more than {COMPANY} for the company field, if that is filled. Document "
    "numbers (21) can't be seen, because no transactions are read.",
)
