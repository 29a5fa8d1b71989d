"""How many long lists are read side by side, so that memory is bounded however much is asked for.

A read keeps what it has until all of it is there: some fifty megabytes for a company of twenty
thousand vendors. The first page of a list tells nothing of its length, so it is read at once; from
the second page on only a few reads go on, and the others wait with what little they have. Whose
long lists were read just now goes first: somebody holds them until the rest is there, too.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar

from integrations.limits import Turns

MOST = 2
LONGEST_S = 60.0
"""So long a read keeps its place: one whose system is slow must not keep the others waiting."""


class _Place:
    """One read's: taken when its first long list shows, given back when it is done."""

    def __init__(self, abreast: "Abreast", customer_id: int) -> None:
        self._abreast = abreast
        self._customer_id = customer_id
        self._taken, self._left = asyncio.Event(), asyncio.Event()
        self._holding: asyncio.Task[None] | None = None

    async def taken(self) -> None:
        """Wait until this read may go on; at once when it did before."""
        if self._holding is None:
            self._holding = asyncio.create_task(self._hold())
        await self._taken.wait()

    async def _hold(self) -> None:
        abreast, customer_id = self._abreast, self._customer_id
        async with abreast.places.turn(later=customer_id not in abreast.in_hand):
            self._taken.set()
            abreast.in_hand.append(customer_id)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), abreast.longest_s)

    def leave(self) -> None:
        """The read is done, however it ended."""
        self._left.set()
        if self._holding is not None and not self._taken.is_set():
            self._holding.cancel()


_PLACE: ContextVar[_Place | None] = ContextVar("place", default=None)


class Abreast:
    """So many reads of long lists at a time."""

    def __init__(self, most: int = MOST, longest_s: float = LONGEST_S) -> None:
        self.places = Turns(most)
        self.longest_s = longest_s
        self.in_hand: deque[int] = deque(maxlen=4 * most)

    @asynccontextmanager
    async def read(self, customer_id: int) -> AsyncIterator[None]:
        """One read; the tasks that it starts belong to it."""
        place = _Place(self, customer_id)
        mark = _PLACE.set(place)
        try:
            yield
        finally:
            _PLACE.reset(mark)
            place.leave()


async def more() -> None:
    """Before each page but the first: wait until the read that asks for it may go on."""
    place = _PLACE.get()
    if place is not None:
        await place.taken()
