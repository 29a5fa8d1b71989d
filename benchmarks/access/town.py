"""Two customers, everybody who might act, and every channel in which they might.

Everything that is known about a customer carries its marker: a word that stands nowhere else.
Wherever the word is shown to somebody who is not entitled to that customer, something has leaked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.shared.source import MadeSource
from bot.domain import facets
from bot.domain.model import Facet, Present, Snapshot
from bot.domain.records import Accounts, Party
from bot.services.ports import Clock
from tests.fakes.facts import account, code, codes, healthy

HOME, ACME_TEAM, BONDI_TEAM, EVES_TEAM = "T0INTERFY", "T0ACME", "T0BONDI", "T0EVE"
BOT = "U0ONECORE"
MARKERS = {1: "Zebrafinch", 2: "Quokkamoss"}
"""Their names, which people may also type: so their data has another word besides."""
SECRETS = {1: "Zqfact", 2: "Qxfact"}
SLUGS = {1: "zebrafinch", 2: "quokkamoss"}
GROUP = "S0SUPPORT"
SUPPORT = "C0SUPPORT"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts; ``kind`` is what the claim calls them."""

    id: str
    kind: str
    team: str = HOME
    guest: bool = False
    bot: bool = False
    of: int = 0
    """The customer whose channel they are in, 0 for none."""

    @property
    def is_staff(self) -> bool:
        """Whether they are Interfy's support staff."""
        return self.kind == "staff"


PEOPLE = {
    one.id: one
    for one in (
        Person("U0SAM", "staff"),
        Person("U0PRIYA", "staff"),
        Person("U0GUEST", "guest of home", guest=True, of=1),
        Person("U0COLLEAGUE", "colleague outside the staff group"),
        Person("U0DANA", "customer's person", ACME_TEAM, of=1),
        Person("U0BOB", "other customer's person", BONDI_TEAM, of=2),
        Person("U0EVE", "stranger", EVES_TEAM),
        Person("U0ROBO", "bot", bot=True, of=1),
    )
}
STAFF = frozenset(one.id for one in PEOPLE.values() if one.is_staff)
CHANNELS: dict[str, frozenset[str]] = {
    "C0ACME": STAFF | {"U0GUEST", "U0DANA", "U0ROBO"},
    "G0ACMETOO": STAFF | {"U0DANA", "U0ROBO"},
    "C0BONDI": STAFF | {"U0BOB"},
    "C0OPEN": STAFF | {"U0EVE", "U0DANA", "U0COLLEAGUE", "U0ROBO"},
    SUPPORT: STAFF,
} | {f"D0{person}": frozenset({person}) for person in PEOPLE}
LINKED = {"C0ACME": 1, "G0ACMETOO": 1, "C0BONDI": 2}


def places_of(person: Person) -> list[str]:
    """The channels in which somebody can act; "" is the Home tab."""
    return [channel for channel, people in CHANNELS.items() if person.id in people] + [""]


def entitled(person_id: str, customer_id: int) -> bool:
    """Whether somebody may read about a customer."""
    person = PEOPLE.get(person_id)
    return person is not None and (person.is_staff or person.of == customer_id)


def profile(person_id: str) -> dict[str, object] | None:
    """Somebody as ``users.info`` shows them; None for an unknown one."""
    if person_id == BOT:
        return {"id": BOT, "team_id": HOME, "is_bot": True, "profile": {"real_name": "OneCore"}}
    person = PEOPLE.get(person_id)
    if person is None:
        return None
    name = f"{person.id} {SECRETS.get(person.of, '')}"
    return {
        "id": person.id,
        "team_id": person.team,
        "is_bot": person.bot,
        "is_restricted": person.guest,
        "profile": {"real_name": name, "team": person.team},
    }


def facts_of(customer_id: int) -> Mapping[Facet[object], object]:
    """A customer with something to match, something doubled, and its marker on every row."""
    mark = SECRETS.get(customer_id, "Nobody")
    chart = (account("03-300", f"{mark} Footings"), account("5000", f"{mark} Painting works"))
    return healthy() | {
        facets.COST_CODES: codes(
            code("03-300", f"{mark} Footings"),
            code("09-900", f"{mark} Painting"),
            code("26-100", f"{mark} Switchboards"),
        ),
        facets.ACCOUNTS: Accounts(chart),
        facets.VENDORS: _doubled(mark),
        facets.CUSTOMERS: _doubled(mark),
    }


def _doubled(mark: str) -> tuple[Party, ...]:
    return (
        Party("1", f"{mark} Plumbing Pty Ltd"),
        Party("2", f"{mark} Plumbing P/L"),
        Party("3", f"Harbour Steel {mark}"),
    )


@dataclass(frozen=True)
class MarkedSource(MadeSource):
    """``ports.SnapshotSource``: each customer's facts with its marker."""

    clock: Clock

    async def made(self, customer_id: int, wanted: Sequence[Facet[object]]) -> Snapshot:
        """The facts."""
        facts, now = facts_of(customer_id), self.clock.now()
        return Snapshot({one.name: Present(facts[one], now) for one in wanted})
