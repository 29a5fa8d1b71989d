"""Whose turn it is at the database."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turn:
    """So many at a time; those who wait go in the order they came, behind whoever may go first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def taken(self, *, first: bool) -> AsyncIterator[None]:
        """Wait for a place and hold it while the block runs."""
        await self._take(self._first if first else self._others)
        try:
            yield
        finally:
            self._give()

    async def _take(self, queue: "deque[asyncio.Future[None]]") -> None:
        if self._free:
            self._free -= 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            # Given and cancelled at the same moment: somebody else takes it.
            if not place.cancelled():
                self._give()
            raise

    def _give(self) -> None:
        """Hand the place to whoever is next; nobody can come between."""
        for queue in (self._first, self._others):
            while queue:
                place = queue.popleft()
                if not place.done():
                    place.set_result(None)
                    return
        self._free += 1
