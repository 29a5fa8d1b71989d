"""The same tests on both databases: SQLite in a file, and PostgreSQL.

All tests of this folder share one event loop, so that what is connected stays so from test to
test: to connect anew takes longer than most of what they ask. Each finds a database without rows.
"""

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import Customer, NewCustomer
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.tables import Row
from bot.storage.vault import Vault
from tests.storage.kit import EVERY_DATABASE, KEY, NOW, AddCustomer, FixedClock
from tests.storage.postgres import create_database, emptying, upgrade, upgraded

Connected = dict[tuple[str, str], AsyncEngine]
"""Engines by their URL and whose they are."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if item.nodeid.startswith("tests/storage/") and pytest_asyncio.is_async_test(item):
            item.add_marker(mark, append=False)


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of a database with the present schema, to make others like it."""
    return upgraded(postgres)


@pytest.fixture(scope="session")
def emptied_postgres(postgres: str, postgres_template: str) -> Iterator[Callable[[], str]]:
    """Gives the URL of a database with the present schema, without the rows of other tests."""
    url = create_database(postgres, "contract", postgres_template)
    with emptying(url, [table.name for table in reversed(Row.metadata.sorted_tables)]) as empty:

        def emptied() -> str:
            empty()
            return url

        yield emptied


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def emptied_file(upgraded_file: Path) -> Iterator[Callable[[], str]]:
    """Gives the URL of a file with the present schema, without the rows of other tests."""
    path = upgraded_file.with_name("contract.db")
    with closing(sqlite3.connect(upgraded_file)) as template, closing(sqlite3.connect(path)) as to:

        def emptied() -> str:
            template.backup(to)
            return f"sqlite:///{path}"

        yield emptied


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=EVERY_DATABASE)
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the present schema and no rows (in memory: still empty)."""
    if request.param == "memory":
        return "sqlite://"
    emptied: Callable[[], str] = request.getfixturevalue(f"emptied_{request.param}")
    return emptied()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def connected() -> AsyncIterator[Connected]:
    """The engines that stay."""
    engines: Connected = {}
    yield engines
    for engine in engines.values():
        await engine.dispose()


@contextlib.asynccontextmanager
async def _kept(url: str, owner: str, connected: Connected) -> AsyncIterator[AsyncEngine]:
    """An engine of its owner's, for the next test as well if this one gives all back."""
    engine = connected.pop((url, owner), None) or make_engine(url)
    yield engine
    pool = engine.sync_engine.pool
    assert isinstance(pool, QueuePool)
    if not pool.checkedout():
        connected[url, owner] = engine
        return
    # What a failed test left under way ends here, as it would with a loop of its own.
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def engine(
    database: str, upgraded_file: Path, connected: Connected
) -> AsyncIterator[AsyncEngine]:
    if database != "sqlite://":
        async with _kept(database, "the first", connected) as engine:
            yield engine
        return
    engine = make_engine(database)
    with closing(sqlite3.connect(upgraded_file)) as template:
        script = "\n".join(template.iterdump())
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.executescript(script)
    yield engine
    await engine.dispose()


@pytest.fixture
def store(engine: AsyncEngine) -> SqlStore:
    return SqlStore(engine, Vault(KEY))


@pytest_asyncio.fixture(loop_scope="session")
async def other(database: str, store: SqlStore, connected: Connected) -> AsyncIterator[SqlStore]:
    """A second store on the same database, as another process would have; in memory the same."""
    if database == "sqlite://":
        yield store
        return
    async with _kept(database, "the other", connected) as engine:
        yield SqlStore(engine, Vault(KEY))


@pytest.fixture
def add_customer(store: SqlStore) -> AddCustomer:
    """Adds a customer with a new name."""
    numbers = itertools.count(1)

    async def add() -> Customer:
        number = next(numbers)
        async with store.transaction() as tx:
            return await tx.customers.add(NewCustomer(f"acme-{number}", f"Acme {number}"), NOW)

    return add


@pytest_asyncio.fixture(loop_scope="session")
async def customer(add_customer: AddCustomer) -> Customer:
    return await add_customer()
