"""A named right that one task has at a time, over all processes on the database."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from bot.services.ports import Clock
from bot.storage.store import SqlStore

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
POLL_S = 0.1


class OnlyOne:
    """Leases by name. ``owner`` names this process in the lease rows.

    A lease is prolonged while its holder lives, however long that takes, and runs out ``lease``
    after its holder died. Machines that share a database must agree on the time to well within
    that span.
    """

    def __init__(
        self,
        store: SqlStore,
        clock: Clock,
        owner: str,
        *,
        lease: timedelta = LEASE,
        poll: float = POLL_S,
    ) -> None:
        self._store = store
        self._clock = clock
        self._owner = owner
        self._lease = lease
        self._poll = poll
        self._turns: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def __call__(self, name: str) -> AsyncIterator[None]:
        """Have the right while the block runs; wait for whoever has it."""
        async with self._turns.setdefault(name, asyncio.Lock()):
            holder = f"{self._owner} {uuid4()}"
            # The lease is in the database, where no event of this process can tell of its end.
            while not await self._acquire(name, holder):  # noqa: ASYNC110
                await asyncio.sleep(self._poll)
            done = asyncio.Event()
            prolonging = asyncio.create_task(self._prolong(name, holder, done))
            try:
                yield
            finally:
                # Asked to end rather than cancelled, so that no statement is cut off half-way.
                done.set()
                await prolonging
                await self._release(name, holder)

    async def _acquire(self, name: str, holder: str) -> bool:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            return await tx.leases.acquire(name, holder, now, now + self._lease)

    async def _prolong(self, name: str, holder: str, done: asyncio.Event) -> None:
        pause = self._lease.total_seconds() / 3
        while True:
            try:
                await asyncio.wait_for(done.wait(), pause)
            except TimeoutError:
                pass
            else:
                return
            try:
                async with self._store.transaction() as tx:
                    await tx.leases.prolong(name, holder, self._clock.now() + self._lease)
            except SQLAlchemyError:
                # Two more tries fit in before the lease runs out.
                log.warning("%s: the lease could not be prolonged", name, exc_info=True)

    async def _release(self, name: str, holder: str) -> None:
        async with self._store.transaction() as tx:
            await tx.leases.release(name, holder)
