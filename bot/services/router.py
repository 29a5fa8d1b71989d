"""Sends each outbox message by the way its address names: Slack, or e-mail."""

from bot import words
from bot.services.ports import Delivered, Messenger, Outgoing, UndeliverableError

MAIL = "mailto:"


class Router:
    """A messenger made of two; ``mail`` is None where no mail server is set up."""

    def __init__(self, slack: Messenger, mail: Messenger | None) -> None:
        self._slack = slack
        self._mail = mail

    def _way(self, message: Outgoing) -> Messenger:
        if not message.channel:
            raise UndeliverableError(words.delivery.NO_SUPPORT_CHANNEL)
        if not message.channel.startswith(MAIL):
            return self._slack
        if self._mail is None:
            raise UndeliverableError(words.delivery.NO_MAIL)
        return self._mail

    async def deliver(self, message: Outgoing) -> Delivered:
        """Post or mail it; see ``ports.Messenger``."""
        return await self._way(message).deliver(message)

    async def find(self, message: Outgoing) -> Delivered | None:
        """Look it up where it would be; see ``ports.Messenger``."""
        return await self._way(message).find(message)
