"""The schema's revision: bring a database to it, tell which one it has, refuse a wrong one.

Upgrades (``upgrading``) run in one transaction on both databases, so one that fails leaves
everything as it was, and of two processes that start at once the second waits and then finds
nothing to do. Within one process upgrades go one after the other: Alembic keeps the running
environment in a global.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path
from time import sleep

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.engine import BUSY_TIMEOUT_MS, is_sqlite

ADVISORY_LOCK = 0x0B0A4D
"""Any number will do, as long as every version uses the same one."""
LOG_TRIES, LOG_PAUSE_S = 100, 0.05
"""How often, and how many seconds apart, to try again to begin a file's write-ahead log."""


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
    _refuse_newer(revision)
    if revision != head():
        have = "has no tables yet" if revision is None else f"is at revision {revision}"
        raise OutdatedDatabaseError(
            f"The database {have}, and this version needs revision {head()}. "
            "Nothing was changed; run `onboard db upgrade`."
        )


def head() -> str:
    """The revision that this version needs."""
    return _revisions()[-1]


@cache
def _revisions() -> tuple[str, ...]:
    """All that this version knows, oldest first: their files are named after them."""
    files = (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


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
        said = error.orig if isinstance(error, DBAPIError) else error
        # psycopg adds a question on a line of its own; a log's lines are one each.
        reason = str(said).partition("\n")[0].rstrip(".?")
        raise UnreachableDatabaseError(
            f"The database at {url} cannot be reached: {reason}. Nothing was changed; "
            "see that it runs and that DATABASE_URL is right, then start again."
        ) from error
    try:
        yield connection
    finally:
        await connection.close()


def _open_once(path: str) -> None:
    """Raise if SQLite cannot open the file; aiosqlite would leave a thread behind to complain.

    A new file begins its write-ahead log here. Of several processes that begin it at once SQLite
    refuses some right away, however long they are told to wait: each holds what another needs.
    """
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
        connection.execute("PRAGMA schema_version").fetchone()
        for attempt in range(LOG_TRIES + 1):
            try:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if attempt == LOG_TRIES or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                sleep(LOG_PAUSE_S)
            else:
                return


def _revision(connection: Connection) -> str | None:
    """What Alembic noted there."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    revision = _revision(connection)
    _refuse_newer(revision)
    if revision != head():
        from bot.storage import upgrading

        upgrading.to_the_newest(connection)


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in _revisions():
        raise NewerDatabaseError(
            f"The database is at revision {revision}, which this version does not know; it was "
            "made by a newer version. Nothing was changed; install that version, or restore a "
            "backup that was made before it."
        )


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
