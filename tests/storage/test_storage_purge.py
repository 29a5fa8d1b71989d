"""A customer that is deleted leaves nothing: not a row, not a name, not a byte in the file."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import Connection, Grant, HistoryEntry, NewCustomer, Tokens
from bot.domain.model import System
from bot.services.ports import Outgoing
from bot.storage.scrub import scrub
from bot.storage.store import SqlStore
from bot.storage.tables import Row
from tests.storage.kit import NOW

MARK = "zqacme"
LEASE = timedelta(minutes=1)
NOBODYS = {"beat", "inbox", "install_state", "installation", "lease", "purge", "removal"}
"""Tables that hold nothing of any customer; leases and messages about several: see below."""
VALUES: dict[type, Any] = {
    str: MARK,
    int: 1,
    bool: True,
    datetime: NOW,
    date: date(2026, 3, 3),
    time: time(9, 0),
}


def filled(table: Table, customer_id: int, mark: str) -> dict[str, Any]:
    """A row with the mark in every text, of this customer; keys that refer get what is there."""
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = getattr(column.type, "impl_instance", column.type).python_type
        if column.name == "customer_id":
            row[column.name] = customer_id
        elif column.name == "system":
            row[column.name] = System.QBO.value
        elif column.name == "purpose":
            row[column.name] = "customer"
        elif column.name == "id" and table.name != "customer":
            continue
        else:
            row[column.name] = mark if kind is str else VALUES[kind]
    if table.name == "outbox":
        row |= {"lease_owner": None, "state": "sent"}
    return row


async def fill(engine: AsyncEngine, customer_id: int, mark: str) -> None:
    async with engine.begin() as connection:
        for table in Row.metadata.sorted_tables:
            if table.name not in NOBODYS and table.name != "customer":
                await connection.execute(table.insert().values(filled(table, customer_id, mark)))


async def everything(engine: AsyncEngine) -> str:
    rows = []
    async with engine.connect() as connection:
        for table in Row.metadata.sorted_tables:
            found = await connection.execute(text(f'SELECT * FROM "{table.name}"'))
            rows += [f"{table.name}: {tuple(row)}" for row in found]
    return "\n".join(rows)


def test_no_table_is_forgotten() -> None:
    """A table without a customer's id must be named above, with the reason why it needs none."""
    for table in Row.metadata.sorted_tables:
        has = "customer_id" in table.columns
        assert has or table.name in NOBODYS | {"customer"}, table.name


async def test_nothing_is_left_of_a_customer_and_all_of_another(
    store: SqlStore, engine: AsyncEngine
) -> None:
    async with store.transaction() as tx:
        gone = await tx.customers.add(NewCustomer(f"{MARK}-co", f"{MARK} & Söhne"), NOW)
        kept = await tx.customers.add(NewCustomer("other", "Other"), NOW)
    await fill(engine, gone.id, MARK)
    await fill(engine, kept.id, "stays")
    digest = f'{{"rows":[{{"slug":"{gone.slug}","name":"{gone.name}"}}]}}'
    async with store.transaction() as tx:
        await tx.outbox.add(Outgoing("digest:9", "digest", "CSUPPORT", digest), NOW)
        await tx.outbox.add(Outgoing("digest:8", "digest", "CSTAFF", '{"slug":"other"}'), NOW)
        holder = f"renew {gone.id} qbo customer"
        assert await tx.leases.acquire(holder, "host:1", NOW, NOW)
    before = await everything(engine)
    assert before.count(MARK) > 30
    assert await store.purge(gone.id, "command line", NOW)
    after = await everything(engine)
    assert MARK not in after
    assert "Söhne" not in after
    assert f"renew {gone.id}" not in after
    assert after.count("stays") == before.count("stays")
    assert "digest:8" in after
    async with store.transaction() as tx:
        assert await tx.customers.all() == [kept]


async def test_a_shared_message_that_was_sent_keeps_its_key_only(store: SqlStore) -> None:
    async with store.transaction() as tx:
        gone = await tx.customers.add(NewCustomer(MARK, MARK), NOW)
        await tx.outbox.add(Outgoing("digest:9", "digest", "C1", f'"{MARK}"'), NOW)
        (message,) = await tx.outbox.claim(NOW, "me", LEASE, 1)
        await tx.outbox.sent(message.id, "me", "1.0", NOW)
    await store.purge(gone.id, "command line", NOW)
    async with store.transaction() as tx:
        left = await tx.outbox.get("digest:9")
        assert left is not None
        assert left.payload == "{}"


async def test_not_a_byte_is_left_in_the_file(
    store: SqlStore, engine: AsyncEngine, database: str
) -> None:
    async with store.transaction() as tx:
        gone = await tx.customers.add(NewCustomer(MARK, MARK), NOW)
        connection = Connection(gone.id, System.QBO, "93414", Grant.REFRESH_TOKEN, Tokens("a", "r"))
        await tx.connections.put(connection)
    await fill_history(store, gone.id)
    await store.purge(gone.id, "command line", NOW)
    assert await scrub(engine)
    if not database.startswith("sqlite"):
        return
    path = Path(database.removeprefix("sqlite:///"))
    for file in path.parent.glob(f"{path.name}*"):
        assert MARK.encode() not in file.read_bytes(), file.name


async def fill_history(store: SqlStore, customer_id: int) -> None:
    async with store.transaction() as tx:
        for number in range(200):
            entry = HistoryEntry(customer_id, NOW, MARK, "check", f"{MARK} {number} " * 20)
            await tx.history.append(entry)
