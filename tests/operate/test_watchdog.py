"""What no process notices from within its work: a deaf socket, a dead scheduler, a stuck loop."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.metrics import Metrics
from bot.scheduling import Rounds
from bot.socket_line import Patience, SocketLine
from bot.watchdog import HopelessError, LoopGuard, Watchdog, first_of
from tests.sandbox.slack_kit import ACME, SAM, Slack, running, until


@dataclass
class Ticks:
    """A monotonic clock that the test moves."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Life:
    """An app on a socket line, and what reached it."""

    slack: Slack
    line: SocketLine
    ticks: Ticks
    metrics: Metrics
    heard: list[str] = field(default_factory=list)

    async def say(self, text: str) -> dict[str, object]:
        return await self.slack.say(SAM, f"/onboard {text}", ACME)

    @property
    def sockets(self) -> int:
        return self.slack.server.delivery.hub.connected

    def renewals(self, reason: str) -> bool:
        return f'renewals_total{{reason="{reason}"}} 1.0' in self.metrics.render().decode()


@pytest.fixture
async def life() -> AsyncIterator[Life]:
    async with running() as slack:
        app = slack.bolt()
        ticks, metrics = Ticks(), Metrics()
        token = slack.server.state.app_token
        patience = Patience(attempt=0.3, grace=0.0)
        line = SocketLine(app, token, app.client, metrics, patience, ticks)
        one = Life(slack, line, ticks, metrics)

        @app.command("/onboard")
        async def heard(ack, command) -> None:
            await ack()
            one.heard.append(command["text"])

        await line.open()
        yield one
        await line.close()


async def test_a_line_that_has_gone_deaf_is_replaced_before_it_goes(life: Life):
    await life.say("one")
    life.slack.server.delivery.hub.set_deaf(deaf=True)
    life.slack.server.delivery.ack_seconds = 0.05
    await life.say("two")
    assert life.heard == ["one"]
    life.ticks.now += 239
    await life.line.tend()
    assert not life.renewals("silent"), "a quiet minute is no deafness"
    life.ticks.now += 2
    await life.line.tend()
    assert life.renewals("silent")
    life.slack.server.delivery.ack_seconds = 3.0
    await until(lambda: life.sockets == 1)
    await life.say("three")
    assert life.heard == ["one", "three"]


async def test_a_delivery_counts_as_hearing(life: Life):
    life.ticks.now += 200
    await life.say("hello")
    life.ticks.now += 200
    await life.line.tend()
    assert not life.renewals("silent")


async def test_a_line_that_stays_closed_is_replaced_and_at_last_counts_as_lost(life: Life):
    handler = life.line._handler
    assert handler is not None
    # As when the client's own task that reconnects has died.
    handler.client.auto_reconnect_enabled = False
    handler.client.current_session_monitor.cancel()
    await handler.client.disconnect()
    life.ticks.now += 40
    await life.line.tend()
    assert not life.renewals("closed"), "Slack's client has some time to reconnect by itself"
    life.ticks.now += 10
    await life.line.tend()
    assert life.renewals("closed")
    assert life.sockets == 1
    assert not life.line.is_lost


async def test_a_line_that_cannot_be_had_ends_the_process(life: Life):
    rounds = Rounds()
    watchdog = Watchdog(rounds, life.line)
    await life.line._handler.client.close()
    life.slack.server.state.tokens.clear()
    life.ticks.now += 301
    with pytest.raises(HopelessError, match="could not be opened for minutes"):
        await watchdog.look()


async def nothing() -> int:
    return 0


async def test_a_scheduler_that_has_stopped_ends_the_process():
    ticks = Ticks()
    rounds = Rounds(monotonic=ticks)
    rounds.every(1.0, "send", nothing)
    rounds.every(3600.0, "clean", nothing)
    watchdog = Watchdog(rounds, None)
    await watchdog.look()
    ticks.now += 40
    await watchdog.look()
    with pytest.raises(HopelessError, match=r"scheduler has stopped \(rounds: send\)"):
        await watchdog.look()


async def test_a_process_that_slept_is_not_taken_for_dead():
    ticks = Ticks()
    rounds = Rounds(monotonic=ticks)
    rounds.every(0.01, "send", nothing)
    rounds.start()
    watchdog = Watchdog(rounds, None)
    ticks.now += 3600
    await watchdog.look()
    await until(lambda: not rounds.stopped())
    await watchdog.look()
    await rounds.stop()


async def test_a_round_that_goes_on_failing_is_said_once_a_minute(caplog):
    ticks = Ticks()
    rounds = Rounds(monotonic=ticks)

    async def broken() -> int:
        raise OSError

    rounds.every(0.005, "send", broken)
    rounds.start()
    await until(lambda: rounds.failures >= 3)
    assert caplog.text.count("the round send failed") == 1
    assert rounds.failing("send") == "OSError"
    ticks.now += 61
    seen = rounds.failures
    await until(lambda: rounds.failures >= seen + 2)
    await rounds.stop()
    assert caplog.text.count("the round send failed") == 2


async def test_a_stuck_event_loop_ends_the_process():
    ended = []
    guard = LoopGuard(limit=0.02, every=0.01, end=lambda: ended.append(True))
    task = asyncio.create_task(guard.turn())
    await asyncio.sleep(0)
    # Exactly what must never happen: the loop takes no turn.
    guard._thread.join(2.0)
    task.cancel()
    assert ended == [True]


async def test_a_loop_that_turns_is_left_alone():
    ended = []
    guard = LoopGuard(limit=0.2, every=0.02, end=lambda: ended.append(True))
    task = asyncio.create_task(guard.turn())
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    guard._thread.join(2.0)
    assert (ended, guard._thread.is_alive()) == ([], False)


async def test_the_first_that_ends_ends_the_others():
    async def forever() -> None:
        await asyncio.Event().wait()

    async def hopeless() -> None:
        raise HopelessError("gone")

    waiting = asyncio.create_task(forever())
    with pytest.raises(HopelessError, match="gone"):
        await first_of([waiting, asyncio.create_task(hopeless())])
    assert waiting.cancelled()
