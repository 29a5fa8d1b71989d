"""The real Bolt app over real services and a real SQLite; only Slack's wire is missing."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.access.acts import Act
from benchmarks.access.installed import make_others
from benchmarks.access.judge import Outcome
from benchmarks.access.slack import MemorySlack
from benchmarks.access.town import GROUP, LINKED, MARKERS, SECRETS, SUPPORT, MarkedSource
from bot.domain.model import SupportIdentity
from bot.services.hub import Outside, Services, Signing, make_services
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from handlers import SlackApp, SlackConfig, build_slack_app
from handlers.board import CardBoard
from handlers.poster import SlackMessenger
from tests.fakes.clock import FakeClock, no_holidays
from tests.fakes.gateway import FakeGateway
from tests.fakes.store import KEY, begun, database_of, make_store, make_store_in_a_file

NOTED = """
CREATE TRIGGER noted_{event}_{table} AFTER {event} ON "{table}" BEGIN
    INSERT INTO noted VALUES ('{table}', {customer}, {action});
END
"""
BETWEEN_S = 11
"""World seconds between two acts, longer than any cool-down."""


async def quiet() -> None:
    """Until this is the only task left."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


async def _no_wait(_seconds: float) -> None:
    """A pause that lasts no time."""


@dataclass
class Bot:
    """The bot of a town, and the Slack that its people sit at."""

    app: SlackApp
    services: Services
    slack: MemorySlack
    clock: FakeClock
    board: CardBoard
    client: AsyncWebClient


@dataclass
class Rig:
    """A bot, and what is noted of everything that it does."""

    bot: Bot
    database: sqlite3.Connection
    start: bytes

    async def do(self, act: Act, times: int = 1) -> list[Outcome]:
        """Deliver one act so often, wait for all that follows, and put the store back."""
        self.bot.clock.move(seconds=BETWEEN_S)
        self.bot.slack.acting = act.who.id
        outcomes = [await self._deliver(act) for _ in range(times)]
        if any(one.changed for one in outcomes):
            self.database.deserialize(self.start)
        return outcomes

    async def _deliver(self, act: Act) -> Outcome:
        self.bot.slack.shown.clear()
        request = AsyncBoltRequest(body=act.body, mode="socket_mode")
        answer = await self.bot.app.async_dispatch(request)
        await self._settle()
        changed = frozenset(self.database.execute("SELECT DISTINCT * FROM noted"))
        if changed:
            self.database.execute("DELETE FROM noted")
        body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        options = body.casefold() if '"options": [{' in body else ""
        return Outcome(tuple(self.bot.slack.shown), changed, answer.status, options)

    async def _settle(self) -> None:
        """Until nothing goes on any more: Bolt runs a listener after it has answered."""
        await quiet()
        if self.database.execute("SELECT 1 FROM noted WHERE name = 'outbox'").fetchone():
            await self.bot.services.sender.pump()
            await quiet()


@asynccontextmanager
async def running() -> AsyncIterator[Rig]:
    """A bot with two customers about whom much is known, in memory."""
    async with make_store(await begun("the town", _settle_in)) as store:
        bot, database = await _make_bot(store), await database_of(store)
        _note_changes(database)
        yield Rig(bot, database, database.serialize())


@asynccontextmanager
async def running_on_disk(signing_secret: str) -> AsyncIterator[Bot]:
    """The same bot as it is deployed: what it stores takes no memory."""
    async with make_store_in_a_file(await begun("the town", _settle_in)) as (store, _):
        yield await _make_bot(store, signing_secret)


async def _make_bot(store: SqlStore, signing_secret: str = "") -> Bot:
    slack, clock, support = MemorySlack(), FakeClock(), SupportIdentity()
    client = AsyncWebClient("xoxb-access", session=slack)  # type: ignore[arg-type]
    board = CardBoard(client, store, clock, support, pause=_no_wait)
    services = make_services(
        Outside(
            store=store,
            source=MarkedSource(clock),
            messenger=SlackMessenger(client, store, support),
            board=board,
            clock=clock,
            holidays_of=lambda _region: no_holidays,
            support=support,
            support_channel=SUPPORT,
            owner="access",
            signing=Signing(FakeGateway(), Vault(KEY), "https://onboard.example"),
        )
    )
    config = SlackConfig(
        bot_token="xoxb-access",
        signing_secret=signing_secret,
        support_channel_id=SUPPORT,
        staff_usergroup_id=GROUP,
    )
    others = await make_others(store, slack, clock, clock.now())
    app = build_slack_app(config, services, client=client, others=others)
    return Bot(app, services, slack, clock, board, client)


async def _settle_in(store: SqlStore) -> None:
    """Both customers, as far as they get in a week: checked, decided upon, with a history."""
    bot = await _make_bot(store)
    services, client = bot.services, bot.client
    for customer_id, marker in MARKERS.items():
        made = await services.customers.create(marker, "U0SAM")
        assert made.id == customer_id
        for channel, owner in LINKED.items():
            if owner == customer_id:
                await services.customers.link(made.slug, channel, "", "U0SAM")
        await services.checks.run(customer_id, None, "U0SAM")
        decide, why = services.decisions, f"{SECRETS[customer_id]} why"
        await decide.waive(customer_id, "procore-support-user", "U0SAM", why, None)
        await decide.attest(
            customer_id, "qbo-support-user", "U0DANA", f"{SECRETS[customer_id]} note"
        )
        await decide.assign(customer_id, "cost-code-coverage", "U0SAM", "U0DANA", date(2026, 12, 1))
        card = await client.chat_postMessage(channel="C0ACME", text="card")
        home = next(channel for channel, owner in LINKED.items() if owner == customer_id)
        await services.customers.set_card(customer_id, home, str(card["ts"]))
        await services.connect.service_account(customer_id, "8089", "U0SAM", replace=True)
        await services.drain()
    await bot.board.drain()


def _note_changes(database: sqlite3.Connection) -> None:
    """Have the database itself note which table changed for which customer."""
    database.execute("CREATE TABLE noted (name TEXT, customer_id INTEGER, action TEXT)")
    tables = [
        row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    for table in tables:
        columns = {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}
        key = "id" if table == "customer" else "customer_id"
        if table == "noted" or key not in columns:
            continue
        for event in ("INSERT", "UPDATE", "DELETE"):
            row = "OLD" if event == "DELETE" else "NEW"
            action = f"{row}.action" if table == "history" else "''"
            database.execute(
                NOTED.format(event=event, table=table, customer=f"{row}.{key}", action=action)
            )
