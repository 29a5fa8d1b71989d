"""Reads of long lists go on a few at a time; short ones and those behind a slow one do not wait."""

import asyncio

import pytest

from bot.domain.model import Snapshot
from integrations.abreast import Abreast, Hold, Size, more, unpacking
from integrations.limits import Turns


async def read(abreast: Abreast, name: str, done: list[str], until: asyncio.Event) -> None:
    async with abreast.read(ord(name[0])):
        done.append(f"{name} began")
        # Two lists side by side, as a reader has them.
        await asyncio.gather(more(), more())
        done.append(f"{name} went on")
        await until.wait()


async def test_a_long_list_waits_for_its_turn_and_a_short_one_does_not() -> None:
    abreast, done, until = Abreast(), list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name in "ab":
            group.create_task(read(abreast, name, done, until))
        for _ in range(20):
            await asyncio.sleep(0)
        assert sorted(done) == ["a began", "a went on", "b began"]
        async with abreast.read(99):
            done.append("c was short")
        until.set()
    assert done[3:] == ["c was short", "b went on"]


async def test_who_takes_too_long_keeps_nobody_waiting() -> None:
    abreast, done, until = Abreast(Size(go_on_s=0.01)), list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(read(abreast, "slow", done, until))
        second = group.create_task(read(abreast, "b", done, asyncio.Event()))
        async with asyncio.timeout(60):
            while "b went on" not in done:  # noqa: ASYNC110 - it is a list that tells.
                await asyncio.sleep(0.005)
        assert not until.is_set()
        second.cancel()
        until.set()


async def test_a_read_that_is_cancelled_while_it_waits_takes_no_turn() -> None:
    abreast, done, until = Abreast(), list[str](), asyncio.Event()
    first, second, third = (asyncio.create_task(read(abreast, name, done, until)) for name in "abc")
    for _ in range(20):
        await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    until.set()
    await asyncio.wait_for(asyncio.gather(first, third), 60)
    assert "c went on" in done
    assert "b went on" not in done


async def test_the_place_is_kept_until_nobody_has_what_was_read_and_serves_that_customer() -> None:
    abreast, done, until = Abreast(), list[str](), asyncio.Event()
    until.set()
    async with abreast.read(ord("a")) as place:
        await more()
        snapshot = Snapshot()
        place.until_gone(snapshot)
    other = asyncio.create_task(read(abreast, "b", done, until))
    await asyncio.wait_for(read(abreast, "a", done, until), 60)
    while "b began" not in done:  # noqa: ASYNC110 - it is a list that tells.
        await asyncio.sleep(0)
    assert sorted(done) == ["a began", "a went on", "b began"]
    del snapshot
    await asyncio.wait_for(other, 60)
    assert done[3:] == ["b went on"]


async def test_who_had_long_lists_the_last_time_waits_before_anything_is_read() -> None:
    abreast, done, until = Abreast(), list[str](), asyncio.Event()
    until.set()
    await read(abreast, "b", done, until)
    until.clear()
    first = asyncio.create_task(read(abreast, "a", done, until))
    while "a went on" not in done:  # noqa: ASYNC110 - it is a list that tells.
        await asyncio.sleep(0)
    again = asyncio.create_task(read(abreast, "b", done, until))
    for _ in range(20):
        await asyncio.sleep(0)
    assert done == ["b began", "b went on", "a began", "a went on"]
    until.set()
    await asyncio.wait_for(asyncio.gather(first, again), 60)
    assert done[4:] == ["b began", "b went on"]
    async with abreast.read(ord("b")):
        assert abreast.long == {ord("a"), ord("b")}
    assert abreast.long == {ord("a")}, "it was short this time"


async def test_first_pages_of_a_few_customers_only_are_in_memory_at_once() -> None:
    abreast, done, until = Abreast(Size(begin=2, begin_s=60)), list[str](), asyncio.Event()
    reads = [asyncio.create_task(read(abreast, name, done, until)) for name in "abcde"]
    for _ in range(40):
        await asyncio.sleep(0)
    assert sorted(done) == ["a began", "a went on", "b began", "c began"]
    until.set()
    await asyncio.wait_for(asyncio.gather(*reads), 60)
    assert done[-1] == "e went on"


async def test_a_turn_that_is_kept_outlasts_its_time() -> None:
    """That of whoever waits for the one place with first pages in memory."""
    turns = Turns(1)
    kept, other = Hold(turns, 0.001), Hold(turns, 0.001)
    kept.keeps += 1
    await kept.taken()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(other.taken(), 0.02)
    kept.leave()
    await asyncio.wait_for(other.taken(), 60)
    other.leave()


async def test_a_turn_may_be_held_on_and_goes_back_in_the_end() -> None:
    """As with each page that is asked for, and while what was read is judged."""
    turns = Turns(1)
    held, other = Hold(turns, 0.01), Hold(turns, 60)
    await held.taken()
    held.extend(0.1)
    held.extend(0.001)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(other.taken(), 0.03)
    await asyncio.wait_for(other.taken(), 60)
    other.leave()


async def test_whose_system_is_slow_lets_others_begin() -> None:
    abreast, done, slow = Abreast(Size(begin=1, begin_s=0.01)), list[str](), asyncio.Event()

    async def hangs() -> None:
        async with abreast.read(1):
            await slow.wait()

    hanging = asyncio.create_task(hangs())
    slow_one = asyncio.Event()
    slow_one.set()
    await asyncio.wait_for(read(abreast, "b", done, slow_one), 60)
    assert done == ["b began", "b went on"]
    slow.set()
    await hanging


async def test_what_is_no_read_never_waits() -> None:
    await more()


async def test_who_waits_for_us_to_unpack_its_answers_keeps_its_place() -> None:
    """On a busy machine that takes longer than a slow system may."""
    abreast, done, unpacked = Abreast(Size(begin=1, begin_s=0.01)), list[str](), asyncio.Event()
    left = asyncio.Event()

    async def answered() -> None:
        async with abreast.read(1):
            with unpacking():
                await unpacked.wait()
            await left.wait()

    first = asyncio.create_task(answered())
    await asyncio.sleep(0)
    other = asyncio.create_task(read(abreast, "b", done, left))
    await asyncio.sleep(0.05)
    assert done == []
    unpacked.set()
    while "b began" not in done:  # noqa: ASYNC110 - it is a list that tells.
        await asyncio.sleep(0.005)
    left.set()
    await asyncio.gather(first, other)
