"""The store that other tests use is the real one."""

import asyncio

import pytest

from bot.domain.customer import NewCustomer
from tests.fakes.store import make_store
from tests.storage.kit import NOW


async def test_every_store_is_empty_and_survives_a_cancelled_statement() -> None:
    async with make_store() as first, make_store() as second:
        async with first.transaction() as tx:
            customer = await tx.customers.add(NewCustomer("acme", "Acme"), NOW)

        async def count() -> None:
            async with first.transaction() as tx:
                while True:
                    await tx.customers.all()

        task = asyncio.create_task(count())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with first.transaction() as tx:
            assert await tx.customers.all() == [customer]
        async with second.transaction() as tx:
            assert await tx.customers.all() == []
