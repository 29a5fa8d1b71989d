"""Empties the outbox: every message reaches its place exactly once.

A row is claimed by lease, posted with its key in the message's metadata, and recorded. When an
earlier attempt may have posted without our record of it (a crash, a lost answer), the key is
looked up where the message would be before anything is posted again.
"""

import asyncio
import logging
from datetime import timedelta

from bot.services.ports import (
    Clock,
    Delivered,
    Messenger,
    Outgoing,
    RetryLaterError,
    Store,
    UncertainDeliveryError,
    UndeliverableError,
)

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 20
MOST_ATTEMPTS = 12


class Sender:
    """One of any number of senders; ``owner`` names this process."""

    def __init__(self, store: Store, messenger: Messenger, clock: Clock, owner: str) -> None:
        self._store = store
        self._messenger = messenger
        self._clock = clock
        self._owner = owner

    async def pump(self) -> int:
        """Send what is due; how many messages were handled."""
        async with self._store.transaction() as tx:
            messages = await tx.outbox.claim(self._clock.now(), self._owner, LEASE, BATCH)
        # A channel appears once in a batch, so that its messages keep their order.
        await asyncio.gather(*(self._send(message) for message in messages))
        return len(messages)

    async def _send(self, message: Outgoing) -> None:
        try:
            delivered = await self._deliver(message)
        except RetryLaterError as error:
            await self._put_back(message, error.seconds, str(error), uncertain=message.uncertain)
        except UncertainDeliveryError as error:
            await self._put_back(message, _backoff(message), str(error), uncertain=True)
        except UndeliverableError as error:
            await self._park(message, str(error))
        else:
            async with self._store.transaction() as tx:
                await tx.outbox.sent(message.id, self._owner, delivered.ts, self._clock.now())

    async def _deliver(self, message: Outgoing) -> Delivered:
        if message.uncertain:
            found = await self._messenger.find(message)
            if found is not None:
                return found
        return await self._messenger.deliver(message)

    async def _put_back(
        self, message: Outgoing, seconds: float, error: str, *, uncertain: bool
    ) -> None:
        if message.attempts >= MOST_ATTEMPTS:
            await self._park(message, error)
            return
        later = self._clock.now() + timedelta(seconds=seconds)
        async with self._store.transaction() as tx:
            await tx.outbox.put_back(message.id, self._owner, later, error, uncertain=uncertain)

    async def _park(self, message: Outgoing, error: str) -> None:
        """Nobody's message may vanish: a parked one stays, is logged, and is listed by staff."""
        log.error("outbox message %s was parked: %s", message.key, error)
        async with self._store.transaction() as tx:
            await tx.outbox.park(message.id, self._owner, error)


def _backoff(message: Outgoing) -> float:
    """Seconds until the next attempt: 2, 4, 8 … five minutes at most."""
    return float(min(300, 2 ** min(message.attempts + 1, 9)))
