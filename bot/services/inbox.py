"""What Slack delivered is remembered before it is acknowledged, so that it is worked on once."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.services.ports import Clock, Store


@dataclass(eq=False, slots=True)
class _Batch:
    """Keys that are written together, and the writing that tells which of them are new."""

    keys: set[str] = field(default_factory=set)
    written: "asyncio.Task[Collection[str]] | None" = None


class InboxService:
    """Remembers deliveries.

    Slack waits for this, and the disk takes its time for each write. So it goes before everything
    else that wants the database, and what arrives while it waits is written at once.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._next: _Batch | None = None

    async def accept(self, key: str) -> bool:
        """False when this delivery was accepted before."""
        if self._next is None:
            self._next = _Batch()
            self._next.written = asyncio.create_task(self._write(self._next))
        batch = self._next
        again = key in batch.keys
        batch.keys.add(key)
        assert batch.written is not None
        # The others wait for it too when one of them is cancelled.
        new = await asyncio.shield(batch.written)
        return key in new and not again

    async def _write(self, batch: _Batch) -> Collection[str]:
        try:
            async with self._store.transaction(first=True) as tx:
                # Whoever comes from here on is in the next one.
                self._next = None
                return await tx.inbox.accept_all(batch.keys, self._clock.now())
        finally:
            if self._next is batch:
                self._next = None
