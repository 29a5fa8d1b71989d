"""A world for each test of the use cases."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.customer import Customer
from bot.storage.store import SqlStore
from tests.fakes.store import begun, make_store
from tests.services.world import World, sydney


@pytest.fixture
async def store(request: pytest.FixtureRequest) -> AsyncIterator[SqlStore]:
    """Empty, as it is when ``acme`` was just created, or as the module's ``begin`` leaves it."""
    begin = getattr(request.module, "begin", _create if "acme" in request.fixturenames else None)
    content = b""
    if begin is not None:
        content = await begun(begin.__module__, lambda empty: begin(World(empty)))
    async with make_store(content) as fresh:
        yield fresh


async def _create(world: World) -> None:
    await world.customer()


@pytest.fixture
def world(store: SqlStore) -> World:
    return World(store)


@pytest.fixture
async def acme(world: World) -> Customer:
    """A customer with its channel; its systems are in order, and nothing was checked yet."""
    return await world.get()


@pytest.fixture
async def open_acme(world: World, acme: Customer) -> Customer:
    """One cost code without a target; it is Tuesday, nine o'clock, and the reminder is due."""
    world.break_codes()
    world.clock.set(sydney(24))
    return acme
