"""Through every revision, with rows in every table: nothing is lost, and nothing has to stop.

While a new version has upgraded the database and an old one still runs, the old one goes on writing
rows with the columns that it knows. So no revision may take a column or a table away that an
earlier version writes, and each new column needs a default: that is what is tested here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    Table,
    Time,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.model import System
from bot.storage import schema, upgrading
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.tables import Row
from bot.storage.vault import Vault
from tests.storage.kit import FILE_AND_POSTGRES, KEY, NOW
from tests.storage.postgres import create_database

SCRIPTS = ScriptDirectory.from_config(upgrading.config())
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
EARLIER = REVISIONS[:-1]
ORDER = {table.name: place for place, table in enumerate(Row.metadata.sorted_tables)}
"""A table comes after those that it refers to."""
OF_A_CUSTOMER = {
    "stage": "preparing",
    "timezone": "Australia/Sydney",
    "region": "AU-NSW",
    "mode": "either",
    "paused_from": None,
    "stuck_at": None,
    "handover_at": None,
}
AT = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)

Tables = Mapping[str, Table]
Written = Mapping[str, dict[str, Any]]
"""By table: the row."""


@dataclass
class Version:
    """What a version of that time knew and wrote."""

    first: int
    """The number of the rows that it wrote before the upgrade; ``second``: after it."""
    tables: Tables
    written: Written

    @property
    def second(self) -> int:
        return self.first + len(EARLIER)


@pytest_asyncio.fixture(params=FILE_AND_POSTGRES, loop_scope="session")
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgres":
        url = create_database(request.getfixturevalue("postgres"), "revisions")
    engine = make_engine(url)
    yield engine
    await engine.dispose()


def value(column: Column[Any], number: int) -> Any:
    """Something that the column takes; another ``number`` gives another key."""
    kind = column.type
    if column.name == "customer_id":
        return number
    if column.name in ("system", "grant_type", "purpose"):
        return {"system": "qbo", "grant_type": "refresh_token", "purpose": "customer"}[column.name]
    if column.name in ("external_id", "access_token", "refresh_token", "secret"):
        return Vault(KEY).encrypt(f"{column.name} {number}")
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, DateTime):
        # SQLite reflects a type that takes no zone; what it stores is UTC.
        return AT if kind.timezone else AT.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date(2026, 3, 1) + timedelta(days=number)
    if isinstance(kind, Time):
        return time(9, 0)
    return number if isinstance(kind, Integer) else f"{column.name} {number}"


def row(table: Table, number: int) -> dict[str, Any]:
    """A row as a version of that time wrote it: every column that it knew."""
    made = {column.name: value(column, number) for column in table.columns}
    if table.name == "customer":
        made |= {name: made_of for name, made_of in OF_A_CUSTOMER.items() if name in made}
    if table.name == "outbox":
        made |= {"state": "sent", "lease_owner": None}
    return made


def known(connection: Connection, earlier: Tables) -> Tables:
    """The tables as they are now, in an order in which they can be written."""
    found = {}
    for (_, name), columns in inspect(connection).get_multi_columns().items():
        table = earlier.get(name)
        # The same object where nothing changed, so that its statements are compiled only once.
        if table is None or table.columns.keys() != [column["name"] for column in columns]:
            made = (Column(column["name"], column["type"]) for column in columns)
            table = Table(name, MetaData(), *made)
        found[name] = table
    del found["alembic_version"]
    return dict(sorted(found.items(), key=lambda one: ORDER.get(one[0], len(ORDER))))


def write(connection: Connection, tables: Tables, number: int) -> Written:
    """A row in each table."""
    # A line of ``purge`` would make the history of that customer removable.
    made = {name: row(table, number) for name, table in tables.items() if name != "purge"}
    for name, one in made.items():
        connection.execute(tables[name].insert(), one)
    return made


def to(connection: Connection, revision: str) -> None:
    config = upgrading.config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def step_by_step(connection: Connection, versions: dict[str, Version]) -> None:
    """All revisions, within the one transaction; at each the version of that time writes."""
    tables: Tables = {}
    for number, revision in enumerate(EARLIER, 1):
        to(connection, revision)
        tables = known(connection, tables)
        versions[revision] = Version(number, tables, write(connection, tables, number))
    to(connection, REVISIONS[-1])


def go_on(connection: Connection, version: Version) -> str:
    """What an old version would miss now, or why it could not write; empty: all is well."""
    lost = []
    try:
        with connection.begin_nested():
            for name, made in version.written.items():
                # In the old columns' names: had one been taken away, this would fail.
                rows = connection.execute(select(version.tables[name])).mappings()
                lost += [] if made in map(dict, rows) else [name]
            write(connection, version.tables, version.second)
    except DBAPIError as error:
        return str(error.orig)
    return ", ".join(lost)


async def seen(store: SqlStore, version: Version) -> list[object]:
    """What this version finds of the customers that an old one wrote before and after."""
    found: list[object] = []
    async with store.transaction() as tx:
        for number in (version.first, version.second):
            customer = await tx.customers.by_id(number)
            assert customer is not None
            await tx.customers.save(customer)
            connection = await tx.connections.get(number, System.QBO)
            found += [
                len(await tx.history.of(number)),
                connection and connection.tokens.refresh_token,
                bool(await tx.decisions.reviewed(number, System.QBO)),
            ]
    return [*found, await store.purge(version.first, "U1", NOW)]


async def test_from_every_earlier_revision_nothing_is_lost_and_the_old_version_goes_on(
    empty: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One database goes all the way, so that each revision meets the rows of all before it."""
    versions: dict[str, Version] = {}
    monkeypatch.setattr(upgrading, "to_the_newest", partial(step_by_step, versions=versions))
    # Alembic would read every revision's file again at every step.
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _config: SCRIPTS)
    await schema.upgrade(empty)
    await schema.check(empty)
    async with empty.begin() as connection:
        wrong = {
            revision: await connection.run_sync(go_on, version)
            for revision, version in versions.items()
        }
    assert list(versions) == EARLIER
    assert {revision: what for revision, what in wrong.items() if what} == {}
    store = SqlStore(empty, Vault(KEY))
    for revision, version in versions.items():
        a, b = (f"refresh_token {number}" for number in (version.first, version.second))
        assert await seen(store, version) == [1, a, True, 1, b, True, True], revision


def test_the_revisions_are_one_line() -> None:
    """Two that follow the same one would leave it open which comes first."""
    assert len(SCRIPTS.get_heads()) == 1
    assert sorted(REVISIONS) == REVISIONS
    assert len(EARLIER) >= 7
