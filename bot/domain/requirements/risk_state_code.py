"""Each Procore company's state belongs to its country (rule N7)."""

from bot.domain.facets import VENDORS
from bot.domain.findings import met, plural, unmet
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.records import Address
from bot.domain.risk import companies, missing, risk, value

STATES = {
    "AU": "ACT NSW NT QLD SA TAS VIC WA",
    "CA": "AB BC MB NB NL NS NT NU ON PE QC SK YT",
    "US": (
        "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
        "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI"
    ),
}
"""ISO 3166-2's codes; the states of other countries are not judged."""


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Compare state and country, where both are there and the country's states are known."""
    unread = missing(snapshot, (VENDORS,))
    if unread is not None:
        return unread
    looked = companies(value(snapshot, VENDORS))
    found = [
        Evidence(one.name, f"{one.address.state} in {one.address.country}", ref=one.id)
        for one in looked
        if _contradicts(one.address)
    ]
    if not found:
        return met(
            f"No state of {plural(len(looked), 'Procore company', 'Procore companies')} "
            "contradicts its country."
        )
    return unmet(
        f"{plural(len(found), 'Procore company has', 'Procore companies have')} a state that "
        f'isn\'t in its country, e.g. "{found[0].subject}"',
        "Correct the state or the country in Procore.",
        found,
    )


def _contradicts(address: Address) -> bool:
    states = STATES.get(address.country.upper())
    if states is None or not address.state:
        return False
    return address.state.upper() not in states.split()


REQUIREMENT = risk(
    "state-code",
    260,
    "Each company's state is in its country",
    "states",
    why="A state that isn't in the country stops the company's transfer: invalid state code.",
    who=Role.PROCORE_ADMIN,
    steps=("In Procore, open the company in the Directory and correct its address.",),
    needs=(VENDORS,),
    check=check,
    known_by="State and country of active Procore companies in Australia, Canada and the US.",
)
