"""The database as ``ports.Store``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col

from bot.storage.engine import is_sqlite
from bot.storage.repositories.connections import ConnectionRepository
from bot.storage.repositories.customers import CustomerRepository
from bot.storage.repositories.decisions import DecisionRepository
from bot.storage.repositories.findings import FindingRepository
from bot.storage.repositories.outbox import OutboxRepository
from bot.storage.repositories.records import (
    CardRepository,
    HistoryRepository,
    InboxRepository,
    ReminderRepository,
)
from bot.storage.tables import CustomerRow, PurgeRow
from bot.storage.vault import Vault


class SqlTransaction:
    """``ports.Transaction``: every part works within the one session."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self.session = session
        self.customers = CustomerRepository(session)
        self.decisions = DecisionRepository(session)
        self.findings = FindingRepository(session)
        self.cards = CardRepository(session)
        self.history = HistoryRepository(session)
        self.connections = ConnectionRepository(session, vault)
        self.outbox = OutboxRepository(session)
        self.inbox = InboxRepository(session)
        self.reminders = ReminderRepository(session)


class SqlStore:
    """``ports.Store`` over SQLite or PostgreSQL; the schema must be there (``schema.upgrade``).

    On SQLite the transactions of one process take turns in the order they came, which is fairer
    than SQLite's own waiting and blocks no thread; other processes wait for the file's lock.
    """

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._turn: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if is_sqlite(engine) else nullcontext()
        )
        self._open: set[asyncio.Task[Any] | None] = set()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqlTransaction]:
        """A transaction that commits when the block ends and rolls back when it raises.

        Raises:
            RuntimeError: this task is inside a transaction of this store already; a second one
                would wait for the first for ever.
        """
        task = asyncio.current_task()
        if task in self._open:
            raise RuntimeError("A transaction is open in this task; pass it on instead.")
        async with self._turn:
            self._open.add(task)
            try:
                async with (
                    AsyncSession(self._engine, expire_on_commit=False) as session,
                    session.begin(),
                ):
                    yield SqlTransaction(session, self._vault)
            finally:
                self._open.discard(task)

    async def rotate_keys(self) -> int:
        """Encrypt every stored secret again with the vault's first key; how many connections.

        Raises:
            SecretKeyError: one of them cannot be read; nothing was changed.
        """
        async with self.transaction() as tx:
            return await tx.connections.rotate()

    async def purge(self, customer_id: int, by: str, at: datetime) -> bool:
        """Remove a customer and every row of theirs, history too; False when there is none.

        What stays is one line that says who did it and when. It is written first, because the
        history's trigger lets lines go only for customers that it names.
        """
        async with self.transaction() as tx:
            if await tx.customers.by_id(customer_id) is None:
                return False
            purge = {"customer_id": customer_id, "made_by": by, "made_at": at}
            await tx.session.execute(insert(PurgeRow).values(purge))
            await tx.session.execute(
                delete(CustomerRow).where(col(CustomerRow.id) == customer_id),
                execution_options={"synchronize_session": False},
            )
            return True
