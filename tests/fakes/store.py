"""A real store for the tests of services and handlers, with a schema that was made once."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import make_engine
from bot.storage.one_trip import OneTripConnection
from bot.storage.schema import upgrade
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.on_the_spot import sqlite_on_the_spot

KEY = Vault.new_key()
_templates: list[bytes] = []
"""A database with the present schema, so that a test run migrates but once."""
_begun: dict[str, bytes] = {}
"""By name: a file in which the customer of nearly every test is already."""
_idle: list[tuple[AsyncEngine, sqlite3.Connection]] = []
"""Databases in memory that no test has at the moment: to open one takes longer than most tests."""


@asynccontextmanager
async def make_store(content: bytes = b"") -> AsyncIterator[SqlStore]:
    """A store in memory of its own for an ``async with`` block.

    It is empty, or has what ``begun`` says.
    """
    content = content or await migrated()
    engine, database = _idle.pop() if _idle else await _in_memory()
    database.deserialize(content)
    try:
        yield SqlStore(engine, Vault(KEY))
    finally:
        if database.in_transaction:
            # Whoever left it in the middle of that may come back to it.
            await engine.dispose()
        else:
            _idle.append((engine, database))


@asynccontextmanager
async def make_store_in_a_file(content: bytes = b"") -> AsyncIterator[tuple[SqlStore, Path]]:
    """A store whose file others may open, too; it is gone afterwards."""
    with TemporaryDirectory(prefix="onboard-store-") as folder, sqlite_on_the_spot():
        path = Path(folder) / "store.db"
        path.write_bytes(content or await migrated())
        engine = make_engine(f"sqlite:///{path}")
        event.listen(engine.sync_engine, "connect", _hasten)
        try:
            yield SqlStore(engine, Vault(KEY)), path
        finally:
            await engine.dispose()


def _hasten(connection: DBAPIConnection, _entry: object) -> None:
    """What a test stores need not survive a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


async def _in_memory() -> tuple[AsyncEngine, sqlite3.Connection]:
    """A database that lives as long as its only connection, which is the one beside it."""
    with sqlite_on_the_spot():
        engine = make_engine("sqlite://")
        return engine, await _connection_of(engine)


async def database_of(store: SqlStore) -> sqlite3.Connection:
    """The one connection to a store in memory, for what the store itself does not tell."""
    return await _connection_of(store._engine)


async def _connection_of(engine: AsyncEngine) -> sqlite3.Connection:
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, OneTripConnection)
        return driver._conn


async def begun(name: str, begin: Callable[[SqlStore], Awaitable[object]]) -> bytes:
    """What a store holds after ``begin``, which by this name is done once in a run."""
    if name not in _begun:
        async with make_store() as store:
            await begin(store)
            _begun[name] = await content_of(store)
    return _begun[name]


async def content_of(store: SqlStore) -> bytes:
    """What a store holds now, for ``make_store`` to begin with."""
    return (await database_of(store)).serialize()


async def migrated() -> bytes:
    """An SQLite database with the present schema and nothing in it."""
    if not _templates:
        with TemporaryDirectory(prefix="onboard-store-") as folder:
            path = Path(folder) / "template.db"
            engine = make_engine(f"sqlite:///{path}")
            await upgrade(engine)
            await engine.dispose()
            with closing(sqlite3.connect(path)) as made:
                # A database in memory has no log beside it.
                made.execute("PRAGMA journal_mode = DELETE")
                _templates.append(made.serialize())
    return _templates[0]


async def fill_with_schema(engine: AsyncEngine) -> None:
    """Instead of ``schema.upgrade`` for an empty SQLite in memory: all of it, without migrating.

    ``tests/storage/test_storage_upgrades.py`` shows the migrations themselves.
    """
    (await _connection_of(engine)).deserialize(await migrated())
