"""Findings, cards, history, inbox, reminders, connections."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import (
    CardRef,
    Connection,
    Customer,
    Grant,
    HistoryEntry,
    Purpose,
    Tokens,
)
from bot.domain.model import Evidence, Finding, System, Verdict
from bot.storage.store import SqlStore
from bot.storage.vault import SecretKeyError, Vault
from tests.storage.kit import KEY, NOW, AddCustomer

FINDING = Finding(
    Verdict.UNMET,
    "31 of 44 cost codes matched.",
    (Evidence("03-300", "no account", "k1", "Division 03"),),
    "Pick targets.",
    "all projects",
    NOW,
    {"matched": 31, "total": 44},
)


async def test_the_last_finding_of_each_item_is_kept(store: SqlStore, customer: Customer) -> None:
    met = Finding(Verdict.MET, "All 44 cost codes matched.")
    async with store.transaction() as tx:
        await tx.findings.save(customer.id, {"a": FINDING, "b": FINDING})
        await tx.findings.save(customer.id, {"b": met})
        await tx.findings.save(customer.id, {})
    async with store.transaction() as tx:
        assert await tx.findings.load(customer.id) == {"a": FINDING, "b": met}


async def test_an_unreadable_finding_counts_as_not_checked(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        await tx.findings.save(customer.id, {"a": FINDING, "b": FINDING})
        await tx.database.execute(text("UPDATE finding SET data = '?' WHERE item = 'a'"))
        assert await tx.findings.load(customer.id) == {"b": FINDING}


async def test_a_customer_has_one_card(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        assert await tx.cards.get(customer.id) is None
        await tx.cards.put(CardRef(customer.id, "C1", "1.0"))
        await tx.cards.put(CardRef(customer.id, "C2", "2.0"))
        assert await tx.cards.get(customer.id) == CardRef(customer.id, "C2", "2.0")


async def test_several_cards_take_places_one_after_another(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    one, two = await add_customer(), await add_customer()
    first, second, third = (CardRef(one.id, "C1", f"{n}.0") for n in (1, 2, 3))
    other, nobodys = CardRef(two.id, "C2", "1.0"), CardRef(two.id + 1, "C3", "1.0")
    async with store.transaction() as tx:
        await tx.cards.put(first)
        assert await tx.cards.replace([second, other, third, nobodys]) == [
            first,
            None,
            second,
            None,
        ]
        assert await tx.cards.get(one.id) == third
        assert await tx.cards.get(two.id) == other


async def test_several_lines_are_appended_but_for_whoever_is_gone(
    store: SqlStore, customer: Customer
) -> None:
    lines = [HistoryEntry(customer.id, NOW, "U1", "click", f"{n}") for n in (1, 2)]
    async with store.transaction() as tx:
        await tx.history.append_all([*lines, HistoryEntry(customer.id + 1, NOW, "U1", "click")])
        assert await tx.history.of(customer.id) == lines[::-1]


async def test_what_is_shown_of_connections_has_no_tokens(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    one, two = await add_customer(), await add_customer()
    made = [
        Connection(one.id, system, "4711", Grant.REFRESH_TOKEN, Tokens("a", "b", NOW))
        for system in (System.PROCORE, System.QBO)
    ]
    async with store.transaction() as tx:
        for connection in made:
            await tx.connections.put(connection)
        shown = await tx.connections.shown([one.id, two.id])
    assert shown == {one.id: [replace(connection, tokens=Tokens()) for connection in made]}


async def test_history_comes_newest_first(store: SqlStore, add_customer: AddCustomer) -> None:
    mine, theirs = await add_customer(), await add_customer()
    entries = [
        HistoryEntry(mine.id, NOW, "U1", "attested", "one"),
        HistoryEntry(mine.id, NOW, "bot", "checked", "two"),
        HistoryEntry(mine.id, NOW + timedelta(days=1), "U1", "handed off"),
    ]
    async with store.transaction() as tx:
        for entry in (*entries, HistoryEntry(theirs.id, NOW, "U9", "other")):
            await tx.history.append(entry)
        await tx.history.append(HistoryEntry(None, NOW, "bot", "started"))
    async with store.transaction() as tx:
        assert await tx.history.of(mine.id) == entries[::-1]
        assert await tx.history.of(mine.id, limit=1) == [entries[2]]
        without = [e for e in entries[::-1] if e.action != entries[2].action]
        assert await tx.history.of(mine.id, without=[entries[2].action]) == without
        assert await tx.history.count(mine.id, entries[2].action) == len(entries) - len(without)


@pytest.mark.parametrize(
    "statement", ["UPDATE history SET detail = 'nothing happened'", "DELETE FROM history"]
)
async def test_history_cannot_be_rewritten(
    store: SqlStore, engine: AsyncEngine, customer: Customer, statement: str
) -> None:
    async with store.transaction() as tx:
        await tx.history.append(HistoryEntry(customer.id, NOW, "U1", "waived"))
    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(statement))
    async with store.transaction() as tx:
        assert len(await tx.history.of(customer.id)) == 1


async def test_deleting_a_customer_without_a_purge_is_stopped_by_its_history(
    store: SqlStore, engine: AsyncEngine, customer: Customer
) -> None:
    async with store.transaction() as tx:
        await tx.history.append(HistoryEntry(customer.id, NOW, "U1", "waived"))
    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM customer"))
    assert await store.purge(customer.id, "U1", NOW)
    async with store.transaction() as tx:
        assert await tx.history.of(customer.id) == []


async def test_many_deliveries_are_taken_in_together_and_each_once(store: SqlStore) -> None:
    """More than one statement takes, some of them known, in whichever of the statements."""
    known = {f"d{number:03}" for number in range(0, 50, 7)}
    everything = {f"d{number:03}" for number in range(50)}
    async with store.transaction() as tx:
        assert await tx.inbox.accept_all(known, NOW) == known
        assert await tx.inbox.accept_all(everything, NOW) == everything - known
        assert await tx.inbox.accept_all(everything, NOW) == frozenset()
        assert await tx.inbox.accept_all(set(), NOW) == frozenset()


async def test_a_delivery_is_accepted_once(store: SqlStore) -> None:
    async with store.transaction() as tx:
        assert await tx.inbox.accept("Ev1", NOW)
        assert not await tx.inbox.accept("Ev1", NOW)
        assert await tx.inbox.accept("Ev2", NOW + timedelta(hours=1))
    async with store.transaction() as tx:
        assert not await tx.inbox.accept("Ev1", NOW)
        assert await tx.inbox.forget_before(NOW + timedelta(hours=1)) == 1
        assert await tx.inbox.accept("Ev1", NOW)
        assert not await tx.inbox.accept("Ev2", NOW)


async def test_a_reminder_exists_once_per_customer_day_and_kind(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    mine, theirs = await add_customer(), await add_customer()
    day = date(2026, 3, 3)
    async with store.transaction() as tx:
        assert await tx.reminders.last(mine.id, "daily") is None
        assert await tx.reminders.claim(mine.id, day, "daily", NOW)
        assert not await tx.reminders.claim(mine.id, day, "daily", NOW)
        assert await tx.reminders.claim(mine.id, day, "escalation", NOW)
        assert await tx.reminders.claim(theirs.id, day, "daily", NOW)
        assert await tx.reminders.claim(mine.id, day + timedelta(days=1), "daily", NOW)
        assert await tx.reminders.last(mine.id, "daily") == date(2026, 3, 4)
        assert await tx.reminders.last(theirs.id, "daily") == day


def _connection(customer: Customer) -> Connection:
    return Connection(
        customer.id,
        System.QBO,
        "9341453",
        Grant.REFRESH_TOKEN,
        Tokens("access-1", "refresh-1", NOW, NOW + timedelta(days=100)),
        account_name="Acme Books",
        connected_by="U1",
        connected_at=NOW,
    )


async def test_a_connection_comes_back_and_is_replaced_by_purpose(
    store: SqlStore, customer: Customer
) -> None:
    first = _connection(customer)
    support = replace(first, purpose=Purpose.SUPPORT, tokens=Tokens())
    again = replace(first, external_id="42", broken="The sign-in has ended.")
    async with store.transaction() as tx:
        for connection in (first, support, again):
            await tx.connections.put(connection)
    async with store.transaction() as tx:
        assert await tx.connections.get(customer.id, System.QBO) == again
        assert await tx.connections.get(customer.id, System.QBO, Purpose.SUPPORT) == support
        assert await tx.connections.get(customer.id, System.PROCORE) is None
        assert await tx.connections.of(customer.id) == [again, support]
        await tx.connections.delete(customer.id, System.QBO, Purpose.CUSTOMER)
        assert await tx.connections.of(customer.id) == [support]


async def test_nothing_secret_is_readable_in_the_database(
    store: SqlStore, engine: AsyncEngine, customer: Customer
) -> None:
    async with store.transaction() as tx:
        await tx.connections.put(_connection(customer))
    async with engine.begin() as connection:
        rows = (await connection.execute(text("SELECT * FROM connection"))).all()
    stored = str(rows)
    assert "Acme Books" in stored
    for secret in ("9341453", "access-1", "refresh-1"):
        assert secret not in stored


async def test_keys_rotate_without_losing_a_connection(
    store: SqlStore, engine: AsyncEngine, customer: Customer
) -> None:
    connection = _connection(customer)
    async with store.transaction() as tx:
        await tx.connections.put(connection)
    new = Vault.new_key()
    assert await SqlStore(engine, Vault(f"{new},{KEY}")).rotate_keys() == 1
    async with SqlStore(engine, Vault(new)).transaction() as tx:
        assert await tx.connections.get(customer.id, System.QBO) == connection
    with pytest.raises(SecretKeyError, match="put the earlier one back"):
        async with store.transaction() as tx:
            await tx.connections.get(customer.id, System.QBO)
    with pytest.raises(SecretKeyError):
        await SqlStore(engine, Vault(Vault.new_key())).rotate_keys()


async def test_keys_rotate_while_sign_ins_are_being_renewed(
    engine: AsyncEngine, store: SqlStore, customer: Customer
) -> None:
    """No renewed pair is overwritten by the one that the rotation had read."""
    connection = _connection(customer)
    async with store.transaction() as tx:
        await tx.connections.put(connection)
    new = Vault.new_key()
    bot, operator = (SqlStore(engine, Vault(f"{new},{KEY}")) for _ in range(2))

    async def renew() -> Connection:
        for number in range(8):
            async with bot.transaction() as tx:
                found = await tx.connections.lock(customer.id, System.QBO, Purpose.CUSTOMER)
                assert found is not None
                assert found.tokens.access_token == (f"a-{number - 1}" if number else "access-1")
                fresh = replace(found, tokens=Tokens(f"a-{number}", f"r-{number}"))
                await tx.connections.put(fresh)
        return fresh

    async def rotate() -> None:
        for _ in range(4):
            assert await operator.rotate_keys() == 1

    last, _ = await asyncio.gather(renew(), rotate())
    assert last.tokens == Tokens("a-7", "r-7")
    async with SqlStore(engine, Vault(new)).transaction() as tx:
        assert await tx.connections.get(customer.id, System.QBO) == last
