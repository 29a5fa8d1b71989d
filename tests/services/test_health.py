"""The health of an installation as its database tells it, line by line."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.beat import Beat
from bot.services import health
from bot.services.health import Line, State, exit_code
from bot.services.ports import Backlog, Outgoing
from bot.services.pulse import MISSED, Pulse
from tests.services.world import World

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def beat(owner: str = "host:1", ago: float = 3, **fields: datetime) -> Beat:
    return Beat(owner, NOW - timedelta(seconds=ago), NOW - timedelta(days=2), **fields)


LOST = MISSED.total_seconds() + 1


@pytest.mark.parametrize(
    ("beats", "state", "says"),
    [
        ([], State.WARN, "no process runs"),
        ([beat()], State.PASS, "beats in 1 process, 3 s ago"),
        ([beat(), beat("host:2", 9)], State.PASS, "beats in 2 processes, 3 s ago"),
        (
            [beat(ago=LOST)],
            State.FAIL,
            "of host:1 has written no sign of life for 91 s",
        ),
        (
            [beat(), beat("host:2", LOST)],
            State.WARN,
            "host:2 has written none for long",
        ),
        ([beat(ago=LOST, ended_at=NOW)], State.WARN, "no process runs"),
        ([beat(ago=90_000)], State.WARN, "no process runs"),
    ],
    ids=["none", "one", "two", "lost", "one of two lost", "ended politely", "long gone"],
)
def test_a_scheduler_that_stopped_beating_is_told(beats: list[Beat], state: State, says: str):
    line = health.processes(beats, NOW)
    assert line.state is state
    assert says in line.text


def test_only_a_click_proves_that_clicks_arrive():
    never = health.clicks([beat()], NOW)
    assert (never.state, "say hello" in never.remedy) == (State.UNKNOWN, True)
    lately = health.clicks([beat(), beat(clicked_at=NOW - timedelta(hours=3))], NOW)
    assert (lately.state, lately.text) == (State.PASS, "the last click came 3 h ago")
    long_ago = health.clicks([beat(clicked_at=NOW - timedelta(days=9))], NOW)
    assert (long_ago.state, "9 d ago" in long_ago.text) == (State.WARN, True)


def test_a_message_that_waits_too_long_is_told():
    assert health.outbox(Backlog(0, 0), NOW).state is State.PASS
    assert health.outbox(Backlog(2, 0, NOW - timedelta(minutes=4)), NOW).state is State.PASS
    late = health.outbox(Backlog(2, 0, NOW - timedelta(minutes=6)), NOW)
    assert (late.state, late.text) == (State.WARN, "2 messages to be sent, the oldest for 6 min")


def test_the_exit_code_is_that_of_a_check():
    lines = [Line("a", State.PASS, ""), Line("b", State.WARN, "")]
    assert exit_code(lines) == 0
    assert exit_code([*lines, Line("c", State.UNKNOWN, "")]) == 2
    assert exit_code([*lines, Line("c", State.UNKNOWN, ""), Line("d", State.FAIL, "")]) == 1


async def test_the_pulse_of_a_process_is_read_by_another(world: World):
    pulse = Pulse(world.store, world.clock, "host:1", "2026.11.0")
    pulse.by("socket")
    pulse.heard(clicked=True)
    world.clock.move(minutes=1)
    pulse.heard(clicked=False)
    await pulse.beat()
    lines = {line.name: line for line in await health.stored_lines(world.store, world.clock)}
    assert lines["scheduler"].state is State.PASS
    assert lines["interactivity"].text == "the last click came 60 s ago"
    await pulse.end()
    world.clock.move(minutes=10)
    lines = {line.name: line for line in await health.stored_lines(world.store, world.clock)}
    assert lines["scheduler"].text == "no process runs"


async def test_a_message_that_was_given_up_is_named(world: World):
    async with world.store.transaction() as tx:
        await tx.outbox.add(Outgoing("k", "card", "C1", "{}"), world.clock.now())
        (message,) = await tx.outbox.claim(world.clock.now(), "me", timedelta(minutes=1), 1)
        await tx.outbox.park(message.id, "me", "channel_not_found")
    line = (await health.stored_lines(world.store, world.clock))[-1]
    assert (line.name, line.state) == ("message k", State.WARN)
    assert "C1: channel_not_found" in line.text
