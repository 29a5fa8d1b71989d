"""The day's world: two dozen customers, each with a channel, one of its own people and one of ours.

Their Procore and QuickBooks companies are copies of three of the demo world's, by turns: one with a
bit of everything wrong, one in order, and one that is hard to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from integrations.sandbox.slack.world import SlackChannel, SlackUser
from integrations.sandbox.world.loader import load_demo
from integrations.sandbox.world.model import Customer, World

COMPANIES = ("acme", "bondi", "cairns")
FIRST_COMPANY, FIRST_REALM = 70_000, 4_620_816_365_100_000_000
IN_ORDER = "bondi"


@dataclass(frozen=True, slots=True)
class Place:
    """One customer's channel. ``company`` is the demo customer whose systems it has."""

    number: int
    company: str

    @property
    def name(self) -> str:
        """A name that occurs nowhere else, so that a leak of it is found."""
        return f"Quandong {self.number:02d} Builders"

    @property
    def slug(self) -> str:
        """The customer's slug."""
        return f"quandong-{self.number:02d}"

    @property
    def channel(self) -> str:
        """The shared channel's id."""
        return f"C0DAY{self.number:02d}"

    @property
    def staff(self) -> str:
        """Somebody of Interfy's."""
        return f"U0STAFF{self.number:02d}"

    @property
    def outsider(self) -> str:
        """Somebody of the customer's."""
        return f"U0THEIRS{self.number:02d}"

    @property
    def procore_company(self) -> int:
        """The id of its Procore company."""
        return FIRST_COMPANY + self.number

    @property
    def qbo_realm(self) -> str:
        """The realm of its QuickBooks company."""
        return str(FIRST_REALM + self.number)

    @property
    def in_order(self) -> bool:
        """Whether nothing is left to do there."""
        return self.company == IN_ORDER


def make_places(number: int) -> Sequence[Place]:
    """So many customers."""
    return [Place(one, COMPANIES[one % len(COMPANIES)]) for one in range(number)]


def make_world(places: Sequence[Place]) -> World:
    """The stand-ins' world with these customers in it and no others."""
    world = load_demo().model_copy(deep=True)
    known = {one.slug: one for one in world.customers}
    companies = {one.id: one for one in world.procore.companies}
    books = {one.realm_id: one for one in world.qbo.companies}
    world.procore.companies = [
        companies[known[place.company].procore_company or 0].model_copy(
            update={"id": place.procore_company, "name": place.name}
        )
        for place in places
    ]
    world.qbo.companies = [
        books[known[place.company].qbo_realm or ""].model_copy(
            update={"realm_id": place.qbo_realm, "name": place.name}
        )
        for place in places
    ]
    slack = world.slack
    home, team_of = slack.home.id, {user.id: user.team for user in slack.users}
    for place in places:
        theirs = team_of[known[place.company].owner or ""]
        name = f"p{place.number}"
        slack.users += [
            SlackUser(id=place.staff, name=f"s{name}", real_name=f"Staff {name}", team=home),
            SlackUser(id=place.outsider, name=f"o{name}", real_name=f"Guest {name}", team=theirs),
        ]
        slack.usergroups[0].users.append(place.staff)
        members = [slack.app.bot_user, place.staff, place.outsider]
        slack.channels.append(
            SlackChannel(
                id=place.channel, name=f"ext-{name}", shared_with=[theirs], members=members
            )
        )
    support = next(one for one in slack.channels if "support" in one.name)
    support.members += [place.staff for place in places]
    world.customers = [_customer(place, known[place.company]) for place in places]
    return World.model_validate(world.model_dump())


def _customer(place: Place, like: Customer) -> Customer:
    changed = {
        "slug": place.slug,
        "name": place.name,
        "channel": place.channel,
        "procore_company": place.procore_company,
        "qbo_realm": place.qbo_realm,
        "owner": place.outsider,
        "timezone": "Australia/Sydney",
        "region": "NSW",
    }
    return like.model_copy(update=changed)
