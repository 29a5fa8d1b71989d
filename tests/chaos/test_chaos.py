"""A short run of the claim ``chaos``: processes are killed, and everything arrives once."""

from collections import Counter
from datetime import timedelta

import pytest

from benchmarks.chaos import on_postgres, on_sqlite
from benchmarks.chaos.count import count, lateness
from benchmarks.chaos.day import Plan
from benchmarks.chaos.town import BOT, SUPPORT, make_slack, make_town, nine
from integrations.sandbox.clock import WorldClock
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.slack.app import create_slack_app
from integrations.sandbox.slack.core import SlackServer


@pytest.mark.claim
def test_three_processes_on_postgresql_that_are_killed_lose_and_double_nothing():
    plan = Plan(processes=3, kills=5, rate=60, patience=60, between_kills=(0.1, 0.6))
    wrong, figures = on_postgres(make_town(10, 1, zones=1), plan)
    assert wrong == 0, figures
    assert figures["kill -9"] == 5


@pytest.mark.claim
def test_two_processes_on_one_sqlite_file_are_safe_and_may_be_killed():
    """SQLite is meant for one process; a second one is no accident's cause all the same."""
    plan = Plan(processes=2, kills=3, rate=60, patience=60, between_kills=(0.1, 0.6))
    wrong, figures = on_sqlite(make_town(10, 1, zones=1), plan)
    assert wrong == 0, figures
    assert figures["kill -9"] == 3


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
    post("C000004", "handoff:4:c:confirmation")
    slack.post_as_person("U0ANN", slack.state.channel("C000003"), f"<@{BOT}> handoff", None)
    tally = count(slack, slack.log.entries())
    assert (tally.lost(tally.reminders, {1, 2, 3}), tally.doubled(tally.reminders)) == (1, 1)
    assert (tally.handoffs, tally.doubled(tally.handoffs)) == (Counter({4: 3}), 2)
    assert (tally.packs, tally.confirmations) == (Counter({4: 2}), Counter({4: 1}))
    assert tally.lost(tally.confirmations, {3, 4}) == 1
    assert lateness(tally, make_town(3, 1, zones=1), {1}) == [30.0]
