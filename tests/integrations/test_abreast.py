"""Reads of long lists go on a few at a time; short ones and those behind a slow one do not wait."""

import asyncio

import pytest

from integrations.abreast import Abreast, more


async def read(abreast: Abreast, name: str, done: list[str], until: asyncio.Event) -> None:
    async with abreast.read(ord(name[0])):
        done.append(f"{name} began")
        # Two lists side by side, as a reader has them.
        await asyncio.gather(more(), more())
        done.append(f"{name} went on")
        await until.wait()


async def test_a_long_list_waits_for_its_turn_and_a_short_one_does_not() -> None:
    abreast, done, until = Abreast(1), list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name in "ab":
            group.create_task(read(abreast, name, done, until))
        for _ in range(6):
            await asyncio.sleep(0)
        assert done == ["a began", "b began", "a went on"]
        async with abreast.read(99):
            done.append("c was short")
        until.set()
    assert done[3:] == ["c was short", "b went on"]


async def test_who_takes_too_long_keeps_nobody_waiting() -> None:
    abreast, done, until = Abreast(1, 0.01), list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(read(abreast, "slow", done, until))
        second = group.create_task(read(abreast, "b", done, asyncio.Event()))
        async with asyncio.timeout(5):
            while "b went on" not in done:  # noqa: ASYNC110 - it is a list that tells.
                await asyncio.sleep(0.005)
        assert not until.is_set()
        second.cancel()
        until.set()


async def test_a_read_that_is_cancelled_while_it_waits_takes_no_turn() -> None:
    abreast, done, until = Abreast(1), list[str](), asyncio.Event()
    first, second, third = (asyncio.create_task(read(abreast, name, done, until)) for name in "abc")
    for _ in range(6):
        await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    until.set()
    await asyncio.wait_for(asyncio.gather(first, third), 5)
    assert "c went on" in done
    assert "b went on" not in done


async def test_whose_lists_are_held_already_goes_first() -> None:
    abreast, done = Abreast(1), list[str]()
    untils = [asyncio.Event() for _ in range(3)]
    tasks = []
    for name, until in zip(("a, the check", "b", "a, the risks"), untils, strict=True):
        tasks.append(asyncio.create_task(read(abreast, name, done, until)))
        for _ in range(6):
            await asyncio.sleep(0)
    for until in untils:
        until.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    went = [line for line in done if line.endswith("went on")]
    assert went == ["a, the check went on", "a, the risks went on", "b went on"]


async def test_what_is_no_read_never_waits() -> None:
    await more()
