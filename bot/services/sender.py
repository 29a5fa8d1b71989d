"""Empties the outbox: every message reaches its place exactly once.

A row is claimed by lease, posted with its key in the message's metadata, and recorded. When an
earlier attempt may have posted without our record of it (a crash, a lost answer), the key is
looked up where the message would be before anything is posted again.

A look-up proves nothing while the earlier post may still be on its way. So an attempt ends long
before its lease does, and after a lost answer there is a pause before the message is looked for.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from bot import words
from bot.services.crew import Crew, Size
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
LIMIT = 75.0
"""Seconds for one attempt. What is left of the lease is for a last request to arrive or to die."""
SETTLE = 20.0
"""Seconds after a lost answer until the message must be where it can be found."""
SIZE = Size(brisk=20, slow=100)
MOST_ATTEMPTS = 12
"""Attempts that broke: then a person must look."""
MOST_UNCLEAR = 60
"""Attempts without an answer, about five hours: Slack being unwell is no fault of the message."""


class Sender:
    """One of any number of senders; ``owner`` names this process."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        clock: Clock,
        support_channel: str,
        owner: str,
        *,
        limit: float = LIMIT,
    ) -> None:
        self._store = store
        self._limit = limit
        self._messenger = messenger
        self._clock = clock
        self._support_channel = support_channel
        self._owner = owner

    async def pump(self) -> int:
        """Send what is due; how many messages were handled.

        One message of a channel is under way at a time, so that a channel's messages keep their
        order.
        """
        return await Crew(self._claim, self._send, _name, SIZE).work()

    async def _claim(self, limit: int) -> Sequence[Outgoing]:
        async with self._store.transaction() as tx:
            return await tx.outbox.claim(self._clock.now(), self._owner, LEASE, limit)

    async def _send(self, message: Outgoing) -> None:
        if message.attempts > MOST_UNCLEAR:
            # So many claims without a record: whatever handles it dies on the way.
            await self._park(message, message.last_error or words.delivery.TRIED_TOO_OFTEN)
            return
        try:
            async with asyncio.timeout(self._limit):
                delivered = await self._deliver(message)
        except RetryLaterError as error:
            # Certainly not posted by this try: a rate limit delays a message and never loses it.
            await self._put_back(
                message, error.seconds, str(error), uncertain=message.uncertain, counts=False
            )
        except UncertainDeliveryError as error:
            await self._try_again(message, str(error), MOST_UNCLEAR)
        except TimeoutError:
            await self._try_again(
                message, words.delivery.NO_ANSWER.format(seconds=self._limit), MOST_UNCLEAR
            )
        except UndeliverableError as error:
            await self._park(message, str(error))
        except Exception as error:
            # Whatever it is: a message that breaks us must not block its channel for ever.
            log.exception("outbox message %s broke its delivery", message.key)
            said = words.delivery.BROKE.format(error=type(error).__name__)
            await self._try_again(message, said, MOST_ATTEMPTS)
        else:
            async with self._store.transaction() as tx:
                await tx.outbox.sent(message.id, self._owner, delivered.ts, self._clock.now())

    async def _deliver(self, message: Outgoing) -> Delivered:
        if message.uncertain:
            found = await self._messenger.find(message)
            if found is not None:
                return found
        return await self._messenger.deliver(message)

    async def _try_again(self, message: Outgoing, error: str, most: int) -> None:
        if message.attempts >= most:
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
            if await tx.outbox.park(message.id, self._owner, error):
                await self._tell_staff(tx, message, error)

    async def _tell_staff(self, tx: Transaction, message: Outgoing, error: str) -> None:
        """A line in the support channel, unless that channel itself is what does not work."""
        if message.customer_id is None or message.channel == self._support_channel:
            return
        customer = await tx.customers.by_id(message.customer_id)
        if customer is None:
            return
        notice = ParkedNotice(
            customer.name,
            customer.slug,
            customer.id,
            message.kind,
            message.channel,
            error,
            message.id,
        )
        # A message may be given up again after somebody had it sent again.
        now = self._clock.now()
        key = f"parked:{message.key}:{now.isoformat()}"
        out = Outgoing(key, notice.kind, self._support_channel, dump(notice), customer.id)
        await tx.outbox.add(out, now)


def _backoff(message: Outgoing) -> float:
    """Seconds until the next attempt: 20 at first, then 32, 64 … five minutes at most."""
    return max(SETTLE, min(300.0, 2.0 ** min(message.attempts, 9)))


def _name(message: Outgoing) -> str:
    return f"outbox message {message.key}"
