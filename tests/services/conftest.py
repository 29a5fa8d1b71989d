"""A world for each test of the use cases."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.customer import Customer
from bot.storage.store import SqlStore
from tests.fakes.store import make_store
from tests.services.world import World, sydney


@pytest.fixture
async def store() -> AsyncIterator[SqlStore]:
    async with make_store() as fresh:
        yield fresh


@pytest.fixture
def world(store: SqlStore) -> World:
    return World(store)


@pytest.fixture
async def acme(world: World) -> Customer:
    """A customer with its channel; its systems are in order, and nothing was checked yet."""
    return await world.customer()


@pytest.fixture
async def open_acme(world: World, acme: Customer) -> Customer:
    """One cost code without a target; it is Tuesday, nine o'clock, and the reminder is due."""
    world.break_codes()
    world.clock.set(sydney(24))
    return acme
