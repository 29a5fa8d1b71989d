"""A short run of the claim ``chaos``: processes are killed, and everything arrives once."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.chaos import on_database, what_is_wrong
from benchmarks.chaos.books import Books
from benchmarks.chaos.count import Tally, count, lateness
from benchmarks.chaos.day import Outcome, Plan
from benchmarks.chaos.town import BOT, DAY, SUPPORT, ZONES, make_slack, make_town, nine
from bot.domain.customer import NewCustomer
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from integrations.sandbox.clock import WorldClock
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.slack.app import create_slack_app
from integrations.sandbox.slack.core import SlackServer
from tests.fakes.store import migrated
from tests.storage.postgres import create_database, upgraded


def test_two_processes_on_postgresql_that_are_killed_lose_and_double_nothing(postgres: str):
    """Two race for each message as the claim's three do.

    No faster than a busy machine keeps up with: what runs into time-outs is done again.
    """
    plan = Plan(processes=2, kills=5, rate=40, bound=240, between_kills=(0.05, 0.3))
    url = create_database(postgres, "chaos", upgraded(postgres))
    wrong, figures = on_database(make_town(10, 1, zones=1), plan, url)
    assert wrong == 0, figures
    assert figures["kill -9"] == 5


def test_two_processes_on_one_sqlite_file_are_safe_and_may_be_killed(tmp_path: Path):
    """SQLite is meant for one process; a second one is no accident's cause all the same."""
    plan = Plan(processes=2, kills=3, rate=60, bound=240, between_kills=(0.05, 0.3))
    (tmp_path / "chaos.db").write_bytes(asyncio.run(migrated()))
    url = f"sqlite:///{tmp_path / 'chaos.db'}"
    wrong, figures = on_database(make_town(10, 1, zones=1), plan, url)
    assert wrong == 0, figures
    assert figures["kill -9"] == 3


def test_what_was_not_waited_for_is_not_called_lost():
    """A machine that is too slow makes the claim fail, but not as a broken promise."""
    town = make_town(3, 0, zones=2)
    nothing = Tally(Counter(), Counter(), Counter(), Counter(), {})
    assert town.zones == ((1, 3), (2,))
    assert what_is_wrong(town, Outcome(), nothing)["reminders lost"] == [1, 2, 3]
    assert what_is_wrong(town, Outcome(given_up=[0]), nothing)["reminders lost"] == [2]


async def test_a_reminder_that_was_held_back_is_waited_for(tmp_path: Path):
    """It comes within the hour: a day is not over while somebody is looked at again on it."""
    (tmp_path / "day.db").write_bytes(await migrated())
    town, engine = make_town(2, 0, zones=1), make_engine(f"sqlite:///{tmp_path / 'day.db'}")
    async with SqlStore(engine, Vault(Vault.new_key())).transaction() as tx:
        for number in town.everybody:
            customer = await tx.customers.add(NewCustomer(f"c{number}", "C", ZONES[0][0]), nine(0))
            at = nine(0) + timedelta(hours=1, days=number - 1)
            await tx.customers.save(replace(customer, next_reminder_at=at))
    books = Books(engine)
    assert await books.postponed(town.everybody, DAY) == nine(0) + timedelta(hours=1)
    assert await books.postponed({2}, DAY) is None
    assert await books.is_busy(nine(0) + timedelta(hours=1))
    assert not await books.is_busy(nine(0))
    await engine.dispose()


@pytest.fixture
def slack() -> SlackServer:
    clock = WorldClock(nine(0) + timedelta(seconds=30), ticking=False)
    world = make_slack(make_town(3, 1, zones=1))
    app = create_slack_app(world, clock=clock, log=RequestLog(clock), faults=FaultBook())
    server: SlackServer = app.state.slack
    return server


async def test_the_count_sees_what_is_lost_and_what_is_doubled(slack: SlackServer):
    """Otherwise a claim that counts nothing would hold."""

    def post(channel: str, key: str, **more: object) -> str:
        metadata = {"event_type": "onecore_outbox", "event_payload": {"key": key}}
        content = {"text": "x", "metadata": metadata, **more}
        return slack.post_as_bot(slack.state.channel(channel), content).ts

    post("C000001", "reminder:1:2026-11-23")
    post("C000002", "reminder:2:2026-11-23")
    # The same customer under another key is doubled all the same.
    post("C000002", "reminder:2:2026-11-24")
    for moment in ("a", "b"):
        post(SUPPORT, f"handoff:4:{moment}")
    thread = post(SUPPORT, "handoff:4:c")
    for _ in range(2):
        post(SUPPORT, "", thread_ts=thread, files=[{"name": "pack.xlsx"}])
    digest = post(SUPPORT, "digest:2026-11-23")
    post(SUPPORT, "", thread_ts=digest, files=[{"name": "onboardings.png"}])
    post("C000004", "handoff:4:c:confirmation")
    slack.post_as_person("U0ANN", slack.state.channel("C000003"), f"<@{BOT}> handoff", None)
    tally = count(slack, slack.log.entries())
    assert (tally.missing("reminders", {1, 2, 3}), tally.doubled("reminders")) == ([3], [2])
    assert (tally.handoffs, tally.doubled("handoffs")) == (Counter({4: 3}), [4, 4])
    assert (tally.packs, tally.confirmations) == (Counter({4: 2}), Counter({4: 1}))
    assert tally.missing("confirmations", {3, 4}) == [3]
    assert lateness(tally, make_town(3, 1, zones=1), {1}) == [30.0]
