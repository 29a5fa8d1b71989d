"""Many customers in one database: one that was checked, and copies of it."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.chaos.source import ReadySource
from benchmarks.chaos.town import SUPPORT
from bot.core import NoBoard, NoMessenger
from bot.domain.model import SupportIdentity
from bot.services.hub import Outside, Services, make_services
from bot.services.ports import Clock
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.tables import CustomerRow
from bot.storage.vault import Vault
from bot.workdays import holidays_of

OWN = ("id", "slug", "name")
"""What no two customers share."""


async def opened(url: str, clock: Clock) -> tuple[AsyncEngine, SqlStore, Services]:
    """An empty database, and the bot's services over it without Slack."""
    engine = make_engine(url)
    await schema.upgrade(engine)
    store = SqlStore(engine, Vault(Vault.new_key()))
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
    return engine, store, services


async def copied(engine: AsyncEngine, number: int) -> None:
    """Make customers 2 to ``number`` like customer 1, each with a channel of its own."""
    columns = [c.name for c in CustomerRow.__table__.columns if c.name not in OWN]  # type: ignore[attr-defined]
    names = ", ".join(f'"{name}"' for name in columns)
    others = (
        f"(WITH RECURSIVE s(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM s WHERE n < {number}) "
        "SELECT n FROM s) AS numbers"
    )
    customers = (
        f"INSERT INTO customer (id, slug, name, {names}) SELECT n, 'c' || n, 'Customer ' || n, "
        f"{names} FROM customer, {others} WHERE customer.id = 1"
    )
    channels = (
        "INSERT INTO channel (channel_id, customer_id, team_id, is_primary, closed) "
        f"SELECT 'C' || n, n, '', true, '' FROM {others}"
    )
    findings = (
        "INSERT INTO finding (customer_id, item, data) "
        f"SELECT n, item, data FROM finding, {others} WHERE customer_id = 1"
    )
    async with engine.begin() as connection:
        for statement in (customers, channels, findings):
            await connection.execute(text(statement))


async def changed(engine: AsyncEngine, statement: str, *given: Mapping[str, object]) -> None:
    """Run a statement with each of these, and let the database look at what is there now."""
    async with engine.begin() as connection:
        await connection.execute(text(statement), [dict(one) for one in given])
    async with engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("ANALYZE"))
