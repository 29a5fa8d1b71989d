"""No way that is gone all day long looks at every row of a table, on either database."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import CardRef, Grant, HistoryEntry, Tokens
from bot.domain.customer import Connection as SignedIn
from bot.domain.model import System
from bot.storage.engine import is_sqlite
from bot.storage.store import SqlStore, SqlTransaction
from tests.storage.kit import NOW

LEASE = timedelta(minutes=1)
CARD = CardRef(2, "C2", "2")
SIGNED_IN = SignedIn(1, System.QBO, "1", Grant.REFRESH_TOKEN, Tokens())
HOT: dict[str, Callable[[SqlTransaction], Awaitable[Any]]] = {
    "due customers": lambda tx: tx.customers.claim_due(NOW, "me", LEASE, 10),
    "outbox claim": lambda tx: tx.outbox.claim(NOW, "me", LEASE, 10),
    "outbox by key": lambda tx: tx.outbox.get("key"),
    "a channel's customer": lambda tx: tx.customers.by_channel("C1"),
    "several channels' customers": lambda tx: tx.customers.by_channels(["C1", "C2"]),
    "several customers' cards": lambda tx: tx.cards.replace([CardRef(1, "C1", "1"), CARD]),
    "several clicks": lambda tx: tx.history.append_all([HistoryEntry(1, NOW, "U1", "click")]),
    "several customers at once": lambda tx: tx.read_ahead([1, 2, 3]),
    "several customers' connections": lambda tx: tx.connections.shown([1, 2, 3]),
    "a customer's channels": lambda tx: tx.customers.channels(1),
    "a customer by name": lambda tx: tx.customers.by_slug("acme"),
    "a customer": lambda tx: tx.customers.by_id(1),
    "inbox": lambda tx: tx.inbox.accept("trigger:1", NOW),
    "inbox, old keys": lambda tx: tx.inbox.forget_before(NOW),
    "findings": lambda tx: tx.findings.load(1),
    "connections": lambda tx: tx.connections.of(1),
    "attestations": lambda tx: tx.decisions.attestations(1),
    "waivers": lambda tx: tx.decisions.waivers(1),
    "assignments": lambda tx: tx.decisions.assignments(1),
    "history": lambda tx: tx.history.of(1, 30),
}


@pytest.mark.parametrize("what", HOT)
async def test_a_hot_path_has_an_index_for_every_statement(
    what: str, store: SqlStore, engine: AsyncEngine
):
    asked: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "SET")):
            asked.append((statement, given))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    async with store.transaction() as tx:
        await HOT[what](tx)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert asked
    for statement, given in asked:
        for line in await plan(engine, statement, given):
            assert not reads_all(line), (statement, line)


async def test_a_statement_without_an_index_is_noticed(engine: AsyncEngine):
    lines = await plan(engine, "SELECT * FROM customer WHERE region = 'AU-NSW'", ())
    assert any(reads_all(line) for line in lines)


async def plan(engine: AsyncEngine, statement: str, given: Any) -> list[str]:
    """How a database goes about a statement, line by line.

    PostgreSQL prefers to read small tables whole; asked not to, it only does where it must.
    """
    sqlite = is_sqlite(engine)
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    async with engine.connect() as connection:
        if not sqlite:
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = (await connection.exec_driver_sql(explain + statement, given)).all()
    return [str(row[-1]) for row in rows]


def reads_all(line: str) -> bool:
    """Whether a line of a plan reads a table from its first row to its last.

    A partial index holds only what waits, so SQLite may read that one whole; a list without
    entries is a subquery without a table.
    """
    harmless = ("ix_outbox_waiting", "CONSTANT", "(subquery")
    scans = line.startswith("SCAN ") and not any(word in line for word in harmless)
    return scans or "Seq Scan" in line


LISTS: dict[str, Callable[[SqlTransaction, int], Awaitable[Any]]] = {
    "channels": lambda tx, many: tx.customers.by_channels([f"C{one}" for one in range(many)]),
    "customers": lambda tx, many: tx.read_ahead(range(many)),
    "connections": lambda tx, many: tx.connections.shown(range(many)),
    "acts": lambda tx, many: tx.history.of(1, 30, [str(one) for one in range(many)]),
    "names of lists": lambda tx, many: tx.kept_lists.of(SIGNED_IN, [str(n) for n in range(many)]),
}


@pytest.mark.parametrize("database", ["memory"], indirect=True)
@pytest.mark.parametrize("what", LISTS)
async def test_a_list_of_any_length_is_one_kept_statement(
    what: str, store: SqlStore, engine: AsyncEngine
):
    kept = engine.sync_engine.get_execution_options()["compiled_cache"]
    counts = []
    for many in (0, 1, 2, 40):
        async with store.transaction() as tx:
            await LISTS[what](tx, many)
        counts.append(len(kept))
    assert len(set(counts)) == 1
