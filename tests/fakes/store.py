"""A real store for the tests of services and handlers: a copy of a file that was migrated once."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import make_engine
from bot.storage.schema import upgrade
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.on_the_spot import sqlite_on_the_spot

KEY = Vault.new_key()
_templates: list[tuple[bytes, str]] = []
"""A file with the present schema and what makes it, so that a test run migrates but once."""
_begun: dict[str, bytes] = {}
"""By name: a file in which the customer of nearly every test is already."""


@asynccontextmanager
async def make_store(content: bytes = b"") -> AsyncIterator[SqlStore]:
    """Open a fresh store for an ``async with`` block; it is gone afterwards.

    It is empty, or has what ``begun`` says.
    """
    content = content or await migrated()
    with TemporaryDirectory(prefix="onboard-store-") as folder, sqlite_on_the_spot():
        path = Path(folder) / "store.db"
        path.write_bytes(content)
        engine = _hasty_engine(path)
        try:
            yield SqlStore(engine, Vault(KEY))
        finally:
            await engine.dispose()


async def begun(name: str, begin: Callable[[SqlStore], Awaitable[object]]) -> bytes:
    """What a store holds after ``begin``, which by this name is done once in a run."""
    if name not in _begun:
        with TemporaryDirectory(prefix="onboard-store-") as folder, sqlite_on_the_spot():
            path = Path(folder) / "begun.db"
            path.write_bytes(await migrated())
            engine = _hasty_engine(path)
            await begin(SqlStore(engine, Vault(KEY)))
            await engine.dispose()
            # With its last connection SQLite takes what was logged into the file itself.
            _begun[name] = path.read_bytes()
    return _begun[name]


async def migrated() -> bytes:
    """An SQLite file with the present schema and nothing in it."""
    return (await _template())[0]


async def fill_with_schema(engine: AsyncEngine) -> None:
    """Instead of ``schema.upgrade`` for an empty SQLite: what migrating makes, without migrating.

    ``tests/storage/test_storage_upgrades.py`` shows the migrations themselves.
    """
    _, script = await _template()
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.executescript(script)


async def _template() -> tuple[bytes, str]:
    if not _templates:
        with TemporaryDirectory(prefix="onboard-store-") as folder:
            path = Path(folder) / "template.db"
            engine = _hasty_engine(path)
            await upgrade(engine)
            await engine.dispose()
            with closing(sqlite3.connect(path)) as made:
                _templates.append((path.read_bytes(), "\n".join(made.iterdump())))
    return _templates[0]


def _hasty_engine(path: Path) -> AsyncEngine:
    """What a test stores need not survive a power cut."""
    engine = make_engine(f"sqlite:///{path}")

    def hasten(connection: DBAPIConnection, _entry: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()

    event.listen(engine.sync_engine, "connect", hasten)
    return engine
