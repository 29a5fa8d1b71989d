"""What is to be looked at because a system told of a change, on both databases."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.customer import Connection, Customer, Grant, Purpose
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.tick import WATCHED
from bot.storage.store import SqlStore
from tests.storage.kit import NOW, AddCustomer

SOON, LEASE = NOW + timedelta(seconds=2), timedelta(minutes=5)


async def test_changes_are_gathered_and_due_when_the_first_one_is(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        await tx.ticks.note(customer.id, {"b", "a"}, SOON)
        await tx.ticks.note(customer.id, {"c"}, SOON + timedelta(seconds=1))
    async with store.transaction() as tx:
        assert await tx.ticks.claim(NOW, LEASE, 10) == []
        (tick,) = await tx.ticks.claim(SOON, LEASE, 10)
    assert (tick.items, tick.version, tick.runs) == (frozenset("abc"), 2, 0)
    async with store.transaction() as tx:
        assert await tx.ticks.done(tick)
        assert await tx.ticks.claim(SOON + 2 * LEASE, LEASE, 10) == []


async def test_what_changes_during_a_look_stays_due(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        await tx.ticks.note(customer.id, {"a"}, SOON)
    async with store.transaction() as tx:
        (tick,) = await tx.ticks.claim(SOON, LEASE, 10)
        await tx.ticks.note(customer.id, {"b"}, SOON + timedelta(seconds=2))
        assert not await tx.ticks.done(tick)
        (again,) = await tx.ticks.claim(SOON + timedelta(seconds=2), LEASE, 10)
    assert again.items == {"a", "b"}


async def test_one_whose_process_died_comes_back_after_its_lease(
    store: SqlStore, other: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        await tx.ticks.note(customer.id, {"a"}, NOW)
        (tick,) = await tx.ticks.claim(NOW, LEASE, 10)
        await tx.ticks.save(replace(tick, since=NOW, runs=1))
    async with other.transaction() as tx:
        assert await tx.ticks.claim(NOW + LEASE - timedelta(seconds=1), LEASE, 10) == []
        (again,) = await tx.ticks.claim(NOW + LEASE, LEASE, 10)
    assert (again.items, again.since, again.runs) == ({"a"}, NOW, 1)


async def test_two_processes_never_claim_the_same(
    store: SqlStore, other: SqlStore, add_customer: AddCustomer
) -> None:
    customers = [await add_customer() for _ in range(3)]
    async with store.transaction() as tx:
        for one in customers:
            await tx.ticks.note(one.id, {"a"}, NOW)
    async with store.transaction() as tx:
        mine = await tx.ticks.claim(NOW, LEASE, 2)
    async with other.transaction() as tx:
        theirs = await tx.ticks.claim(NOW, LEASE, 5)
    assert sorted(tick.customer_id for tick in [*mine, *theirs]) == [one.id for one in customers]


async def test_who_is_watched_and_has_nothing_due_is_idle_until_the_next_night_is_planned(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    one, two, over = [await add_customer() for _ in range(3)]
    async with store.transaction() as tx:
        await tx.customers.save(replace(over, stage=Stage.ACCEPTED))
        assert await tx.ticks.idle(WATCHED, 1) == [(one.id, one.timezone)]
        await tx.ticks.note(one.id, (), NOW)
        assert await tx.ticks.idle(WATCHED, 9) == [(two.id, two.timezone)]
        (tick,) = await tx.ticks.claim(NOW, LEASE, 9)
        assert tick.items == frozenset()
        assert await tx.ticks.done(tick, SOON)
        assert len(await tx.ticks.idle(WATCHED, 9)) == 1
        await tx.ticks.note(one.id, {"a"}, NOW)
        (told,) = await tx.ticks.claim(NOW, LEASE, 9)
        assert told.items == {"a"}
        assert await tx.ticks.done(told)
        assert len(await tx.ticks.idle(WATCHED, 9)) == 2


async def test_whose_a_company_is_and_a_proof_of_support_is_nobodys(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    one, two = await add_customer(), await add_customer()
    mine = Connection(one.id, System.QBO, "123", Grant.REFRESH_TOKEN)
    async with store.transaction() as tx:
        await tx.connections.put(mine)
        await tx.connections.put(replace(mine, customer_id=two.id))
        await tx.connections.put(replace(mine, external_id="9", purpose=Purpose.SUPPORT))
        await tx.connections.put(replace(mine, external_id="7", system=System.PROCORE))
        assert await tx.connections.whose(System.QBO) == {"123": {one.id, two.id}}
