"""Turns at the database: in the order of coming, deliveries first, none lost by a cancellation."""

import asyncio

from bot.services.inbox import InboxService
from bot.storage.store import SqlStore
from bot.storage.turn import Turn
from tests.storage.kit import FixedClock


async def take(turn: Turn, name: str, done: list[str], *, first: bool = False) -> None:
    async with turn.taken(first=first):
        done.append(name)
        await asyncio.sleep(0)


async def test_whoever_may_go_first_passes_those_who_wait_and_nobody_else():
    turn, done = Turn(1), list[str]()
    async with asyncio.TaskGroup() as group:
        for name, first in (("a", False), ("b", False), ("c", False), ("x", True), ("y", True)):
            group.create_task(take(turn, name, done, first=first))
    assert done == ["a", "x", "y", "b", "c"]


async def test_whoever_gives_up_keeps_no_place_even_at_the_moment_of_getting_it():
    turn, done = Turn(1), list[str]()
    async with turn.taken(first=False):
        waiting = asyncio.create_task(take(turn, "a", done))
        behind = asyncio.create_task(take(turn, "b", done))
        last = asyncio.create_task(take(turn, "c", done))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
    # The place is on its way to this one.
    behind.cancel()
    await asyncio.wait_for(last, 60)
    assert done == ["c"]


async def test_deliveries_that_wait_together_are_written_together_each_once(
    store: SqlStore, clock: FixedClock
):
    inbox = InboxService(store, clock)
    assert await inbox.accept("0")
    async with store.transaction() as tx:
        asked = [asyncio.create_task(inbox.accept(key)) for key in ("0", "1", "2", "2")]
        await asyncio.sleep(0)
        await tx.inbox.forget_before(clock.now())
    assert [await one for one in asked] == [False, True, True, False]
    assert not await inbox.accept("1")


async def test_a_write_that_fails_fails_for_all_of_its_batch_and_the_next_one_is_written(
    store: SqlStore, clock: FixedClock
):
    inbox = InboxService(store, clock)
    # The database refuses a row without a time.
    clock.time = None  # type: ignore[assignment]
    both = await asyncio.gather(inbox.accept("1"), inbox.accept("2"), return_exceptions=True)
    assert all(isinstance(one, Exception) for one in both)
    assert await InboxService(store, FixedClock()).accept("1")
