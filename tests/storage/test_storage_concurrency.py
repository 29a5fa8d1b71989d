"""Several writers at once: two stores in this process, and other processes on the same database."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import Channel, Customer, NewCustomer
from bot.services.ports import ChannelTakenError, Outgoing, SlugTakenError
from bot.storage import schema
from bot.storage.engine import MOST_CONNECTIONS, make_engine
from bot.storage.store import SqlStore, SqlTransaction
from bot.storage.vault import Vault
from tests.processes import Child
from tests.storage.child import ROUNDS, main, work
from tests.storage.kit import FILE_AND_POSTGRES, KEY, NOW, AddCustomer
from tests.storage.postgres import create_database

LEASE = timedelta(minutes=1)
ONLY_POSTGRES = pytest.mark.parametrize("database", ["postgres"], indirect=True)
SHARED = pytest.mark.parametrize("database", FILE_AND_POSTGRES, indirect=True)


async def _queue(store: SqlStore, count: int, channels: int) -> None:
    async with store.transaction() as tx:
        for number in range(count):
            channel = f"C{number % channels}"
            await tx.outbox.add(Outgoing(f"k{number}", "card", channel, "{}"), NOW)


async def test_two_senders_never_get_the_same_message(store: SqlStore, other: SqlStore) -> None:
    await _queue(store, 24, channels=8)
    sent: dict[str, list[str]] = {"a": [], "b": []}

    async def send(by: SqlStore, owner: str) -> None:
        while True:
            async with by.transaction() as tx:
                claimed = await tx.outbox.claim(NOW, owner, LEASE, limit=3)
                if not claimed and not await tx.outbox.pending():
                    return
            for message in claimed:
                sent[owner].append(message.key)
                async with by.transaction() as tx:
                    await tx.outbox.sent(message.id, owner, "1.0", NOW)

    await asyncio.gather(send(store, "a"), send(other, "b"))
    assert Counter(sent["a"] + sent["b"]) == Counter(f"k{number}" for number in range(24))


@ONLY_POSTGRES
async def test_a_second_sender_takes_what_the_first_has_not_locked(
    store: SqlStore, other: SqlStore
) -> None:
    await _queue(store, 4, channels=4)
    async with AsyncExitStack() as both, asyncio.timeout(60):
        first = await both.enter_async_context(store.transaction())
        second = await both.enter_async_context(other.transaction())
        one = await first.outbox.claim(NOW, "a", LEASE, limit=2)
        two = await second.outbox.claim(NOW, "b", LEASE, limit=9)
    assert [message.key for message in one] == ["k0", "k1"]
    assert [message.key for message in two] == ["k2", "k3"]


@ONLY_POSTGRES
async def test_a_message_that_is_committed_late_does_not_overtake_one_in_flight(
    store: SqlStore, other: SqlStore
) -> None:
    """The earlier number is committed after the later one of its channel was leased."""
    async with AsyncExitStack() as claiming, asyncio.timeout(60):
        async with store.transaction() as late:
            await late.outbox.add(Outgoing("early number", "card", "C", "{}"), NOW)
            async with other.transaction() as tx:
                await tx.outbox.add(Outgoing("late number", "card", "C", "{}"), NOW)
            first = await claiming.enter_async_context(other.transaction())
            claimed = await first.outbox.claim(NOW, "a", LEASE, limit=9)
            assert [message.key for message in claimed] == ["late number"]

        async def claim_both_ways() -> list[str]:
            async with store.transaction() as tx:
                return [m.key for m in await tx.outbox.claim(NOW, "b", LEASE, limit=9)]

        second = asyncio.create_task(claim_both_ways())
        await asyncio.sleep(0.1)
        await claiming.aclose()
        assert await second == []


async def test_two_ticks_never_get_the_same_customer(
    store: SqlStore, other: SqlStore, add_customer: AddCustomer
) -> None:
    due = [replace(await add_customer(), next_reminder_at=NOW) for _ in range(12)]
    async with store.transaction() as tx:
        for customer in due:
            await tx.customers.save(customer)

    async def tick(by: SqlStore, owner: str) -> list[int]:
        claimed: list[int] = []
        for _ in range(6):
            async with by.transaction() as tx:
                found = await tx.customers.claim_due(NOW, owner, LEASE, limit=2)
                claimed += [customer.id for customer in found]
        return claimed

    mine, theirs = await asyncio.gather(tick(store, "a"), tick(other, "b"))
    assert sorted(mine + theirs) == [customer.id for customer in due]


async def test_lockers_of_a_customer_take_turns(
    store: SqlStore, other: SqlStore, customer: Customer
) -> None:
    async def escalate(by: SqlStore) -> None:
        async with by.transaction() as tx:
            locked = await tx.customers.lock(customer.id)
            await asyncio.sleep(0.001)
            await tx.customers.save(replace(locked, escalation=locked.escalation + 1))

    await asyncio.gather(*(escalate(by) for by in (store, other) for _ in range(8)))
    async with store.transaction() as tx:
        assert (await tx.customers.lock(customer.id)).escalation == 16


@ONLY_POSTGRES
async def test_rows_can_be_added_for_a_customer_that_another_holds(
    store: SqlStore, other: SqlStore, customer: Customer
) -> None:
    """Otherwise two transactions that first add a row and then lock would wait for each other."""
    async with store.transaction() as mine, asyncio.timeout(60):
        await mine.customers.lock(customer.id)
        async with other.transaction() as theirs:
            assert await theirs.reminders.claim(customer.id, date(2026, 3, 3), "daily", NOW)


async def test_a_transaction_that_is_cancelled_leaves_nothing_and_blocks_nobody(
    store: SqlStore, other: SqlStore, customer: Customer
) -> None:
    """Cancelled at whatever point: before, within or after a statement, or while committing."""

    async def rename() -> None:
        async with store.transaction() as tx:
            await tx.customers.lock(customer.id)
            await tx.customers.save(replace(customer, name="Cancelled"))
            await tx.customers.save(replace(customer, escalation=1))
            await asyncio.Event().wait()

    for steps in range(12):
        task = asyncio.create_task(rename())
        for _ in range(steps * 3):
            await asyncio.sleep(0)
        await asyncio.sleep(steps * 0.0005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(60), other.transaction() as tx:
            assert await tx.customers.lock(customer.id) == customer


Attempt = Callable[[SqlTransaction, int], Awaitable[object]]


async def _accept(tx: SqlTransaction, customer_id: int) -> bool:
    return await tx.inbox.accept("Ev1", NOW)


async def _remind(tx: SqlTransaction, customer_id: int) -> bool:
    return await tx.reminders.claim(customer_id, date(2026, 3, 3), "daily", NOW)


async def _add_message(tx: SqlTransaction, customer_id: int) -> bool:
    return await tx.outbox.add(Outgoing("k", "card", "C1", "{}", customer_id), NOW)


async def _add_customer(tx: SqlTransaction, customer_id: int) -> bool:
    try:
        await tx.customers.add(NewCustomer("same", "Same"), NOW)
    except SlugTakenError:
        return False
    return True


async def _link(tx: SqlTransaction, customer_id: int) -> bool:
    customer = await tx.customers.add(NewCustomer(f"racer-{uuid4()}", "Racer"), NOW)
    try:
        await tx.customers.link(Channel("C1", customer.id))
    except ChannelTakenError:
        return False
    return True


@pytest.mark.parametrize("attempt", [_accept, _remind, _add_message, _add_customer, _link])
async def test_of_many_at_once_exactly_one_succeeds(
    store: SqlStore, other: SqlStore, customer: Customer, attempt: Attempt
) -> None:
    async def one(by: SqlStore) -> object:
        async with by.transaction() as tx:
            return await attempt(tx, customer.id)

    outcomes = await asyncio.gather(*(one(by) for by in (store, other) for _ in range(4)))
    assert sorted(map(bool, outcomes)) == [False] * 7 + [True]


async def _start(job: str, url: str) -> Child:
    """Another process that begins its job now."""
    child = Child(main, job, url, KEY)
    assert await child.hear() == "ready"
    return child


@SHARED
async def test_two_processes_share_a_database(
    store: SqlStore, database: str, customer: Customer
) -> None:
    """Another process and this one count together and send each message once."""
    await _queue(store, 18, channels=6)
    child = await _start("work", database)
    mine = await work(store)
    theirs = await child.hear()
    assert await child.end() == 0
    assert Counter(mine + theirs) == Counter(f"k{number}" for number in range(18))
    async with store.transaction() as tx:
        assert (await tx.customers.lock(customer.id)).escalation == 2 * ROUNDS
        assert await tx.outbox.pending() == 0


@SHARED
async def test_a_killed_process_leaves_nothing_half_done(
    store: SqlStore, database: str, customer: Customer
) -> None:
    child = await _start("die", database)
    assert await child.hear() == "written"
    assert await child.kill() == -signal.SIGKILL
    async with asyncio.timeout(60), store.transaction() as tx:
        assert await tx.customers.lock(customer.id) == customer


@pytest.mark.parametrize("kind", FILE_AND_POSTGRES)
async def test_processes_that_start_at_once_make_one_schema(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    if kind == "postgres":
        url = create_database(request.getfixturevalue("postgres"), "together")
    child = await _start("upgrade", url)
    engine = make_engine(url)
    await schema.upgrade(engine)
    assert await child.hear() is None
    assert await child.end() == 0
    await schema.check(engine)
    async with SqlStore(engine, Vault(KEY)).transaction() as tx:
        assert await tx.customers.all() == []
    await engine.dispose()


@SHARED
async def test_more_transactions_at_once_than_connections_wait_their_turn(
    store: SqlStore, engine: AsyncEngine, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody gives up waiting: what was posted is recorded, however much goes on just then."""
    monkeypatch.setattr(engine.sync_engine.pool, "_timeout", 0.01)
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def take_long() -> None:
        async with store.transaction() as tx:
            await tx.outbox.pending()
            begun.release()
            await go_on.wait()

    tasks = [asyncio.create_task(take_long()) for _ in range(MOST_CONNECTIONS + 5)]
    async with asyncio.timeout(60):
        await begun.acquire()
        await asyncio.sleep(0.05)
        go_on.set()
        await asyncio.gather(*tasks)
