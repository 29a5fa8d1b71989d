"""One run of the day: everything is made, lived through, waited for and looked at."""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from datetime import time as time_of_day
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psycopg

from benchmarks.chaos.books import Books
from benchmarks.chaos.clocks import FastWorldClock, SharedClock
from benchmarks.day.balancer import make_balancer
from benchmarks.day.hours import Day
from benchmarks.day.judge import (
    Entry,
    PhaseFigures,
    doubled,
    keyed,
    leaked,
    phases,
    secrets_found,
    unsent,
)
from benchmarks.day.people import Act, Crowd, is_card
from benchmarks.day.replicas import Replicas
from benchmarks.day.town import Place, make_places, make_world
from bot.core import open_core
from bot.demo import demo_settings, seed
from bot.domain.reminders import at_local
from bot.settings import Settings
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.vault import Vault
from bot.web import SLACK_PATH
from integrations.sandbox.runner import run_sandbox
from integrations.sandbox.server import serve
from tests.storage.postgres import create_database, postgres_server

MONDAY = date(2026, 11, 23)
SYDNEY = "Australia/Sydney"
EVERYTHING_S = 120.0
"""How long the last messages may take once everything works again."""
HAND_OVER = "Slack answers 429"
"""From this phase on people ask for hand-offs."""
UNREAD = "I couldn't read"
"""How an item says that a system did not answer."""


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    customers: int = 24
    rate: float = 8.0
    calm_s: float = 12.0
    trouble_s: float = 15.0
    seed: int = 3


@dataclass(frozen=True)
class Seen:
    """What the day came to."""

    acts: Sequence[Act]
    phases: Sequence[PhaseFigures]
    doubled: Sequence[str]
    leaked: Sequence[str]
    secrets: Sequence[str]
    unsent: Sequence[str]
    reminders_lost: Sequence[str]
    reminders_doubled: Sequence[str]
    handoffs_lost: Sequence[str]
    handoffs_doubled: Sequence[str]
    wrong_at_last: Sequence[str]
    """Customers whose last check did not come to the truth."""
    revision: str
    endings: Sequence[int]
    seconds: float


def live(plan: Plan) -> Seen:
    """Live through the day on a PostgreSQL of its own."""
    with postgres_server() as server, TemporaryDirectory(prefix="onboard-day-") as folder:
        url = create_database(server, "day")
        return asyncio.run(_live(plan, Path(folder), url))


async def _live(plan: Plan, folder: Path, url: str) -> Seen:
    began = time.monotonic()
    places = make_places(plan.customers)
    async with _opened(plan, places, folder, url) as day:
        working = asyncio.create_task(day.crowd.live())
        pressing = asyncio.create_task(_hand_over(day))
        try:
            await day.live()
            await pressing
            day.crowd.stop.set()
            await working
            wrong = await _checked(day)
            await _settled(day, url)
        finally:
            working.cancel()
            pressing.cancel()
        return _looked_at(day, url, wrong, time.monotonic() - began)


@asynccontextmanager
async def _opened(
    plan: Plan, places: Sequence[Place], folder: Path, url: str
) -> AsyncIterator[Day]:
    """Stand-ins, customers, balancer and two replicas."""
    nine = at_local(MONDAY, time_of_day(9), SYDNEY)
    clock = FastWorldClock(SharedClock.make(folder / "clock", nine - timedelta(hours=1), 1.0))
    async with AsyncExitStack() as stack:
        balancer = await stack.enter_async_context(make_balancer())
        public = await stack.enter_async_context(serve(balancer))
        sandbox = await stack.enter_async_context(
            run_sandbox(make_world(places), clock=clock, slack_request_url=f"{public}{SLACK_PATH}")
        )
        settings = demo_settings(sandbox, url, public_url=public)
        async with open_core(settings, clock) as core:
            await seed(core, sandbox)
        # So many people would meet Slack's ceilings all day; those have an hour of their own.
        sandbox.slack.limits.enabled = False
        environment = _environment(settings) | {"DAY_CLOCK": str(folder / "clock")}
        replicas = Replicas(_logs(folder), balancer, environment)
        stack.callback(replicas.kill)
        await replicas.start()
        await replicas.start()
        page = await stack.enter_async_context(
            httpx.AsyncClient(base_url=sandbox.slack_url, timeout=30)
        )
        crowd = Crowd(sandbox, page, places, plan.rate, random.Random(plan.seed))
        keys = (settings.onboard_secret_key.get_secret_value(), Vault.new_key())
        rest = (nine, keys, schema.head(), plan.calm_s, plan.trouble_s)
        yield Day(sandbox, clock, crowd, replicas, url, *rest)


