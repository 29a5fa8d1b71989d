"""A real store for the tests of services and handlers: SQLite in memory, its schema in place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault

KEY = Vault.new_key()
_script: list[str] = []
"""What the migrations made, as SQL, so that only the first store of a test run runs them."""


@asynccontextmanager
async def make_store() -> AsyncIterator[SqlStore]:
    """Open a fresh, empty store for an ``async with`` block; it is gone afterwards."""
    async with memory_engine() as engine:
        yield SqlStore(engine, Vault(KEY))


@asynccontextmanager
async def memory_engine() -> AsyncIterator[AsyncEngine]:
    """Open an engine on a fresh database in memory that has the present schema."""
    engine = make_engine("sqlite://")
    try:
        if _script:
            async with engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver is not None
                await driver.executescript(_script[0])
        else:
            await schema.upgrade(engine)
            async with engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver is not None
                _script.append("\n".join([line async for line in driver.iterdump()]))
        yield engine
    finally:
        await engine.dispose()
