"""Long computing lets pass whoever is being acknowledged, and never waits for long."""

import asyncio

from bot.services.way import Way, give_way


async def worked(done: list[str], way: Way | None = None) -> None:
    """Two stretches of work."""
    for stretch in ("one", "two"):
        await (way.give() if way else give_way())
        done.append(stretch)


async def test_a_stretch_waits_until_nobody_is_at_the_door() -> None:
    way, done = Way(share=10_000), list[str]()
    with way.ahead():
        with way.ahead():
            working = asyncio.create_task(worked(done, way))
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        assert done == [], "the first to come is still there"
    await asyncio.wait_for(working, 60)
    assert done == ["one", "two"]


async def test_a_crowd_that_never_ends_holds_a_stretch_up_for_so_long_only() -> None:
    way, done = Way(share=0.05), list[str]()
    with way.ahead():
        await asyncio.wait_for(worked(done, way), 60)
    assert done == ["one", "two"]


async def test_tasks_give_the_way_of_the_block_that_they_were_started_in() -> None:
    way, done = Way(share=10_000), list[str]()
    with way.ahead():
        with way.given():
            working = asyncio.create_task(worked(done))
        # Whoever was told of no way waits for nobody.
        await asyncio.wait_for(worked(apart := list[str]()), 60)
        assert (apart, done) == (["one", "two"], [])
    await asyncio.wait_for(working, 60)
