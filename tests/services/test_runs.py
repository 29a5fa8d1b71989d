"""One run at a time for each key, another only when its basis is another, and not for ever."""

import asyncio

import pytest

from bot.services.runs import Runs


class Kernel:
    """A basis that the test sets, and runs that are counted."""

    def __init__(self) -> None:
        self.runs: Runs[int, tuple[str, ...], str] = Runs(most=2)
        self.basis: tuple[str, ...] = ("a",)
        self.done: list[str] = []

    async def look(self, key: int = 1) -> str:
        async def basis() -> tuple[str, ...]:
            # A new object each time, as after reading the same again.
            return (*self.basis, "")[:1]

        async def run(now: tuple[str, ...]) -> str:
            await asyncio.sleep(0)
            if now == ("broken",):
                raise RuntimeError(now[0])
            self.done.append(f"{key}{now[0]}")
            return now[0]

        return (await self.runs.of(key, basis, run))[1]


async def test_two_at_once_and_the_same_again_are_one_run() -> None:
    kernel = Kernel()
    assert list(await asyncio.gather(kernel.look(), kernel.look())) == ["a", "a"]
    assert await kernel.look() == "a"
    assert kernel.done == ["1a"]


async def test_another_basis_is_another_run_and_a_broken_one_is_not_remembered() -> None:
    kernel = Kernel()
    await kernel.look()
    kernel.basis = ("broken",)
    with pytest.raises(RuntimeError):
        await kernel.look()
    assert kernel.runs.last(1) == (("a",), "a")
    kernel.basis = ("b",)
    assert await kernel.look() == "b"
    assert kernel.done == ["1a", "1b"]


async def test_the_run_looked_at_longest_ago_is_forgotten() -> None:
    kernel = Kernel()
    for key in (1, 2, 1, 3):
        await kernel.look(key)
    assert [kernel.runs.last(key) is not None for key in (1, 2, 3)] == [True, False, True]
