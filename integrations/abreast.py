"""How many customers' long lists are in memory at once, however much is asked for.

What is read of a company of twenty thousand vendors takes some fifty megabytes, from its reading
until it is judged. The first page of a list tells nothing of its length, so it is read at once;
from the second page on one customer goes on, and the others wait with what little they have. Two
side by side were no quicker: decoding what they send is computing.
"""

import asyncio
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar

from bot.domain.model import Snapshot
from integrations.limits import Turns

MOST = 1
LONGEST_S = 30.0
"""Seconds for which a place is kept: one whose system is slow must not keep the others waiting."""


class _Place:
    """One customer's: taken when its first long list shows, given back when nobody needs it."""

    def __init__(self, abreast: "Abreast", customer_id: int) -> None:
        self._abreast = abreast
        self._customer_id = customer_id
        self._taken, self._left = asyncio.Event(), asyncio.Event()
        self._holding: asyncio.Task[None] | None = None
        self._users = 0

    async def taken(self) -> None:
        """Wait until this customer's reads may go on; at once when they did before."""
        if self._holding is None:
            self._holding = asyncio.create_task(self._hold())
        await self._taken.wait()

    async def _hold(self) -> None:
        async with self._abreast.places.turn():
            self._taken.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), self._abreast.longest_s)

    def use(self) -> None:
        """Somebody needs it, or needs it too."""
        self._users += 1

    def leave(self) -> None:
        """One needs it no longer, however that ended."""
        self._users -= 1
        if self._users:
            return
        self._abreast.forget(self._customer_id)
        self._left.set()
        if self._holding is not None and not self._taken.is_set():
            self._holding.cancel()

    def until_gone(self, snapshot: Snapshot) -> None:
        """What was read takes the place as long as anybody has it."""
        if self._taken.is_set():
            self.use()
            gone = weakref.finalize(snapshot, _tell, asyncio.get_running_loop(), self)
            gone.atexit = False


def _tell(loop: asyncio.AbstractEventLoop, place: _Place) -> None:
    """The last who had a snapshot may be a thread; and the loop may have ended before."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(place.leave)


_PLACE: ContextVar[_Place | None] = ContextVar("place", default=None)


class Abreast:
    """So many customers with long lists at a time."""

    def __init__(self, most: int = MOST, longest_s: float = LONGEST_S) -> None:
        self.places = Turns(most)
        self.longest_s = longest_s
        self._known: dict[int, _Place] = {}

    @asynccontextmanager
    async def read(self, customer_id: int) -> AsyncIterator[_Place]:
        """One read; the tasks that it starts belong to it."""
        place = self._known.setdefault(customer_id, _Place(self, customer_id))
        place.use()
        mark = _PLACE.set(place)
        try:
            yield place
        finally:
            _PLACE.reset(mark)
            place.leave()

    def forget(self, customer_id: int) -> None:
        """Nobody needs this customer's place any more."""
        del self._known[customer_id]


async def more() -> None:
    """Before each page but the first: wait until the read that asks for it may go on."""
    place = _PLACE.get()
    if place is not None:
        await place.taken()
