"""The same tests on both databases: SQLite in a file, and PostgreSQL."""

import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import Customer, NewCustomer
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.tables import Row
from bot.storage.vault import Vault
from tests.storage.kit import EVERY_DATABASE, KEY, NOW, AddCustomer, FixedClock
from tests.storage.postgres import create_database, emptying, upgrade, upgraded


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


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=EVERY_DATABASE)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the present schema and no rows (in memory: still empty)."""
    if request.param == "memory":
        return "sqlite://"
    if request.param == "file":
        shutil.copy(request.getfixturevalue("upgraded_file"), tmp_path / "test.db")
        return f"sqlite:///{tmp_path / 'test.db'}"
    emptied: Callable[[], str] = request.getfixturevalue("emptied_postgres")
    return emptied()


@pytest.fixture
async def engine(database: str, upgraded_file: Path) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database)
    if database == "sqlite://":
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


@pytest.fixture
async def other(database: str, store: SqlStore) -> AsyncIterator[SqlStore]:
    """A second store on the same database, as another process would have; in memory the same."""
    if database == "sqlite://":
        yield store
        return
    engine = make_engine(database)
    yield SqlStore(engine, Vault(KEY))
    await engine.dispose()


@pytest.fixture
def add_customer(store: SqlStore) -> AddCustomer:
    """Adds a customer with a new name."""
    numbers = itertools.count(1)

    async def add() -> Customer:
        number = next(numbers)
        async with store.transaction() as tx:
            return await tx.customers.add(NewCustomer(f"acme-{number}", f"Acme {number}"), NOW)

    return add


@pytest.fixture
async def customer(add_customer: AddCustomer) -> Customer:
    return await add_customer()
