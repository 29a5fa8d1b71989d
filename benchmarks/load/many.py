"""Ten thousand customers in one database: ``python -m benchmarks.load.many URL N``.

What staff and the rounds ask for, measured inside the process, Slack left out: `list`, the Home
tab, a round with nobody due, and the weekly digest. The quickest of several runs counts, because
whatever else the machine does can only add.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.chaos.town import SUPPORT, nine
from benchmarks.shared.many import changed, copied, opened
from bot.domain.customer import Channel, NewCustomer
from bot.services.hub import Services
from bot.services.views import Filter
from bot.storage.store import SqlStore
from handlers.blocks.home import PAGE, build_home
from handlers.blocks.talk import LISTED, build_list

RUNS = 7


class Monday:
    """Monday morning in Sydney, when the digest is due."""

    def now(self) -> datetime:
        """The moment."""
        return nine(1) + timedelta(minutes=1)


async def fill(engine: AsyncEngine, services: Services, store: SqlStore, number: int) -> None:
    """One customer that was checked, and copies of it that moved at different times."""
    now = Monday().now()
    async with store.transaction() as tx:
        first = await tx.customers.add(NewCustomer("c1", "Customer 1"), now - timedelta(days=90))
        await tx.customers.link(Channel("C1", first.id))
    await services.checks.run(first.id, None, "bot")
    await copied(engine, number)
    moved = [{"at": now - timedelta(days=days), "days": days} for days in range(60)]
    await changed(
        engine, "UPDATE customer SET last_movement_at = :at WHERE id % 60 = :days", *moved
    )
    due = {"due": now + timedelta(days=1)}
    await changed(engine, "UPDATE customer SET next_reminder_at = :due", due)


async def quickest(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Milliseconds by the clock and of computing in this process, each the least of the runs."""
    clock, computing = [], []
    for _ in range(RUNS):
        began, used = time.perf_counter(), time.process_time()
        await work()
        clock.append(time.perf_counter() - began)
        computing.append(time.process_time() - used)
    return round(1000 * min(clock), 1), round(1000 * min(computing), 1)


def works(
    services: Services, store: SqlStore, engine: AsyncEngine
) -> dict[str, Callable[[], Awaitable[object]]]:
    """What is measured, by name."""

    async def listed() -> object:
        return build_list(await services.portfolio.show(Filter.ALL, "U0SAM", LISTED), Filter.ALL)

    async def home() -> object:
        return build_home(await services.portfolio.show(Filter.ALL, "U0SAM", PAGE), Filter.ALL)

    async def tick() -> object:
        return await services.reminders.tick()

    async def digest() -> object:
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM outbox"))
        # A service of its own: one remembers the week that it has told of.
        await type(services.digest)(
            store, services.portfolio, Monday(), SUPPORT, "Australia/Sydney"
        ).tick()
        async with store.transaction() as tx:
            assert await tx.outbox.pending(), "no digest was written"
        return None

    return {"list": listed, "Home tab": home, "tick": tick, "digest": digest}


async def main(url: str, number: int) -> None:
    """Measure, and print what came of it."""
    engine, store, services = await opened(url, Monday())
    await fill(engine, services, store, number)
    found = {n: await quickest(work) for n, work in works(services, store, engine).items()}
    print(json.dumps(found))
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
