"""Slack as the sender sees it: channels with messages that carry their key."""

import asyncio
from dataclasses import dataclass, field

from bot.services.ports import Delivered, Outgoing

Trouble = BaseException


@dataclass
class FakeMessenger:
    """``ports.Messenger``.

    ``posted`` is what reached Slack, in order. ``before`` and ``after`` hold, per channel, errors
    to raise before or after the next posts: an error *after* is a lost answer. ``looked_up`` are
    the keys that ``find`` was asked for, ``find_errors`` what it raises first.
    """

    posted: list[Outgoing] = field(default_factory=list)
    before: dict[str, list[Trouble]] = field(default_factory=dict)
    after: dict[str, list[Trouble]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    find_errors: list[Trouble] = field(default_factory=list)

    async def deliver(self, message: Outgoing) -> Delivered:
        await asyncio.sleep(0)
        self._raise(self.before, message.channel)
        self.posted.append(message)
        self._raise(self.after, message.channel)
        return Delivered(message.channel, f"{len(self.posted)}.000")

    async def find(self, message: Outgoing) -> Delivered | None:
        self.looked_up.append(message.key)
        if self.find_errors:
            raise self.find_errors.pop(0)
        for number, posted in enumerate(self.posted, start=1):
            if posted.key == message.key and posted.channel == message.channel:
                return Delivered(message.channel, f"{number}.000")
        return None

    @property
    def keys(self) -> list[str]:
        """The keys of everything posted, in order."""
        return [message.key for message in self.posted]

    @staticmethod
    def _raise(troubles: dict[str, list[Trouble]], channel: str) -> None:
        waiting = troubles.get(channel)
        if waiting:
            raise waiting.pop(0)
