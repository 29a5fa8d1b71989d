"""From every earlier revision, with rows in every table: nothing is lost, and nothing has to stop.

While a new version has upgraded the database and an old one still runs, the old one goes on writing
rows with the columns that it knows. So no revision may take a column or a table away that an
earlier version writes, and each new column needs a default: that is what is tested here.
"""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
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
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.model import System
from bot.storage import schema, upgrading
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.storage.kit import FILE_AND_POSTGRES, KEY, NOW
from tests.storage.postgres import create_database

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(upgrading.config()).walk_revisions()))
]
EARLIER = REVISIONS[:-1]
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


@pytest.fixture(params=FILE_AND_POSTGRES)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgres":
        name = f"from {request.node.callspec.params['revision']}"
        url = create_database(request.getfixturevalue("postgres"), name)
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
        return date(2026, 3, number)
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


def known(connection: Connection) -> MetaData:
    """The tables as they are now."""
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def write(connection: Connection, tables: MetaData, number: int) -> None:
    for table in tables.sorted_tables:
        if table.name != "purge":
            # A line of it would make the history of that customer removable.
            connection.execute(table.insert().values(row(table, number)))


def read(connection: Connection, tables: MetaData) -> dict[str, list[tuple[Any, ...]]]:
    """Everything, in the columns of those tables."""
    return {
        table.name: sorted(map(tuple, connection.execute(select(table))), key=str)
        for table in tables.sorted_tables
    }


def to(connection: Connection, revision: str) -> None:
    config = upgrading.config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def begin_at(engine: AsyncEngine, revision: str) -> MetaData:
    """A database of that time, with a row in every table."""
    async with engine.begin() as connection:
        await connection.run_sync(to, revision)
    async with engine.begin() as connection:
        tables = await connection.run_sync(known)
        await connection.run_sync(write, tables, 1)
    return tables


@pytest.mark.parametrize("revision", EARLIER)
async def test_from_every_earlier_revision_nothing_is_lost_and_the_old_version_goes_on(
    empty: AsyncEngine, revision: str
) -> None:
    tables = await begin_at(empty, revision)
    async with empty.connect() as connection:
        before = await connection.run_sync(read, tables)
    await schema.upgrade(empty)
    await schema.check(empty)
    async with empty.begin() as connection:
        # In the old columns' names: had one been taken away, this would fail.
        assert await connection.run_sync(read, tables) == before
        await connection.run_sync(write, tables, 2)
    store = SqlStore(empty, Vault(KEY))
    async with store.transaction() as tx:
        first, second = await tx.customers.all()
        for customer in (first, second):
            assert len(await tx.history.of(customer.id)) == 1
            connection_ = await tx.connections.get(customer.id, System.QBO)
            assert connection_ is not None
            assert connection_.tokens.refresh_token == f"refresh_token {customer.id}"
            assert await tx.decisions.reviewed(customer.id, System.QBO)
        await tx.customers.save(first)
    assert await store.purge(first.id, "U1", NOW)


def test_the_revisions_are_one_line() -> None:
    """Two that follow the same one would leave it open which comes first."""
    scripts = ScriptDirectory.from_config(upgrading.config())
    assert len(scripts.get_heads()) == 1
    assert sorted(REVISIONS) == REVISIONS
    assert len(EARLIER) >= 7
