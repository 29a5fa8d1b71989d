"""Which URLs are taken, and how each database is spoken to."""

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.storage.engine import DatabaseUrlError, make_engine
from bot.storage.one_trip import OneTripConnection
from bot.storage.store import SqlStore
from tests.storage.postgres import EMPTYING


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite"),
        ("sqlite://", "sqlite+aiosqlite"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
    ],
)
def test_every_way_to_write_the_url_finds_its_driver(url: str, driver: str) -> None:
    assert make_engine(url).url.drivername == driver


@pytest.mark.parametrize("url", ["mysql://u:hush@h/d", "postgresql+asyncpg://u:hush@h/d", "hush"])
def test_other_urls_get_advice_without_the_password(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="write sqlite:///") as error:
        make_engine(url)
    assert "hush" not in str(error.value)


def test_a_file_in_a_missing_folder_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError, match=r"folder .*missing does not exist"):
        make_engine(f"sqlite:///{tmp_path}/missing/test.db")


async def test_sqlite_in_a_file_waits_keeps_and_checks(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/test.db")
    pragmas = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
    async with engine.connect() as connection:
        values = [await connection.scalar(text(f"PRAGMA {pragma}")) for pragma in pragmas]
    await engine.dispose()
    assert values == ["wal", 1, 15_000, 2]


async def test_a_statement_goes_to_sqlites_thread_once(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/test.db")
    async with engine.begin() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, OneTripConnection)
        with patch.object(driver, "_execute", wraps=driver._execute) as trips:
            found = await connection.execute(text("SELECT 1 AS one UNION SELECT 2"))
    await engine.dispose()
    assert found.all() == [(1,), (2,)]
    assert trips.await_count == 1


async def test_a_transaction_begins_with_its_first_statement_and_ends_once(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/test.db")
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, OneTripConnection)
        with patch.object(driver, "_execute", wraps=driver._execute) as trips:
            async with connection.begin():
                pass
            assert trips.await_count == 0, "nothing was said"
            async with connection.begin():
                await connection.execute(text("CREATE TABLE one (id INTEGER)"))
                assert driver.in_transaction
            assert trips.await_count == 2
            async with connection.begin() as transaction:
                await connection.execute(text("INSERT INTO one VALUES (1)"))
                await transaction.rollback()
            assert trips.await_count == 4
        found = await connection.execute(text("SELECT * FROM one"))
    await engine.dispose()
    assert found.all() == []


async def test_a_statement_whose_transaction_could_not_begin_is_not_run(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/test.db")
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        async with engine.connect() as connection:
            await connection.execute(text("CREATE TABLE one (id INTEGER)"))
            await connection.commit()
            await connection.execute(text("PRAGMA busy_timeout = 0"))
            await connection.commit()
            other.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(OperationalError, match="locked"):
                    await connection.execute(text("INSERT INTO one VALUES (1)"))
            other.execute("ROLLBACK")
            await connection.rollback()
            assert (await connection.execute(text("SELECT * FROM one"))).all() == []
    await engine.dispose()


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_a_database_that_was_restarted_is_used_again_without_an_error(
    store: SqlStore, database: str
) -> None:
    """As when PostgreSQL restarts between two transactions: every connection is gone."""
    async with store.transaction() as tx:
        assert await tx.customers.all() == []
    with psycopg.connect(database, autocommit=True) as operator:
        ended = operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND application_name <> %s",
            [EMPTYING],
        ).fetchall()
    assert ended
    async with store.transaction() as tx:
        assert await tx.customers.all() == []
