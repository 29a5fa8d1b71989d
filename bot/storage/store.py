"""The database as ``ports.Store``."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.customer import Customer
from bot.storage.engine import MOST_CONNECTIONS, is_sqlite
from bot.storage.repositories.connections import ConnectionRepository
from bot.storage.repositories.customers import CustomerRepository
from bot.storage.repositories.decisions import DecisionRepository
from bot.storage.repositories.findings import FindingRepository
from bot.storage.repositories.hooks import HookRepository
from bot.storage.repositories.installations import InstallationRepository
from bot.storage.repositories.kept_lists import KeptListRepository
from bot.storage.repositories.leases import LeaseRepository
from bot.storage.repositories.leftovers import LeftoverRepository
from bot.storage.repositories.outbox import OutboxRepository
from bot.storage.repositories.put_away import PutAwayRepository
from bot.storage.repositories.records import (
    BeatRepository,
    CardRepository,
    HistoryRepository,
    InboxRepository,
    ReminderRepository,
)
from bot.storage.repositories.removals import RemovalRepository
from bot.storage.repositories.signins import SignInRepository
from bot.storage.repositories.ticks import TickRepository
from bot.storage.steady import to_the_end
from bot.storage.together import (
    Together,
    TogetherCustomers,
    TogetherDecisions,
    TogetherFindings,
)
from bot.storage.turn import Turn
from bot.storage.vault import Vault


class SqlTransaction:
    """``ports.Transaction``: every part works over the one connection."""

    def __init__(self, database: AsyncConnection, vault: Vault) -> None:
        self.database = database
        self.customers = CustomerRepository(database)
        self.decisions = DecisionRepository(database)
        self.findings = FindingRepository(database)
        self.cards = CardRepository(database)
        self.history = HistoryRepository(database)
        self.connections = ConnectionRepository(database, vault)
        self.kept_lists = KeptListRepository(database)
        self.put_away = PutAwayRepository(database, vault)
        self.signins = SignInRepository(database, vault)
        self.outbox = OutboxRepository(database)
        self.inbox = InboxRepository(database)
        self.reminders = ReminderRepository(database)
        self.leases = LeaseRepository(database)
        self.removals = RemovalRepository(database)
        self.installations = InstallationRepository(database, vault)
        self.beats = BeatRepository(database)
        self.ticks = TickRepository(database)
        self.hooks = HookRepository(database)

    async def read_ahead(self, ids: Sequence[int]) -> Sequence[Customer]:
        customers = TogetherCustomers(self.database)
        findings = TogetherFindings(self.database)
        decisions = TogetherDecisions(self.database)
        await customers.read(ids, lock=False)
        await findings.read(ids)
        await decisions.read(ids)
        self.customers, self.findings, self.decisions = customers, findings, decisions
        return customers.read_ahead()


class SqlStore:
    """``ports.Store`` over SQLite or PostgreSQL; the schema must be there (``schema.upgrade``).

    On SQLite the transactions of one process take turns in the order they came, which is fairer
    than SQLite's own waiting and blocks no thread; other processes wait for the file's lock. On
    PostgreSQL as many go on at once as there are connections, and the others wait their turn too:
    a message that was posted must be recorded, however busy it is just then.
    """

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._turn = Turn(1 if is_sqlite(engine) else MOST_CONNECTIONS)
        self._open: set[asyncio.Task[Any] | None] = set()

    @asynccontextmanager
    async def transaction(self, *, first: bool = False) -> AsyncIterator[SqlTransaction]:
        """A transaction that commits when the block ends and rolls back when it raises.

        ``first`` goes before all that wait; only for what somebody outside is waiting for.
        A task that is cancelled within a statement is cancelled when that statement is done; one
        that is cancelled while it commits has committed.

        Raises:
            RuntimeError: this task is inside a transaction of this store already; a second one
                would wait for the first for ever.
        """
        task = asyncio.current_task()
        if task in self._open:
            raise RuntimeError("A transaction is open in this task; pass it on instead.")
        async with self._turn.taken(first=first):
            self._open.add(task)
            connection, dialect = self._engine.connect(), self._engine.dialect.name
            try:
                await to_the_end(connection.start(), dialect)
                yield SqlTransaction(connection, self._vault)
                await to_the_end(connection.commit(), dialect)
            finally:
                self._open.discard(task)
                if connection.sync_connection is not None:
                    # Rolls back what was not committed.
                    await to_the_end(connection.close(), dialect)

    @asynccontextmanager
    async def together(self, ids: Sequence[int], kind: str) -> AsyncIterator[SqlTransaction]:
        """A transaction for the daily round of several customers, about as cheap as for one.

        They are locked. What a round reads of them is read at its begin, and what it writes is
        written at its end. ``kind`` is the kind of message whose newest one is asked for.

        Raises:
            KeyError: when a customer is locked that is not there any more.
        """
        async with self.transaction() as tx:
            all_of_them = Together(tx.database)
            await all_of_them.read(ids, kind)
            tx.customers = all_of_them.customers
            tx.findings = all_of_them.findings
            tx.decisions = all_of_them.decisions
            tx.reminders = all_of_them.reminders
            tx.outbox = all_of_them.outbox
            tx.history = all_of_them.history
            yield tx
            await all_of_them.write()

    async def rotate_keys(self) -> int:
        """Encrypt every stored secret again with the vault's first key; how many connections.

        Raises:
            SecretKeyError: one of them cannot be read; nothing was changed.
        """
        async with self.transaction() as tx:
            await tx.signins.rotate()
            await tx.put_away.rotate()
            await tx.installations.rotate()
            # Only copies: whoever needs them reads them anew.
            await tx.kept_lists.forget_all()
            return await tx.connections.rotate()

    async def purge(self, customer_id: int, by: str, at: datetime) -> bool:
        """Remove a customer and every row of theirs, history too; False when there is none."""
        async with self.transaction() as tx:
            customer = await tx.customers.by_id(customer_id)
            teams = {one.team_id for one in await tx.customers.channels(customer_id)}
            if customer is None or not await tx.customers.purge(customer_id, by, at):
                return False
            await LeftoverRepository(tx.database).forget(customer)
            await tx.installations.forget_strangers(teams)
        return True
