"""Each Procore company's state belongs to its country (rule N7)."""

from bot.domain.facets import VENDORS
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.records import Party
from bot.domain.risk import judge_companies, risk

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
    return judge_companies(
        snapshot,
        _contradiction,
        "No state of {looked} contradicts its country.",
        "a state that isn't in its country",
        "Correct the state or the country in Procore.",
    )


def _contradiction(one: Party) -> str:
    state, country = one.address.state, one.address.country
    states = STATES.get(country.upper())
    if states is None or not state or state.upper() in states.split():
        return ""
    return f"{state} in {country}"


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
