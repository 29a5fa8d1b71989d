"""One part of the benchmark: ``python -m benchmarks.reminders.part rounds|jobs|empty URL N``.

The snapshots are ready: every customer's findings are stored already, so that no part spends time
on checks. ``rounds`` is the bot's own round: claim, decide, write. ``jobs`` is what people do with
APScheduler: a job for each customer in its SQLAlchemyJobStore, in the same database, which does
the same deciding and writing in a transaction of its own. ``empty`` are jobs that do nothing.
"""

import asyncio
import json
import resource
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.chaos.town import SUPPORT, nine
from benchmarks.shared.many import changed, copied, opened
from bot.domain.customer import Channel, NewCustomer
from bot.domain.model import SupportIdentity
from bot.services.hub import Services
from bot.services.remind import ReminderService
from bot.storage.store import SqlStore
from bot.workdays import holidays_of


class FixedClock:
    def now(self) -> datetime:
        return nine(0) + timedelta(seconds=1)


class ReadyChecks:
    """``CheckService`` where everything was checked a moment ago."""

    async def run(self, customer_id: int, items: object, by: str) -> None:
        """Nothing to do."""


class Desk:
    """What a job needs; jobs are stored by name, so this is reached by a name, too."""

    service: ReminderService
    store: SqlStore
    left = 0
    done = asyncio.Event()


async def do_nothing(_customer_id: int) -> None:
    _count()


async def remind_one(customer_id: int) -> None:
    async with Desk.store.transaction() as tx:
        customer = await tx.customers.by_id(customer_id)
        assert customer is not None
        await Desk.service.settle(tx, customer)
    _count()


def _count() -> None:
    Desk.left -= 1
    if not Desk.left:
        Desk.done.set()


async def fill(engine: AsyncEngine, services: Services, store: SqlStore, number: int) -> None:
    """One customer that was checked, and copies of it."""
    now = FixedClock().now()
    async with store.transaction() as tx:
        first = await tx.customers.add(
            NewCustomer("c1", "Customer 1", "Pacific/Auckland", "NZ"), now - timedelta(days=3)
        )
        await tx.customers.link(Channel("C1", first.id))
    await services.checks.run(first.id, None, "bot")
    await copied(engine, number)
    due = {"due": nine(0)}
    await changed(engine, "UPDATE customer SET next_reminder_at = :due, escalation = 0", due)


class Watch:
    """Seconds by the wall, and of this process's computing, since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        wall, computing = self._began
        return time.perf_counter() - wall, time.process_time() - computing


async def rounds(service: ReminderService) -> tuple[float, float]:
    watch = Watch()
    while await service.tick():
        pass
    return watch.read()


async def jobs(url: str, number: int, job: Any) -> tuple[float, float]:  # noqa: ANN401 - a coroutine function.
    """From the moment at which all jobs are due until all of them have run."""
    scheduler = AsyncIOScheduler(
        jobstores={"default": SQLAlchemyJobStore(url.replace("postgresql:", "postgresql+psycopg:"))}
    )
    scheduler.start(paused=True)
    daily = CronTrigger(hour=9)
    for customer in range(1, number + 1):
        scheduler.add_job(
            job,
            daily,
            args=[customer],
            id=str(customer),
            next_run_time=datetime.now(scheduler.timezone),
            misfire_grace_time=None,
        )
    Desk.left = number
    watch = Watch()
    scheduler.resume()
    await Desk.done.wait()
    taken = watch.read()
    scheduler.shutdown(wait=False)
    return taken


async def reminded(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        count = await connection.execute(text("SELECT count(*) FROM outbox"))
        return int(count.scalar_one())


async def main(part: str, url: str, number: int) -> None:
    clock = FixedClock()
    engine, store, services = await opened(url, clock)
    await fill(engine, services, store, number)
    checks: Any = ReadyChecks()
    support = SupportIdentity()
    service = ReminderService(store, checks, clock, holidays_of, support, SUPPORT, "benchmark")
    Desk.service, Desk.store = service, store
    if part == "rounds":
        seconds, computing = await rounds(service)
    else:
        job = remind_one if part == "jobs" else do_nothing
        seconds, computing = await jobs(url, number, job)
    if part != "empty":
        assert await reminded(engine) == number
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "seconds": round(seconds, 2),
                "per_second": round(number / seconds, 1),
                "computing_ms": round(computing / number * 1000, 2),
                "peak_mb": round(peak, 1),
            }
        )
    )
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
