"""Engines: how to talk to each of the two databases.

SQLite follows SQLAlchemy's recipe (dialects/sqlite, "Using SQLAlchemy to emit BEGIN in lieu of
SQLite's transaction control"), with BEGIN IMMEDIATE: a transaction that will write after it has
read takes its turn at once, because SQLite cannot let it wait later. The recipe listens to the
engine's event, and an engine with any listener tells of all its events at every statement; here
the dialect begins instead.
"""

import sqlite3
from functools import partial
from pathlib import Path

import aiosqlite
from sqlalchemy import URL, AsyncAdaptedQueuePool, Pool, StaticPool, event, make_url
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.storage.one_trip import OneTripConnection

BUSY_TIMEOUT_MS = 15_000
CONNECT_TIMEOUT_S = 10
POOL_RECYCLE_S = 1_800
MOST_CONNECTIONS = 20
"""Connections of one process to PostgreSQL; the store lets no more transactions begin."""

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


class DatabaseUrlError(Exception):
    """The database's URL cannot be used; the message says what to write, and hides passwords."""

    for_people = True


def make_engine(database_url: str) -> AsyncEngine:
    """An engine for ``sqlite:///path``, ``sqlite://`` (in memory) or ``postgresql://…``.

    Raises:
        DatabaseUrlError: the URL is of neither database.
    """
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise DatabaseUrlError(_advice("is not a URL")) from None
    driver = DRIVERS.get(url.drivername)
    if driver is None:
        raise DatabaseUrlError(_advice(f"names {url.drivername}"))
    url = url.set(drivername=driver)
    return _sqlite(url) if is_sqlite_url(url) else _postgresql(url)


def is_sqlite_url(url: URL) -> bool:
    """True for SQLite, False for PostgreSQL."""
    return url.get_backend_name() == "sqlite"


def is_sqlite(engine: AsyncEngine) -> bool:
    """True for SQLite, False for PostgreSQL."""
    return engine.dialect.name == "sqlite"


def _advice(fault: str) -> str:
    return (
        f"DATABASE_URL {fault}; write sqlite:///path/to/file.db, "
        "or postgresql://user:password@host/database."
    )


def _sqlite(url: URL) -> AsyncEngine:
    if not url.database or url.database == ":memory:":
        # A database in memory lives as long as its one connection.
        engine = _sqlite_engine(url, StaticPool)
    else:
        _check_folder(Path(url.database))
        engine = _sqlite_engine(url, AsyncAdaptedQueuePool)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    engine.sync_engine.dialect.do_begin = _begin_immediate  # type: ignore[assignment]
    return engine


def _sqlite_engine(url: URL, pool: type[Pool]) -> AsyncEngine:
    arguments, named = SQLiteDialect_aiosqlite().create_connect_args(url)

    async def connect() -> aiosqlite.Connection:
        return await OneTripConnection(partial(sqlite3.connect, *arguments, **named))

    return create_async_engine(url, async_creator=connect, poolclass=pool, hide_parameters=True)


def _check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise DatabaseUrlError(
            f"DATABASE_URL names a file whose folder {path.parent} does not exist; "
            "make the folder, or name another file."
        )


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # First of all, so that the switch to WAL waits when another process is making it.
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: what was acknowledged to Slack must survive a power cut.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_immediate(connection: PoolProxiedConnection) -> None:
    driver = connection.driver_connection
    assert isinstance(driver, OneTripConnection)
    driver.begin_with_the_next()


def _postgresql(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        # An error would otherwise quote what was to be stored, and end up in a log.
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=MOST_CONNECTIONS // 2,
        max_overflow=MOST_CONNECTIONS // 2,
        pool_pre_ping=True,
        pool_recycle=POOL_RECYCLE_S,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )
