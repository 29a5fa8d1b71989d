"""Empties the outbox: every message reaches its place exactly once.

A row is claimed by lease, posted with its key in the message's metadata, and recorded. When an
earlier attempt may have posted without our record of it (a crash, a lost answer), the key is
looked up where the message would be before anything is posted again.
"""

import asyncio
import logging
from datetime import timedelta

from bot.services.notices import ParkedNotice, dump
from bot.services.ports import (
    Clock,
    Delivered,
    Messenger,
    Outgoing,
    RetryLaterError,
    Store,
    Transaction,
    UncertainDeliveryError,
    UndeliverableError,
)

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 20
MOST_ATTEMPTS = 12
"""Attempts whose outcome is unclear, or that broke: then a person must look."""


class Sender:
    """One of any number of senders; ``owner`` names this process."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        clock: Clock,
        support_channel: str,
        owner: str,
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._clock = clock
        self._support_channel = support_channel
        self._owner = owner

    async def pump(self) -> int:
        """Send what is due; how many messages were handled."""
        async with self._store.transaction() as tx:
            messages = await tx.outbox.claim(self._clock.now(), self._owner, LEASE, BATCH)
        # A channel appears once in a batch, so that its messages keep their order.
        results = await asyncio.gather(
            *(self._send(message) for message in messages), return_exceptions=True
        )
        for message, result in zip(messages, results, strict=True):
            if isinstance(result, BaseException):
                # Its lease runs out, and it comes back as uncertain; the others are not held up.
                log.error("outbox message %s was not recorded", message.key, exc_info=result)
        return len(messages)

    async def _send(self, message: Outgoing) -> None:
        if message.attempts > MOST_ATTEMPTS:
            # So many claims without a record: whatever handles it dies on the way.
            await self._park(message, message.last_error or "it was tried too often")
            return
        try:
            delivered = await self._deliver(message)
        except RetryLaterError as error:
            # Certainly not posted by this try: a rate limit delays a message and never loses it.
            await self._put_back(
                message, error.seconds, str(error), uncertain=message.uncertain, counts=False
            )
        except UncertainDeliveryError as error:
            await self._try_again(message, str(error))
        except UndeliverableError as error:
            await self._park(message, str(error))
        except Exception as error:
            # Whatever it is: a message that breaks us must not block its channel for ever.
            log.exception("outbox message %s broke its delivery", message.key)
            await self._try_again(message, f"{type(error).__name__} while it was delivered")
        else:
            async with self._store.transaction() as tx:
                await tx.outbox.sent(message.id, self._owner, delivered.ts, self._clock.now())

    async def _deliver(self, message: Outgoing) -> Delivered:
        if message.uncertain:
            found = await self._messenger.find(message)
            if found is not None:
                return found
        return await self._messenger.deliver(message)

    async def _try_again(self, message: Outgoing, error: str) -> None:
        if message.attempts >= MOST_ATTEMPTS:
            await self._park(message, error)
        else:
            await self._put_back(message, _backoff(message), error, uncertain=True, counts=True)

    async def _put_back(
        self, message: Outgoing, seconds: float, error: str, *, uncertain: bool, counts: bool
    ) -> None:
        later = self._clock.now() + timedelta(seconds=seconds)
        async with self._store.transaction() as tx:
            await tx.outbox.put_back(
                message.id, self._owner, later, error, uncertain=uncertain, counts=counts
            )

    async def _park(self, message: Outgoing, error: str) -> None:
        """Nobody's message may vanish: a parked one stays, is logged, and staff are told."""
        log.error("outbox message %s was parked: %s", message.key, error)
        async with self._store.transaction() as tx:
            await tx.outbox.park(message.id, self._owner, error)
            await self._tell_staff(tx, message, error)

    async def _tell_staff(self, tx: Transaction, message: Outgoing, error: str) -> None:
        """A line in the support channel, unless that channel itself is what does not work."""
        if message.customer_id is None or message.channel == self._support_channel:
            return
        customer = await tx.customers.by_id(message.customer_id)
        if customer is None:
            return
        notice = ParkedNotice(
            customer.name, customer.slug, customer.id, message.kind, message.channel, error
        )
        out = Outgoing(
            f"parked:{message.key}", notice.kind, self._support_channel, dump(notice), customer.id
        )
        await tx.outbox.add(out, self._clock.now())


def _backoff(message: Outgoing) -> float:
    """Seconds until the next attempt: 2, 4, 8 … five minutes at most."""
    return float(min(300, 2 ** min(message.attempts, 9)))
