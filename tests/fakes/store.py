"""A real store for the tests of services and handlers: SQLite in memory, its schema in place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault


@asynccontextmanager
async def make_store() -> AsyncIterator[SqlStore]:
    """Open a fresh, empty store for an ``async with`` block; it is gone afterwards."""
    engine = make_engine("sqlite://")
    try:
        await schema.upgrade(engine)
        yield SqlStore(engine, Vault(Vault.new_key()))
    finally:
        await engine.dispose()
