"""A messenger whose deliveries are counted."""

from bot.services.metrics import MESSAGES, Meter
from bot.services.ports import (
    Delivered,
    Messenger,
    Outgoing,
    RetryLaterError,
    UncertainDeliveryError,
    UndeliverableError,
)

OUTCOMES: tuple[tuple[type[Exception], str], ...] = (
    (RetryLaterError, "later"),
    (UncertainDeliveryError, "uncertain"),
    (UndeliverableError, "undeliverable"),
)


class MeteredMessenger:
    """``ports.Messenger`` around another one."""

    def __init__(self, messenger: Messenger, meter: Meter) -> None:
        self._messenger = messenger
        self._meter = meter

    async def deliver(self, message: Outgoing) -> Delivered:
        """As the other one does, and raises."""
        outcome = "broke"
        try:
            delivered = await self._messenger.deliver(message)
            outcome = "sent"
        except Exception as error:
            outcome = next((name for kind, name in OUTCOMES if isinstance(error, kind)), outcome)
            raise
        else:
            return delivered
        finally:
            self._meter.count(MESSAGES, message.kind, outcome)

    async def find(self, message: Outgoing) -> Delivered | None:
        """As the other one does; what is found was delivered by an earlier attempt."""
        found = await self._messenger.find(message)
        if found is not None:
            self._meter.count(MESSAGES, message.kind, "found")
        return found