def _environment(settings: Settings) -> dict[str, str]:
    """The settings as an operator would write them."""
    made = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        text = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if text and name != "slack_app_token":
            made[name.upper()] = str(text)
    return made | {"HOST": "127.0.0.1", "LOG_LEVEL": "INFO", "LOG_FORMAT": "json"}


def _logs(folder: Path) -> Path:
    """Where the replicas' logs go; ``DAY_LOGS`` keeps them."""
    logs = Path(os.environ.get("DAY_LOGS") or folder / "logs")
    logs.mkdir(exist_ok=True)
    return logs


async def _hand_over(day: Day) -> None:
    """Of each customer that is in order, both people ask for the hand-off, again and again.

    They begin when Slack begins to fail, and go on through the database's restart.
    """
    while day.crowd.phase != HAND_OVER:  # noqa: ASYNC110 - phases are seconds long.
        await asyncio.sleep(0.2)
    for _ in range(3):
        for place in day.crowd.places:
            if place.in_order:
                for who in (place.outsider, place.staff):
                    said = {"persona": who, "channel": place.channel, "text": "@OneCore handoff"}
                    (await day.crowd.page.post("/_ui/send", json=said)).raise_for_status()
                await asyncio.sleep(0.5)
        await asyncio.sleep(day.calm_s + day.trouble_s)


async def _settled(day: Day, url: str) -> None:
    """Until nothing is due and nothing waits; what was held back for an hour is waited for too."""
    engine = make_engine(url)
    books, ids = Books(engine), range(1, len(day.crowd.places) + 1)
    try:
        async with asyncio.timeout(EVERYTHING_S):
            while True:
                await asyncio.sleep(0.5)
                if await books.is_busy(day.clock.now()):
                    continue
                later = await books.postponed(ids, MONDAY)
                if later is None:
                    return
                day.clock.advance(max(timedelta(0), later - day.clock.now()))
    except TimeoutError:
        print("day: something still waits; see the figures", file=sys.stderr)
    finally:
        await engine.dispose()


async def _checked(day: Day) -> list[str]:
    """Check everybody once more, now that everything works; whose card does not say the truth."""
    day.crowd.phase = "afterwards"
    wrong = []
    for place in day.crowd.places:
        said = {"persona": place.staff, "channel": place.channel, "text": "/onboard check"}
        (await day.crowd.page.post("/_ui/send", json=said)).raise_for_status()
        if place.in_order and not _handed_over(day, place):
            # While QuickBooks or Slack failed they were told that it can't be said yet.
            said["text"] = "/onboard handoff"
            (await day.crowd.page.post("/_ui/send", json=said)).raise_for_status()
    await asyncio.sleep(day.calm_s)
    for place in day.crowd.places:
        act = await day.crowd.do("status", place)
        if act.waited is None or UNREAD in _card(day, place):
            wrong.append(place.name)
    return wrong


def _handed_over(day: Day, place: Place) -> bool:
    messages = day.sandbox.slack.state.channel(place.channel).messages.values()
    return any("over to Interfy support" in str(one.body.get("text")) for one in messages)


def _card(day: Day, place: Place) -> str:
    """The text of the newest card in a channel."""
    messages = day.sandbox.slack.state.channel(place.channel).public_messages
    cards = [one.body for one in messages if is_card(one.body)]
    return json.dumps(cards[-1]["blocks"]) if cards else UNREAD


def _looked_at(day: Day, url: str, wrong: list[str], seconds: float) -> Seen:
    entries: Sequence[Entry] = day.sandbox.slack_log.entries()
    arrived = keyed(entries)
    open_ones = [place for place in day.crowd.places if not place.in_order]
    ready = [n for n, place in enumerate(day.crowd.places, 1) if place.in_order]
    due = {f"reminder {place.channel}" for place in open_ones}
    handed = {key for key in arrived if key.startswith("handoff:")}
    over = {int(key.split(":")[1]) for key in handed}
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return Seen(
        day.crowd.acts,
        list(phases(day)),
        doubled(day, entries),
        leaked(day, entries),
        secrets_found(day, day.replicas.folder, url),
        unsent(url),
        sorted(due - set(arrived)),
        sorted(one for one in due if arrived[one] > 1),
        [f"customer {n}" for n in ready if n not in over],
        sorted(key for key in handed if arrived[key] > 1),
        wrong,
        str(row[0]) if row else "",
        day.replicas.codes,
        seconds,
    )
