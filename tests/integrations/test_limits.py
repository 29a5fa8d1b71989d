"""The budget follows the servers' headers, and says no rather than waiting for long."""

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.domain import facets
from bot.domain.model import Cause, Failed, Present, System
from integrations.errors import RateLimitedError, ReadError, ServerFaultError
from integrations.limits import (
    LONGEST_SILENCE,
    Budget,
    Heard,
    Limits,
    Turns,
    Window,
    reset_in,
    retry_after,
)
from tests.integrations import worlds
from tests.integrations.faults import reset_after, status
from tests.integrations.systems import NOW, FakeClock, Fault, connection, make_rig


def budget(clock: FakeClock, *windows: Window, concurrency: int = 8) -> Budget:
    return Budget(Limits(concurrency, windows), clock.timing(), "Procore")


async def ask(one: Budget, times: int = 1) -> None:
    for _ in range(times):
        async with one.turn():
            pass


async def test_windows_are_kept():
    """Ten a second: the eleventh waits for the rest of the second."""
    clock = FakeClock()
    one = budget(clock, Window(10, 1.0))
    await ask(one, 35)
    assert clock.monotonic() == pytest.approx(3.0)


async def test_a_spent_allowance_waits_for_the_reset():
    """The server's remaining count is followed down to nothing, then until its reset."""
    clock = FakeClock()
    one = budget(clock)
    async with one.turn():
        one.heed(Heard(remaining=2, reset_in=9.0))
    await ask(one, 2)
    assert clock.slept == []
    await ask(one)
    assert clock.slept == [9.0]


async def test_a_long_wait_is_refused_with_the_time_to_come_back():
    """More than twenty seconds are not waited for, and nothing is sent meanwhile."""
    clock = FakeClock()
    one = budget(clock)
    one.heed(Heard(silent_for=21, why=ServerFaultError("Procore is out of service.")))
    with pytest.raises(ReadError) as caught:
        await ask(one)
    assert isinstance(caught.value, ServerFaultError)
    assert caught.value.retry_at == NOW + timedelta(seconds=21)
    assert clock.slept == []
    clock.at += timedelta(seconds=22)
    await ask(one)


async def test_a_hopeless_queue_is_refused():
    """A clock that never moves cannot keep a reading waiting for ever."""
    clock = FakeClock()

    async def stuck(seconds: float) -> None:
        clock.slept.append(seconds)

    timing = clock.timing()
    one = Budget(Limits(1, (Window(1, 5.0),)), type(timing)(clock, stuck, clock.monotonic), "X")
    await ask(one)
    with pytest.raises(RateLimitedError):
        await ask(one)
    assert sum(clock.slept) <= 20


@pytest.mark.parametrize("skew", [timedelta(minutes=5), -timedelta(minutes=5), timedelta()])
def test_reset_is_measured_on_the_servers_own_clock(skew):
    """An epoch minus the answer's Date; our clock does not enter."""
    theirs = NOW + skew
    headers = {
        "Date": format_datetime(theirs, usegmt=True),
        "X-Rate-Limit-Reset": str(int(theirs.timestamp()) + 42),
    }
    assert reset_in(headers, NOW) == 42.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "-7"}, 0.0),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=30), usegmt=True)}, 30.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "1e400"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "1e12"}, LONGEST_SILENCE),
        ({"Retry-After": format_datetime(NOW + timedelta(days=900), usegmt=True)}, LONGEST_SILENCE),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(headers, seconds):
    """Both forms of the header, and nonsense."""
    assert retry_after(headers, NOW) == seconds


async def test_the_later_of_reset_and_retry_after_counts():
    """Procore may send both with a 429."""
    rig = make_rig(worlds.right())

    def both(request, answer):
        found = reset_after(100)(rig.systems, request, answer)
        found.headers["Retry-After"] = "400"
        return found

    rig.systems.faults.append(Fault("/vendors$", both))
    found = (await rig.reader.read(1, [facets.VENDORS])).get(facets.VENDORS)
    assert isinstance(found, Failed)
    assert found.retry_at == NOW + timedelta(seconds=400)


async def test_quickbooks_gets_a_minute_of_silence():
    """After a 429 the realm is left alone; a second reading makes no call at all."""
    rig = make_rig(worlds.right())
    rig.systems.faults.append(Fault("#Item", lambda *_: status(429)(), times=1))
    for _ in range(2):
        found = (await rig.reader.read(1, [facets.ITEMS])).get(facets.ITEMS)
        assert isinstance(found, Failed)
        assert found.cause is Cause.RATE_LIMITED
        assert found.retry_at == NOW + timedelta(seconds=60)
    assert len(rig.systems.reads()) == 1
    rig.clock.at += timedelta(seconds=61)
    assert isinstance((await rig.reader.read(1, [facets.ITEMS])).get(facets.ITEMS), Present)


async def test_connections_of_different_companies_do_not_share_a_budget():
    """One company's 429 does not silence another's."""
    rig = make_rig(worlds.right(), connection(System.QBO), connection(System.PROCORE))
    rig.systems.faults.append(Fault("#Item", lambda *_: status(429)()))
    snapshot = await rig.reader.read(1, [facets.ITEMS, facets.VENDORS])
    assert isinstance(snapshot.get(facets.ITEMS), Failed)
    assert isinstance(snapshot.get(facets.VENDORS), Present)


async def test_retries_are_few_and_on_get_only():
    """Three attempts with growing pauses; then the cause is named."""
    rig = make_rig(worlds.right())
    rig.systems.faults.append(Fault("#Item", lambda *_: status(502)()))
    found = (await rig.reader.read(1, [facets.ITEMS])).get(facets.ITEMS)
    assert isinstance(found, Failed)
    assert len(rig.systems.reads()) == 3
    first, second = rig.clock.slept
    assert 0.25 <= first <= 0.75
    assert 0.5 <= second <= 1.5


async def test_who_others_wait_for_comes_first():
    """Among equals whoever came first; a turn that was given up goes to the next."""
    turns, order = Turns(1), []

    async def take(name: str, later: bool) -> None:
        async with turns.turn(later=later):
            order.append(name)

    async with turns.turn():
        asked = [("a", True), ("b", True), ("given up", False), ("c", False), ("d", False)]
        tasks = [asyncio.create_task(take(*one)) for one in asked]
        await asyncio.sleep(0)
        tasks[2].cancel()
        await asyncio.sleep(0)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["c", "d", "a", "b"]
    async with turns.turn():
        order.append("free again")
    assert order[-1] == "free again"


async def test_a_turn_is_not_lost_with_whoever_was_cancelled_as_it_came():
    """The turn was handed over already when its task was told to stop."""
    turns = Turns(1)

    async def take() -> None:
        async with turns.turn():
            pass

    async with turns.turn():
        task = asyncio.create_task(take())
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(take(), 60)


async def test_a_request_holds_its_place_until_a_window_after_its_answer():
    """The server may count it any time before it answers, so only the answer starts the second."""
    clock = FakeClock()
    one = budget(clock, Window(2, 1.0))
    async with one.turn():
        clock.at += timedelta(seconds=0.7)
    await ask(one)
    assert clock.slept == []
    await ask(one)
    assert clock.slept == [pytest.approx(1.0)]
