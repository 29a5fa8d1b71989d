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

from benchmarks.chaos.source import ReadySource
from benchmarks.chaos.town import SUPPORT, nine
from bot.core import NoBoard, NoMessenger
from bot.domain.customer import Channel, NewCustomer
from bot.domain.model import SupportIdentity
from bot.services.hub import Outside, Services, make_services
from bot.services.remind import ReminderService
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.tables import CustomerRow, FindingRow
from bot.storage.vault import Vault
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
    columns = [c.name for c in CustomerRow.__table__.columns if c.name not in ("id", "slug")]  # type: ignore[attr-defined]
    names = ", ".join(f'"{name}"' for name in columns)
    others = f"generate_series(2, {number}) AS n"
    async with engine.begin() as connection:
        for statement in (
            (
                f"INSERT INTO customer (id, slug, {names}) SELECT n, 'c' || n, {names} "
                f"FROM customer, {others} WHERE customer.id = 1"
            ),
            (
                "INSERT INTO channel (channel_id, customer_id, team_id, is_primary) "
                f"SELECT 'C' || n, n, '', true FROM {others}"
            ),
            (
                f"INSERT INTO finding (customer_id, item, data) SELECT n, item, data "
                f"FROM {FindingRow.__tablename__}, {others} WHERE customer_id = 1"
            ),
        ):
            await connection.execute(text(statement))
        due = {"due": nine(0)}
        await connection.execute(text("UPDATE customer SET next_reminder_at = :due"), due)
        await connection.execute(text("UPDATE customer SET escalation = 0"))
    async with engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("ANALYZE"))


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
    engine = make_engine(url)
    await schema.upgrade(engine)
    store, clock = SqlStore(engine, Vault(Vault.new_key())), FixedClock()
    services = make_services(
        Outside(
            store,
            ReadySource(None, clock),  # type: ignore[arg-type]
            NoMessenger(),
            NoBoard(),
            clock,
            holidays_of,
            SupportIdentity(),
            SUPPORT,
            "benchmark",
        )
    )
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
