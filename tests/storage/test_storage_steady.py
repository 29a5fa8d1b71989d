"""Database work goes to its end, whoever is cancelled meanwhile."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.storage.steady import to_the_end

pytestmark = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])


class Work:
    """Awaits two things, one after the other."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.first, self.second = loop.create_future(), loop.create_future()
        self.done = False

    async def __call__(self) -> str:
        await asyncio.sleep(0)
        with suppress(LookupError):
            await self.first
        await self.second
        self.done = True
        return "done"


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_it_gives_what_the_work_gives(dialect: str) -> None:
    work = Work()
    task = asyncio.create_task(_await(work, dialect))
    await turns()
    work.first.set_exception(LookupError())
    work.second.set_result(None)
    assert await task == "done"


async def test_an_error_is_the_callers(dialect: str) -> None:
    work = Work()
    task = asyncio.create_task(_await(work, dialect))
    await turns()
    work.first.set_exception(ValueError("of the work"))
    with pytest.raises(ValueError, match="of the work"):
        await task


async def test_however_often_it_is_cancelled_it_ends_first(dialect: str) -> None:
    work = Work()
    task = asyncio.create_task(_await(work, dialect))
    await asyncio.sleep(0)
    task.cancel()
    await turns()
    work.first.set_result(None)
    task.cancel()
    await turns()
    assert not task.done()
    work.second.set_result(None)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.done


@pytest.mark.parametrize(
    "end", [lambda second: second.set_exception(ValueError()), lambda second: second.cancel()]
)
async def test_who_was_cancelled_is_told_so_and_not_of_an_error(
    end: Callable[["asyncio.Future[None]"], object], dialect: str
) -> None:
    work = Work()
    work.first.set_result(None)
    task = asyncio.create_task(_await(work, dialect))
    await turns()
    task.cancel()
    await turns()
    end(work.second)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_time_limit_of_the_caller_is_kept_afterwards(dialect: str) -> None:
    work = Work()
    work.first.set_result(None)
    asyncio.get_running_loop().call_later(0.01, work.second.set_result, None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await to_the_end(work(), dialect)
    assert work.done


async def _await(work: Work, dialect: str) -> str:
    return await to_the_end(work(), dialect)
