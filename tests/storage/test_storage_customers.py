"""Customers, channels and the lease on what is due."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from bot.domain.customer import Channel, Customer, HistoryEntry, NewCustomer, Stuck
from bot.domain.lifecycle import Stage
from bot.domain.model import Assignment, Handover, MappingMode
from bot.services.ports import ChannelTakenError, SlugTakenError
from bot.storage.store import SqlStore
from tests.storage.kit import NOW, AddCustomer

LEASE = timedelta(minutes=5)


async def _load(store: SqlStore, customer_id: int) -> Customer | None:
    async with store.transaction() as tx:
        return await tx.customers.by_id(customer_id)


async def _save(store: SqlStore, *customers: Customer) -> None:
    async with store.transaction() as tx:
        for customer in customers:
            await tx.customers.save(customer)


async def test_who_started_owns_or_has_an_item_of_a_customer_looks_after_it(
    store: SqlStore,
) -> None:
    async with store.transaction() as tx:
        made = [
            await tx.customers.add(NewCustomer(name, name, owner=owner), NOW)
            for name, owner in (("started", ""), ("owned", "U1"), ("item", ""), ("others", "U2"))
        ]
        started, owned, item, others = (one.id for one in made)
        await tx.history.append(HistoryEntry(started, NOW, "U1", "new", "started"))
        await tx.history.append(HistoryEntry(others, NOW, "U1", "check", ""))
        await tx.history.append(HistoryEntry(None, NOW, "U1", "new", "nobody's"))
        await tx.decisions.assign(item, "cost-code-coverage", Assignment("U1"))
        await tx.decisions.assign(owned, "cost-code-coverage", Assignment("U1"))
    async with store.transaction() as tx:
        assert set(await tx.customers.looked_after_by("U1")) == {started, owned, item}
        assert not await tx.customers.looked_after_by("U3")


async def test_a_new_customer_is_preparing_and_found_by_id_and_slug(store: SqlStore) -> None:
    new = NewCustomer("acme", "Acme Pty Ltd", "Australia/Perth", "AU-WA", "U1")
    async with store.transaction() as tx:
        added = await tx.customers.add(new, NOW)
    async with store.transaction() as tx:
        assert await tx.customers.by_slug("acme") == added
        assert await tx.customers.by_id(added.id) == added
        assert await tx.customers.by_slug("nobody") is None
        assert await tx.customers.by_id(added.id + 1) is None
    assert added == Customer(
        id=added.id,
        slug="acme",
        name="Acme Pty Ltd",
        stage=Stage.PREPARING,
        stage_since=NOW,
        created_at=NOW,
        timezone="Australia/Perth",
        region="AU-WA",
        owner="U1",
    )


async def test_a_slug_is_taken_once_and_the_transaction_goes_on(store: SqlStore) -> None:
    async with store.transaction() as tx:
        await tx.customers.add(NewCustomer("acme", "First"), NOW)
        with pytest.raises(SlugTakenError):
            await tx.customers.add(NewCustomer("acme", "Second"), NOW)
        await tx.customers.add(NewCustomer("other", "Third"), NOW)
    async with store.transaction() as tx:
        assert [customer.name for customer in await tx.customers.all()] == ["First", "Third"]


async def test_saving_under_a_taken_slug_says_so_and_changes_nothing(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    first, second = await add_customer(), await add_customer()
    with pytest.raises(SlugTakenError):
        await _save(store, replace(second, slug=first.slug, name="Thief"))
    assert await _load(store, second.id) == second


async def test_customers_are_listed_by_name_whatever_its_case(store: SqlStore) -> None:
    async with store.transaction() as tx:
        for slug, name in (("b", "beta"), ("a", "Alpha"), ("g", "Gamma")):
            await tx.customers.add(NewCustomer(slug, name), NOW)
        gone = await tx.customers.add(NewCustomer("z", "Archived"), NOW)
        await tx.customers.save(replace(gone, stage=Stage.ARCHIVED))
        assert [customer.slug for customer in await tx.customers.all()] == ["a", "b", "g"]
        every = await tx.customers.all(archived=True)
        assert [customer.slug for customer in every] == ["a", "z", "b", "g"]


async def test_lock_and_save_know_when_there_is_no_such_customer(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        assert await tx.customers.lock(customer.id) == customer
        with pytest.raises(KeyError):
            await tx.customers.lock(customer.id + 1)
        with pytest.raises(KeyError):
            await tx.customers.save(replace(customer, id=customer.id + 1, slug="none"))


async def test_a_save_is_seen_at_once_in_its_own_transaction(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        before = await tx.customers.lock(customer.id)
        await tx.customers.save(replace(before, escalation=2))
        after = await tx.customers.by_id(customer.id)
    assert after == replace(before, escalation=2)


async def test_an_exception_rolls_everything_back(store: SqlStore, customer: Customer) -> None:
    async def failing() -> None:
        async with store.transaction() as tx:
            await tx.customers.save(replace(customer, name="Changed"))
            await tx.customers.add(NewCustomer("new", "New"), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    async with store.transaction() as tx:
        assert await tx.customers.all() == [customer]


async def test_a_second_transaction_in_the_same_task_is_refused(store: SqlStore) -> None:
    async with store.transaction():
        with pytest.raises(RuntimeError, match="pass it on"):
            async with store.transaction():
                pass
    async with store.transaction() as tx:
        assert await tx.outbox.pending() == 0


async def test_a_channel_belongs_to_one_customer(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    mine, theirs = await add_customer(), await add_customer()
    async with store.transaction() as tx:
        await tx.customers.link(Channel("C2", mine.id, "T1", is_primary=False))
        await tx.customers.link(Channel("C9", mine.id))
        await tx.customers.link(Channel("C2", mine.id, "T2"))
        with pytest.raises(ChannelTakenError) as taken:
            await tx.customers.link(Channel("C2", theirs.id))
    assert taken.value.args[0] == mine.slug
    async with store.transaction() as tx:
        assert await tx.customers.by_channel("C2") == mine
        assert await tx.customers.channels(mine.id) == [
            Channel("C9", mine.id),
            Channel("C2", mine.id, "T1", is_primary=False),
        ]
        await tx.customers.unlink("C2")
        assert await tx.customers.by_channel("C2") is None
        await tx.customers.link(Channel("C2", theirs.id))
        assert await tx.customers.by_channel("C2") == theirs


async def test_due_customers_are_leased_longest_due_first(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    late, later, never, future = [await add_customer() for _ in range(4)]
    await _save(
        store,
        replace(late, next_reminder_at=NOW - timedelta(hours=2)),
        replace(later, next_reminder_at=NOW),
        replace(future, next_reminder_at=NOW + timedelta(microseconds=1)),
    )
    async with store.transaction() as tx:
        first = await tx.customers.claim_due(NOW, "a", LEASE, limit=1)
        second = await tx.customers.claim_due(NOW, "b", LEASE, limit=9)
        assert [customer.id for customer in first] == [late.id]
        assert [customer.id for customer in second] == [later.id]
        assert await tx.customers.claim_due(NOW, "c", LEASE, limit=9) == []
    assert never.next_reminder_at is None


async def test_a_lease_ends_by_release_by_its_owner_or_by_time(
    store: SqlStore, customer: Customer
) -> None:
    due = replace(customer, next_reminder_at=NOW)
    await _save(store, due)
    async with store.transaction() as tx:
        assert await tx.customers.claim_due(NOW, "a", LEASE, 1) == [due]
        await tx.customers.release(customer.id, "b")
        assert await tx.customers.claim_due(NOW, "b", LEASE, 1) == []
        await tx.customers.save(replace(due, escalation=1))
        assert await tx.customers.claim_due(NOW, "b", LEASE, 1) == []
        await tx.customers.release(customer.id, "a")
        assert len(await tx.customers.claim_due(NOW, "b", LEASE, 1)) == 1
        assert len(await tx.customers.claim_due(NOW + LEASE, "c", LEASE, 1)) == 1


async def test_who_stops_lets_everything_go_and_nothing_of_others(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    for _ in range(3):
        await _save(store, replace(await add_customer(), next_reminder_at=NOW))
    async with store.transaction() as tx:
        mine = await tx.customers.claim_due(NOW, "a", LEASE, limit=2)
        await tx.customers.claim_due(NOW, "b", LEASE, limit=1)
        await tx.customers.release(None, "a")
        again = await tx.customers.claim_due(NOW, "c", LEASE, limit=9)
    assert [one.id for one in again] == [one.id for one in mine]


async def test_a_purge_takes_everything_of_the_customer_and_nothing_of_others(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    gone, kept = await add_customer(), await add_customer()
    for customer in (gone, kept):
        async with store.transaction() as tx:
            await tx.customers.link(Channel(f"C{customer.id}", customer.id))
            await tx.reminders.claim(customer.id, date(2026, 3, 3), "daily", NOW)
    assert await store.purge(gone.id, "U1", NOW)
    assert not await store.purge(gone.id, "U1", NOW)
    async with store.transaction() as tx:
        assert await tx.customers.all() == [kept]
        assert await tx.customers.by_channel(f"C{gone.id}") is None
        assert await tx.customers.by_channel(f"C{kept.id}") == kept
        assert (await tx.customers.add(NewCustomer("new", "New"), NOW)).id > kept.id


TEXTS = (
    *("", " ", "O'Brien & Söhne", '"%s\\', "a\nb\tc", "\x01\x7f", "建設", "\u202e\u2028"),
    *("\U0001f600", "NULL", "x" * 3_000),
)
SYDNEY = timezone(timedelta(hours=10))
MOMENTS = (
    datetime(1971, 1, 1, tzinfo=SYDNEY),
    datetime(2026, 11, 23, 9, 0, 0, 1, SYDNEY),
    datetime(2199, 1, 1, 23, 59, 59, 999_999, timezone(timedelta(hours=-9.5))),
    NOW,
)
DAYS = (date(1971, 1, 1), date(2028, 2, 29), date(2199, 1, 1))
VALUES: dict[str, tuple[Any, ...]] = {
    "id": (0,),
    "slug": TEXTS,
    "name": TEXTS[1:],
    "stage": tuple(Stage),
    "stage_since": MOMENTS,
    "created_at": MOMENTS[1:],
    "timezone": TEXTS[2:],
    "region": TEXTS[3:],
    "remind_at": (time(0), time(9, 0), time(23, 59, 59, 999_999)),
    "reminders_on": (True, False),
    "snoozed_until": (None, *DAYS),
    "stuck": (
        None,
        *(Stuck("U1", at, "") for at in MOMENTS),
        *(Stuck(text, NOW, text[::-1]) for text in TEXTS),
    ),
    "mode": tuple(MappingMode),
    "next_reminder_at": (None, *MOMENTS),
    "last_movement_at": (*MOMENTS, None),
    "escalation": (0, 1, 99),
    "handover": (
        None,
        *(Handover("U1", at, "U2", at) for at in MOMENTS),
        *(Handover(text, NOW, text[::-1], None) for text in TEXTS),
    ),
    "owner": TEXTS[4:],
}
"""What each field may hold, with what is odd in it."""
MANY = 16
"""So many customers have each value of each field."""


def test_no_field_of_a_customer_is_left_out() -> None:
    """A field that the domain gains must be stored, and have values above."""
    assert set(VALUES) == {field.name for field in fields(Customer)}
    assert max(map(len, VALUES.values())) == MANY


async def test_every_field_of_a_customer_comes_back_in_utc(
    store: SqlStore, customer: Customer
) -> None:
    turns = {name: cycle(values) for name, values in VALUES.items()}
    for _ in range(MANY):
        one = Customer(**{name: next(values) for name, values in turns.items()})
        wanted = replace(one, id=customer.id)
        await _save(store, wanted)
        found = await _load(store, customer.id)
        assert found == wanted
        assert found is not None
        assert found.stage_since.tzinfo is UTC


async def test_a_naive_moment_is_refused(store: SqlStore, customer: Customer) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="must be aware"):
        await _save(store, replace(customer, stage_since=naive))


async def test_text_that_no_database_can_hold_is_mended(
    store: SqlStore, customer: Customer
) -> None:
    await _save(store, replace(customer, name="a\x00b\ud800c"))
    found = await _load(store, customer.id)
    assert found is not None
    assert found.name == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
