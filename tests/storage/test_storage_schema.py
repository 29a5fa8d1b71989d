"""The schema comes from the migrations, agrees with the models, and a wrong one is refused."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from setuptools import find_packages
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import Channel, HistoryEntry, NewCustomer
from bot.storage import schema, upgrading
from bot.storage.engine import make_engine
from bot.storage.rows import tell_postgresql
from bot.storage.store import SqlStore
from bot.storage.tables import Row
from bot.storage.vault import Vault
from tests.storage.kit import EVERY_DATABASE, FILE_AND_POSTGRES, KEY, NOW
from tests.storage.postgres import create_database

ROOT = Path(__file__).parents[2]
HEAD = schema.head()


@pytest_asyncio.fixture(params=EVERY_DATABASE, loop_scope="session")
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An engine on a database without any table."""
    url = {"memory": "sqlite://", "file": f"sqlite:///{tmp_path / 'new.db'}"}.get(request.param)
    if url is None:
        url = create_database(request.getfixturevalue("postgres"), "schema")
    engine = make_engine(url)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(params=FILE_AND_POSTGRES, loop_scope="session")
async def own(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An engine on a copy of an upgraded database, whose schema the test may change."""
    url = f"sqlite:///{tmp_path / 'own.db'}"
    if request.param == "file":
        shutil.copy(request.getfixturevalue("upgraded_file"), tmp_path / "own.db")
    else:
        template = request.getfixturevalue("postgres_template")
        server, name = request.getfixturevalue("postgres"), f"own {request.node.name}"[:50]
        url = create_database(server, name, template)
    engine = make_engine(url)
    yield engine
    await engine.dispose()


async def _on(engine: AsyncEngine, read: Callable[[Connection], object]) -> object:
    async with engine.begin() as connection:
        return await connection.run_sync(read)


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    tell_postgresql(Row.metadata)
    return compare_metadata(context, Row.metadata)


async def test_an_empty_database_gets_every_table(empty: AsyncEngine) -> None:
    assert await schema.current(empty) is None
    with pytest.raises(schema.OutdatedDatabaseError, match=r"has no tables yet.*db upgrade"):
        await schema.check(empty)
    await schema.upgrade(empty)
    await schema.check(empty)
    assert await schema.current(empty) == schema.head()
    assert await _on(empty, _tables) == {*Row.metadata.tables, "alembic_version"}


async def test_migrations_and_models_agree(engine: AsyncEngine) -> None:
    assert await _on(engine, _differences) == []


async def test_indexes_for_what_must_happen_once_are_there(engine: AsyncEngine) -> None:
    """Alembic does not compare the conditions of partial indexes, so this test does."""

    def conditions(connection: Connection) -> dict[str, str]:
        found = inspect(connection).get_indexes("outbox")
        options = {str(index["name"]): index.get("dialect_options", {}) for index in found}
        return {
            name: str(value)
            for name, one in options.items()
            for key, value in one.items()
            if key.endswith("_where")
        }

    found = await _on(engine, conditions)
    assert isinstance(found, dict)
    names = ("ix_outbox_waiting", "ix_outbox_channel", "ix_outbox_parked", "uq_outbox_in_flight")
    assert set(found) == set(names)
    assert "parked" in found["ix_outbox_parked"]
    assert "waiting" in found["ix_outbox_waiting"]
    assert "waiting" in found["ix_outbox_channel"]
    assert "lease_owner IS NOT NULL" in found["uq_outbox_in_flight"]


async def test_an_upgrade_keeps_what_is_there(engine: AsyncEngine, store: SqlStore) -> None:
    """Running it again, with rows in it, changes nothing."""
    async with store.transaction() as tx:
        customer = await tx.customers.add(NewCustomer("acme", "Acme"), NOW)
        await tx.customers.link(Channel("C1", customer.id))
        await tx.history.append(HistoryEntry(customer.id, NOW, "U1", "started"))
    await schema.upgrade(engine)
    async with store.transaction() as tx:
        assert await tx.customers.by_channel("C1") == customer
        assert len(await tx.history.of(customer.id)) == 1


async def test_a_database_of_a_newer_version_is_refused_untouched(own: AsyncEngine) -> None:
    async with own.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refusing in (schema.check, schema.upgrade):
        with pytest.raises(schema.NewerDatabaseError, match="revision 9999, which this version"):
            await refusing(own)
    assert await schema.current(own) == "9999"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///{folder}",
        "sqlite:///{folder}/letter.txt",
        "postgresql://user:hush@/none?host={folder}",
    ],
    ids=["folder", "other file", "no server"],
)
async def test_a_database_that_is_not_there_gets_a_sentence(url: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, this is not a database. " * 50)
    engine = make_engine(url.format(folder=tmp_path))
    for reaching in (schema.check, schema.upgrade, schema.current):
        with pytest.raises(schema.UnreachableDatabaseError, match="cannot be reached") as error:
            await reaching(engine)
        assert "\n" not in str(error.value), "a log's lines are one each"
        assert "hush" not in str(error.value)
    await engine.dispose()


LATER = """
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("customer") as customer:
        customer.add_column(sa.Column("tier", sa.Text(), nullable=False, server_default="gold"))
        customer.alter_column("owner", nullable=True)
    {last}
"""


def test_the_revisions_that_are_known_are_those_that_upgrades_run() -> None:
    """Their names are read from their files: a start that finds nothing to do asks no Alembic."""
    scripts = ScriptDirectory.from_config(upgrading.config())
    found = [script.revision for script in scripts.walk_revisions()]
    assert list(schema._revisions()) == found[::-1]
    assert schema.head() == scripts.get_current_head()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Makes a later revision known, which alters a table that others refer to."""
    folder = tmp_path / "later"
    folder.mkdir()
    config, known = upgrading.config, schema._revisions()

    def make(last: str) -> None:
        (folder / "later.py").write_text(LATER.format(last=last, head=HEAD))

        def with_later() -> object:
            ours = config()
            script = ScriptDirectory.from_config(ours)
            ours.set_main_option("version_locations", f"{script.versions} {folder}")
            ours.set_main_option("path_separator", "space")
            return ours

        monkeypatch.setattr(upgrading, "config", with_later)
        monkeypatch.setattr(schema, "_revisions", lambda: (*known, "later"))

    return make


async def _with_a_customer(engine: AsyncEngine) -> SqlStore:
    store = SqlStore(engine, Vault(KEY))
    async with store.transaction() as tx:
        customer = await tx.customers.add(NewCustomer("acme", "Acme"), NOW)
        await tx.customers.link(Channel("C1", customer.id))
        await tx.history.append(HistoryEntry(customer.id, NOW, "U1", "started"))
    return store


async def test_making_a_table_anew_keeps_the_rows_that_refer_to_it(
    own: AsyncEngine, later: Callable[[str], None]
) -> None:
    store = await _with_a_customer(own)
    later("")
    with pytest.raises(schema.OutdatedDatabaseError, match=f"at revision {HEAD}.*needs revision"):
        await schema.check(own)
    await schema.upgrade(own)
    await schema.check(own)
    async with store.transaction() as tx:
        customer = await tx.customers.by_channel("C1")
        assert customer is not None
        assert len(await tx.history.of(customer.id)) == 1
        assert await tx.database.scalar(text("SELECT tier FROM customer")) == "gold"


async def test_an_upgrade_that_fails_leaves_everything_as_it_was(
    own: AsyncEngine, later: Callable[[str], None]
) -> None:
    store = await _with_a_customer(own)
    later("raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        await schema.upgrade(own)
    assert await schema.current(own) == HEAD

    def columns(connection: Connection) -> list[str]:
        return [column["name"] for column in inspect(connection).get_columns("customer")]

    assert "tier" not in str(await _on(own, columns))
    async with store.transaction() as tx:
        assert await tx.customers.by_channel("C1") is not None


def test_the_migrations_are_packaged() -> None:
    """Without these two in the wheel, an installed version could not make its schema."""
    packages = find_packages(str(ROOT), include=["bot*"])
    assert {"bot.storage.migrations", "bot.storage.migrations.versions"} <= set(packages)


@pytest.mark.parametrize("tries", [1, 0])
def test_a_file_that_others_begin_at_once_is_tried_again(
    tries: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever still reads it in its old form keeps SQLite from changing that."""
    path, waits = tmp_path / "new.db", []
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE one (id)")
        other.execute("BEGIN")
        other.execute("SELECT * FROM one").fetchall()

        def wait(seconds: float) -> None:
            waits.append(seconds)
            other.rollback()

        monkeypatch.setattr(schema, "BUSY_TIMEOUT_MS", 1)
        monkeypatch.setattr(schema, "LOG_TRIES", tries)
        monkeypatch.setattr(schema, "sleep", wait)
        if tries:
            schema._open_once(str(path))
            with closing(sqlite3.connect(path)) as later:
                assert later.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        else:
            with pytest.raises(sqlite3.OperationalError, match="database is locked"):
                schema._open_once(str(path))
    assert len(waits) == tries
