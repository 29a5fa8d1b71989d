"""The schema's revision: bring a database to it, tell which one it has, refuse a wrong one.

Alembic is driven from the installed package; there is no ``alembic.ini``. Upgrades run in one
transaction on both databases, so one that fails leaves everything as it was, and of two processes
that start at once the second waits and then finds nothing to do. Within one process upgrades go
one after the other: Alembic keeps the running environment in a global.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.engine import BUSY_TIMEOUT_MS, is_sqlite

ADVISORY_LOCK = 0x0B0A4D
"""Any number will do, as long as every version uses the same one."""


class SchemaError(Exception):
    """The database does not have this version's schema; the message says what to do."""

    for_people = True


class NewerDatabaseError(SchemaError):
    """A newer version made the database."""


class OutdatedDatabaseError(SchemaError):
    """The database is new, or an older version made it."""


class UnreachableDatabaseError(SchemaError):
    """Nobody answers at the database's address, or its file cannot be opened."""


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the database to this version's schema, making it when it is empty.

    Raises:
        NewerDatabaseError: a newer version made the database; nothing was changed.
        UnreachableDatabaseError: the database cannot be reached.
    """
    async with (
        _connect(engine) as connection,
        _foreign_keys_aside(connection, engine),
        connection.begin(),
    ):
        if not is_sqlite(engine):
            lock = text("SELECT pg_advisory_xact_lock(:lock)")
            await connection.execute(lock, {"lock": ADVISORY_LOCK})
        await connection.run_sync(_upgrade)


async def current(engine: AsyncEngine) -> str | None:
    """The database's revision; None when it has no schema yet.

    Raises:
        UnreachableDatabaseError: the database cannot be reached.
    """
    async with _connect(engine) as connection:
        return await connection.run_sync(_revision)


async def check(engine: AsyncEngine) -> None:
    """Return if the database has exactly this version's schema.

    Raises:
        OutdatedDatabaseError: it has none, or an older one.
        NewerDatabaseError: its revision is not known to this version.
        UnreachableDatabaseError: the database cannot be reached.
    """
    revision = await current(engine)
    scripts = ScriptDirectory.from_config(_config())
    _refuse_newer(revision, scripts)
    head = scripts.get_current_head()
    if revision != head:
        have = "has no tables yet" if revision is None else f"is at revision {revision}"
        raise OutdatedDatabaseError(
            f"The database {have}, and this version needs revision {head}. "
            "Nothing was changed; run `onboard db upgrade`."
        )


def head() -> str:
    """The revision that this version needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


@asynccontextmanager
async def _connect(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection, or a sentence why there is none; the URL is shown without its password."""
    connection = engine.connect()
    try:
        if is_sqlite(engine) and engine.url.database:
            await asyncio.to_thread(_open_once, engine.url.database)
        await connection.start()
    except (sqlite3.Error, DBAPIError) as error:
        url = engine.url.render_as_string(hide_password=True)
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise UnreachableDatabaseError(
            f"The database at {url} cannot be reached: {reason}. Nothing was changed; "
            "see that it runs and that DATABASE_URL is right, then start again."
        ) from error
    try:
        yield connection
    finally:
        await connection.close()


def _open_once(path: str) -> None:
    """Raise if SQLite cannot open the file; aiosqlite would leave a thread behind to complain."""
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
        connection.execute("PRAGMA schema_version").fetchone()


def _config() -> Config:
    config = Config()
    # A percent sign in the path would otherwise be taken for interpolation.
    folder = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config.set_main_option("script_location", folder)
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    config = _config()
    _refuse_newer(_revision(connection), ScriptDirectory.from_config(config))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_newer(revision: str | None, scripts: ScriptDirectory) -> None:
    if revision is None:
        return
    try:
        scripts.get_revision(revision)
    except (CommandError, ResolutionError):
        raise NewerDatabaseError(
            f"The database is at revision {revision}, which this version does not know; it was "
            "made by a newer version. Nothing was changed; install that version, or restore a "
            "backup that was made before it."
        ) from None


@asynccontextmanager
async def _foreign_keys_aside(
    connection: AsyncConnection, engine: AsyncEngine
) -> AsyncIterator[None]:
    """On SQLite, switch foreign keys off meanwhile: making a table anew drops the old one.

    With them on, that drop would delete every row that refers to the table. The pragma does
    nothing within a transaction, so it is set on the driver's connection before one begins.
    """
    if not is_sqlite(engine):
        yield
        return
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    await driver.execute_fetchall("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        await driver.execute_fetchall("PRAGMA foreign_keys = ON")
