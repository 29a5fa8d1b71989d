"""How much may be under way at once, so that memory is bounded however fast people press.

Acknowledging is quicker than answering. So a delivery waits for a place before it is taken in, and
its place is free again when it is answered: whoever presses too fast is slowed down, not queued
without end. Slack waits three seconds; who gets no place within half of that is told so, and
nothing of the delivery is remembered, so that it can come again.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.response import BoltResponse

from bot import words
from handlers.origin import Kind

MOST = 500
"""Each holds some ten kilobytes while it waits for the database or for Slack."""
PATIENCE_S = 1.5


class Room:
    """So many places; who waits for one goes in the order of coming."""

    def __init__(self, most: int = MOST, patience_s: float = PATIENCE_S) -> None:
        self._free = most
        self._patience_s = patience_s
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[bool]:
        """A place while the block runs; False when none came free in time."""
        if not await self._came_free():
            yield False
            return
        try:
            yield True
        finally:
            self.leave()

    def take(self) -> None:
        """A place for what was let in already, whether there is one or not."""
        self._free -= 1

    def leave(self) -> None:
        """Give a place back, to whoever waits longest."""
        self._free += 1
        while self._waiting and self._free > 0:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                self._free -= 1

    async def _came_free(self) -> bool:
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return True
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await asyncio.wait_for(place, self._patience_s)
        except TimeoutError:
            # It may have been given at that very moment.
            return place.done() and not place.cancelled()
        except asyncio.CancelledError:
            if not place.cancelled():
                self.leave()
            raise
        return True


def busy(kind: Kind) -> BoltResponse:
    """The answer to whoever got no place.

    A command's answer is shown to the person. Of a click or a form Slack itself says that it did
    not work, and leaves everything as it was; an event it delivers again.
    """
    if kind is not Kind.COMMAND:
        return BoltResponse(status=503, body="")
    return told(words.trouble.BUSY)


def told(text: str) -> BoltResponse:
    """The answer to a command with which nothing was done; the person alone sees it."""
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
