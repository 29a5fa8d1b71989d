"""Work that is done in one go for all who ask at about the same time."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.services.crew import Take, Together


async def test_who_comes_meanwhile_goes_together():
    goes: list[list[int]] = []
    gate = asyncio.Event()

    async def work(take: Take[int]) -> Sequence[int]:
        pieces = take()
        goes.append(list(pieces))
        await gate.wait()
        return [10 * piece for piece in pieces]

    together = Together(work)
    tasks = [asyncio.create_task(together.add(1))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(together.add(n)) for n in (2, 3, 4)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*tasks) == [10, 20, 30, 40]
    assert goes == [[1], [2, 3, 4]]
    await together.add(5)
    assert goes[2:] == [[5]]


async def test_one_that_breaks_breaks_no_other(caplog: pytest.LogCaptureFixture):
    done: list[int] = []

    async def work(take: Take[int]) -> Sequence[int]:
        pieces = take()
        if 3 in pieces:
            raise ValueError("a bug")
        done.extend(pieces)
        return pieces

    together = Together(work)
    results = await asyncio.gather(*(together.add(n) for n in range(1, 6)), return_exceptions=True)
    assert [type(r) for r in results] == [int, int, ValueError, int, int]
    assert sorted(done) == [1, 2, 4, 5]
    assert "5 at once failed; now one by one" in caplog.text


async def test_who_stopped_waiting_does_not_stop_the_others():
    gate = asyncio.Event()

    async def work(take: Take[int]) -> Sequence[int]:
        await gate.wait()
        return take()

    together = Together(work)
    first, second = (asyncio.create_task(together.add(n)) for n in (1, 2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    gate.set()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first
