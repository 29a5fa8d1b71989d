"""The run's Slack and its customers: made before the day begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.customer import CardRef, Channel, NewCustomer
from bot.domain.reminders import at_local, next_due
from bot.storage.store import SqlStore, SqlTransaction
from bot.workdays import holidays_of
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.world import SlackWorld

BOT, SUPPORT = "U0BOT", "C0SUPPORT"
PEOPLE = ("U0ANN", "U0BEN", "U0CAL")
DAY = date(2026, 11, 23)
"""A Monday that is no holiday in any of the five."""
ZONES = (
    ("Pacific/Auckland", "NZ"),
    ("Australia/Sydney", "AU-NSW"),
    ("Australia/Perth", "AU-WA"),
    ("Europe/London", "GB-ENG"),
    ("America/Los_Angeles", "US-CA"),
)
NINE = time(9)


@dataclass(frozen=True, slots=True)
class Town:
    """Who there is: customers by zone, and which of them are in order."""

    zones: tuple[tuple[int, ...], ...]
    ready: frozenset[int]

    @property
    def everybody(self) -> Sequence[int]:
        return [one for zone in self.zones for one in zone]

    @staticmethod
    def channel(customer: int) -> str:
        return f"C{customer:06d}"


def make_town(customers: int, ready: int, zones: int = len(ZONES)) -> Town:
    """``customers`` with something open and ``ready`` in order, spread over the zones."""
    numbers = range(1, customers + ready + 1)
    in_order = frozenset(numbers[customers:])
    return Town(tuple(tuple(numbers[z::zones]) for z in range(zones)), in_order)


def nine(zone: int) -> datetime:
    """The moment at which a zone's reminders are due."""
    return at_local(DAY, NINE, ZONES[zone][0])


def make_slack(town: Town) -> SlackWorld:
    """A channel for each customer, shared with three people of another workspace."""
    members = [BOT, *PEOPLE]
    channels = [
        {"id": town.channel(n), "name": f"ext-{n}", "shared_with": ["T0THEM"], "members": members}
        for n in town.everybody
    ]
    support = {"id": SUPPORT, "name": "support", "members": [BOT, "U0SAM"]}
    people = [{"id": p, "name": p.lower(), "real_name": p, "team": "T0THEM"} for p in PEOPLE]
    staff = {"id": "U0SAM", "name": "sam", "real_name": "Sam", "team": "T0HOME"}
    return SlackWorld.model_validate(
        {
            "home": {"id": "T0HOME", "name": "Home", "domain": "home"},
            "app": {"id": "A0BOT", "name": "OneCore", "bot_user": BOT, "bot_id": "B0BOT"},
            "teams": [{"id": "T0THEM", "name": "Them", "domain": "them"}],
            "users": [staff, *people],
            "channels": [support, *channels],
        }
    )


async def settle(town: Town, store: SqlStore, slack: SlackServer, cards: int = 10) -> None:
    """Write the customers as if they had been there for days; one in ``cards`` has a card."""
    before = nine(0) - timedelta(days=3)
    async with store.transaction() as tx:
        for number in sorted(town.everybody):
            zone = next(z for z, numbers in enumerate(town.zones) if number in numbers)
            await _settle(tx, number, zone, before)
            if number % cards == 0:
                channel = slack.state.channel(town.channel(number))
                card = slack.post_as_bot(channel, {"text": "card"})
                await tx.cards.put(CardRef(number, channel.id, card.ts))


async def _settle(tx: SqlTransaction, number: int, zone: int, at: datetime) -> None:
    timezone, region = ZONES[zone]
    new = NewCustomer(f"c{number}", f"Customer {number}", timezone, region)
    customer = await tx.customers.add(new, at)
    assert customer.id == number, "a fresh database numbers from one"
    midnight = datetime.combine(DAY, time(0), ZoneInfo(timezone))
    due = next_due(customer, midnight, holidays_of(region))
    await tx.customers.save(replace(customer, next_reminder_at=due))
    await tx.customers.link(Channel(Town.channel(number), customer.id))
