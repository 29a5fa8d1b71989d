"""One renewer per connection at a time, and new tokens that land where they belong."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from bot.domain.customer import Connection, Customer, Grant, Purpose, Tokens
from bot.domain.model import System
from bot.storage.keeper import StoreTokenKeeper
from bot.storage.only_one import OnlyOne
from bot.storage.store import SqlStore
from bot.storage.tables import LeaseRow
from tests.storage.kit import NOW, FixedClock

POLL = 0.005


@pytest_asyncio.fixture(loop_scope="session")
async def connection(store: SqlStore, customer: Customer) -> Connection:
    connection = Connection(
        customer.id,
        System.QBO,
        "9341453",
        Grant.REFRESH_TOKEN,
        Tokens("access-1", "refresh-1", NOW),
        connected_at=NOW,
    )
    async with store.transaction() as tx:
        await tx.connections.put(connection)
    return connection


@pytest.fixture
def keeper(store: SqlStore, clock: FixedClock) -> StoreTokenKeeper:
    return StoreTokenKeeper(store, clock, OnlyOne(store, clock, "first", poll=POLL))


@pytest.fixture
def other_keeper(other: SqlStore, clock: FixedClock) -> StoreTokenKeeper:
    return StoreTokenKeeper(other, clock, OnlyOne(other, clock, "second", poll=POLL))


async def test_only_one_renews_at_a_time(
    keeper: StoreTokenKeeper, other_keeper: StoreTokenKeeper, connection: Connection
) -> None:
    inside = 0
    seen: list[int] = []

    async def renew(by: StoreTokenKeeper) -> None:
        nonlocal inside
        async with by.renewing(connection):
            inside += 1
            await asyncio.sleep(0.005)
            seen.append(inside)
            inside -= 1

    await asyncio.gather(*(renew(by) for by in (keeper, other_keeper) for _ in range(3)))
    assert seen == [1] * 6


async def test_other_connections_do_not_wait(
    keeper: StoreTokenKeeper, other_keeper: StoreTokenKeeper, connection: Connection
) -> None:
    support = replace(connection, purpose=Purpose.SUPPORT)
    async with keeper.renewing(connection), asyncio.timeout(60), other_keeper.renewing(support):
        pass


async def test_no_transaction_is_open_while_somebody_renews(
    store: SqlStore, keeper: StoreTokenKeeper, connection: Connection
) -> None:
    async with keeper.renewing(connection), asyncio.timeout(60), store.transaction() as tx:
        assert await tx.connections.of(connection.customer_id) == [connection]


async def test_the_lease_of_a_dead_holder_is_taken_over_when_it_runs_out(
    keeper: StoreTokenKeeper,
    other_keeper: StoreTokenKeeper,
    connection: Connection,
    clock: FixedClock,
) -> None:
    # A process that is killed leaves its row behind; here nobody leaves the block.
    dead = keeper.renewing(connection)
    await dead.__aenter__()
    entered = asyncio.Event()

    async def take_over() -> None:
        async with other_keeper.renewing(connection):
            entered.set()

    waiting = asyncio.create_task(take_over())
    clock.forward(seconds=29.9)
    await asyncio.sleep(5 * POLL)
    assert not entered.is_set()
    clock.forward(seconds=0.1)
    await asyncio.wait_for(waiting, 60)
    assert entered.is_set()
    await dead.__aexit__(None, None, None)


async def test_a_slow_holder_keeps_the_lease_for_as_long_as_it_lives(
    store: SqlStore, other: SqlStore, connection: Connection, clock: FixedClock
) -> None:
    lease = timedelta(seconds=0.06)
    slow = StoreTokenKeeper(store, clock, OnlyOne(store, clock, "slow", lease=lease, poll=POLL))
    quick = StoreTokenKeeper(other, clock, OnlyOne(other, clock, "quick", lease=lease, poll=POLL))
    order: list[str] = []

    async def second() -> None:
        async with quick.renewing(connection):
            order.append("quick in")

    async def prolonged() -> None:
        while True:
            async with other.transaction() as tx:
                if await tx.database.scalar(select(LeaseRow.until)) == clock.now() + lease:
                    return
            await asyncio.sleep(POLL)

    async with asyncio.timeout(60):
        async with slow.renewing(connection):
            waiting = asyncio.create_task(second())
            for _ in range(3):
                clock.forward(seconds=0.05)
                await prolonged()
            order.append("slow out")
        await waiting
    assert order == ["slow out", "quick in"]


async def test_a_failed_renewal_lets_the_next_one_in_at_once(
    keeper: StoreTokenKeeper, other_keeper: StoreTokenKeeper, connection: Connection
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with keeper.renewing(connection):
            raise ZeroDivisionError
    async with asyncio.timeout(60), other_keeper.renewing(connection):
        pass


async def test_new_tokens_are_stored_and_mend_a_broken_connection(
    keeper: StoreTokenKeeper, other_keeper: StoreTokenKeeper, connection: Connection
) -> None:
    await keeper.mark_broken(connection, "The sign-in has ended.")
    broken = await other_keeper.load(connection.customer_id, System.QBO)
    assert broken == replace(connection, broken="The sign-in has ended.")
    fresh = Tokens("access-2", "refresh-2", NOW + timedelta(hours=1), NOW + timedelta(days=100))
    await keeper.store(connection, fresh)
    stored = await other_keeper.load(connection.customer_id, System.QBO)
    assert stored == replace(connection, tokens=fresh)


async def test_a_late_failure_does_not_break_what_another_renewed(
    keeper: StoreTokenKeeper, other_keeper: StoreTokenKeeper, connection: Connection
) -> None:
    await other_keeper.store(connection, Tokens("access-2", "refresh-2"))
    await keeper.mark_broken(connection, "invalid_grant")
    stored = await keeper.load(connection.customer_id, System.QBO)
    assert stored is not None
    assert stored.broken == ""


async def test_tokens_of_a_replaced_or_removed_sign_in_are_dropped(
    store: SqlStore, keeper: StoreTokenKeeper, connection: Connection
) -> None:
    anew = replace(connection, connected_at=NOW + timedelta(days=1), tokens=Tokens("new", "new"))
    async with store.transaction() as tx:
        await tx.connections.put(anew)
    await keeper.store(connection, Tokens("late", "late"))
    await keeper.mark_broken(connection, "late")
    assert await keeper.load(connection.customer_id, System.QBO) == anew
    async with store.transaction() as tx:
        await tx.connections.delete(connection.customer_id, System.QBO, Purpose.CUSTOMER)
    await keeper.store(connection, Tokens("late", "late"))
    await keeper.mark_broken(connection, "late")
    assert await keeper.load(connection.customer_id, System.QBO) is None
