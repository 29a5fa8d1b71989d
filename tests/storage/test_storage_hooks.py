"""Webhooks that the bot set up, on both databases."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.customer import Connection, Customer, Grant, Purpose
from bot.domain.hook import Hook
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.tick import WATCHED
from bot.storage.store import SqlStore
from tests.storage.kit import NOW, AddCustomer

DAY = timedelta(days=1)


async def connect(store: SqlStore, customer: Customer, **changes: object) -> None:
    made = Connection(customer.id, System.PROCORE, "8", Grant.REFRESH_TOKEN, connected_at=NOW)
    async with store.transaction() as tx:
        await tx.connections.put(replace(made, **changes))  # type: ignore[arg-type]


async def claim(store: SqlStore, later: timedelta = timedelta(0), limit: int = 9) -> list[Hook]:
    async with store.transaction() as tx:
        return list(await tx.hooks.claim(WATCHED, NOW + later, NOW + later - DAY, limit))


async def test_each_company_is_claimed_once_and_again_when_its_try_failed_long_ago(
    store: SqlStore, other: SqlStore, add_customer: AddCustomer
) -> None:
    one, two = await add_customer(), await add_customer()
    await connect(store, one)
    await connect(store, two)
    (first,), (second,) = await claim(store, limit=1), await claim(other)
    assert [first.customer_id, second.customer_id] == [one.id, two.id]
    assert await claim(store) == []
    async with store.transaction() as tx:
        await tx.hooks.put(replace(first, hook_id="43", problem="", told="Projects"))
        await tx.hooks.put(replace(second, problem="not allowed", told="not allowed"))
    assert await claim(store, DAY - timedelta(seconds=1)) == []
    (again,) = await claim(store, DAY)
    assert (again.customer_id, again.is_live, again.told) == (two.id, False, "not allowed")
    async with store.transaction() as tx:
        kept = await tx.hooks.get(one.id)
        assert kept is not None
        assert (kept.hook_id, kept.is_live) == ("43", True)
        await tx.hooks.delete(one.id)
        assert await tx.hooks.get(one.id) is None


async def test_a_new_sign_in_counts_and_who_is_not_watched_or_broken_or_quickbooks_does_not(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    live, over, broken, books, proof = [await add_customer() for _ in range(5)]
    await connect(store, live)
    await connect(store, over)
    await connect(store, broken, broken="dead")
    await connect(store, books, system=System.QBO)
    await connect(store, proof, purpose=Purpose.SUPPORT)
    async with store.transaction() as tx:
        await tx.customers.save(replace(over, stage=Stage.ACCEPTED))
    (claimed,) = await claim(store)
    assert claimed.customer_id == live.id
    async with store.transaction() as tx:
        await tx.hooks.put(replace(claimed, problem=""))
    await connect(store, live, connected_at=NOW + DAY)
    assert [one.connected_at for one in await claim(store)] == [NOW + DAY]
