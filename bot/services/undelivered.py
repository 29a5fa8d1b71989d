"""Messages that were given up: staff have one sent again, or say that they told the people."""

from collections.abc import Awaitable, Callable

from bot import words
from bot.domain.customer import HistoryEntry
from bot.services.errors import UserError
from bot.services.ports import Clock, Outgoing, Store, Transaction


class UndeliveredService:
    """Ends what nobody would end otherwise; what was decided stands in the customer's history."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def send_again(self, message_id: int, by: str) -> Outgoing:
        """Put it back into the queue, where it has all its attempts again.

        Raises:
            UserError: it isn't given up, or somebody has just decided about it.
        """
        now = self._clock.now()
        return await self._decide(
            "send again", by, lambda tx: tx.outbox.send_again(message_id, now)
        )

    async def settle(self, message_id: int, by: str) -> Outgoing:
        """Nobody has to look at it any more, because the people concerned were told.

        Raises:
            UserError: it isn't given up, or somebody has just decided about it.
        """
        return await self._decide("told of", by, lambda tx: tx.outbox.settle(message_id))

    async def _decide(
        self, action: str, by: str, how: Callable[[Transaction], Awaitable[Outgoing | None]]
    ) -> Outgoing:
        async with self._store.transaction() as tx:
            message = await how(tx)
            if message is None:
                raise UserError(words.delivery.NOT_GIVEN_UP)
            if message.customer_id is not None:
                what = message.kind.replace("_", " ")
                now = self._clock.now()
                await tx.history.append(HistoryEntry(message.customer_id, now, by, action, what))
        return message
