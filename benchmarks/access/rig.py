"""The real Bolt app over real services and a real SQLite file; only Slack's wire is missing."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
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
from bot.storage.vault import Vault
from handlers import SlackApp, SlackConfig, build_slack_app
from handlers.board import CardBoard
from handlers.poster import SlackMessenger
from tests.fakes.clock import FakeClock, no_holidays
from tests.fakes.gateway import FakeGateway
from tests.fakes.store import KEY, make_store_in_a_file

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
class Rig:
    """A bot, and what is noted of everything that it does."""

    app: SlackApp
    services: Services
    slack: MemorySlack
    clock: FakeClock
    file: sqlite3.Connection
    start: sqlite3.Connection

    async def do(self, act: Act, times: int = 1) -> list[Outcome]:
        """Deliver one act so often, wait for all that follows, and put the store back."""
        self.clock.move(seconds=BETWEEN_S)
        self.slack.acting = act.who.id
        outcomes = [await self._deliver(act) for _ in range(times)]
        if any(one.changed for one in outcomes):
            self.start.backup(self.file)
        return outcomes

    async def _deliver(self, act: Act) -> Outcome:
        self.slack.shown.clear()
        request = AsyncBoltRequest(body=act.body, mode="socket_mode")
        answer = await self.app.async_dispatch(request)
        await self._settle()
        changed = frozenset(self.file.execute("SELECT DISTINCT * FROM noted"))
        if changed:
            self.file.execute("DELETE FROM noted")
            self.file.commit()
        body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        options = body.casefold() if '"options": [{' in body else ""
        return Outcome(tuple(self.slack.shown), changed, answer.status, options)

    async def _settle(self) -> None:
        """Until nothing goes on any more: Bolt runs a listener after it has answered."""
        await quiet()
        if self.file.execute("SELECT 1 FROM noted WHERE name = 'outbox'").fetchone():
            await self.services.sender.pump()
            await quiet()


@asynccontextmanager
async def running(signing_secret: str = "") -> AsyncIterator[Rig]:
    """Everything, with two customers about whom much is known."""
    async with make_store_in_a_file() as (store, path):
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
        await _settle_in(services, client)
        await board.drain()
        with closing(sqlite3.connect(path)) as file, closing(sqlite3.connect(":memory:")) as start:
            _note_changes(file)
            file.backup(start)
            yield Rig(app, services, slack, clock, file, start)


async def _settle_in(services: Services, client: AsyncWebClient) -> None:
    """Both customers, as far as they get in a week: checked, decided upon, with a history."""
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


def _note_changes(file: sqlite3.Connection) -> None:
    """Have the database itself note which table changed for which customer."""
    file.execute("CREATE TABLE noted (name TEXT, customer_id INTEGER, action TEXT)")
    tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = {row[1] for row in file.execute(f'PRAGMA table_info("{table}")')}
        key = "id" if table == "customer" else "customer_id"
        if table == "noted" or key not in columns:
            continue
        for event in ("INSERT", "UPDATE", "DELETE"):
            row = "OLD" if event == "DELETE" else "NEW"
            action = f"{row}.action" if table == "history" else "''"
            file.execute(
                NOTED.format(event=event, table=table, customer=f"{row}.{key}", action=action)
            )
    file.commit()
