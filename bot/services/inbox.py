"""What Slack delivered is remembered before it is acknowledged, so that it is worked on once."""

from collections.abc import Sequence

from bot.services.crew import Take, Together
from bot.services.ports import Clock, Store


class InboxService:
    """Remembers deliveries.

    Slack waits for this, and the disk takes its time for each write. So it goes before everything
    else that wants the database, and what arrives while it waits is written at once.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._together = Together(self._write, alone=False)

    async def accept(self, key: str) -> bool:
        """False when this delivery was accepted before."""
        return await self._together.add(key)

    async def _write(self, take: Take[str]) -> Sequence[bool]:
        async with self._store.transaction(first=True) as tx:
            keys = take()
            first = {key: number for number, key in reversed(list(enumerate(keys)))}
            new = await tx.inbox.accept_all(first.keys(), self._clock.now())
        # Whoever brings a key that another of this batch brought before is not the first.
        return [key in new and first[key] == number for number, key in enumerate(keys)]
