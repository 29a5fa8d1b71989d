"""The last run of a kernel for each customer, kept while what it rests on stays the same."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from bot.services.remembered import MOST_CUSTOMERS

K = TypeVar("K", bound=Hashable)
B = TypeVar("B")
R = TypeVar("R")


class Runs(Generic[K, B, R]):
    """One run at a time for each key; another only when its basis is another.

    A basis is compared by value: a list that was read again and says the same spares the run. The
    runs looked at longest ago are forgotten.
    """

    def __init__(self, most: int = MOST_CUSTOMERS) -> None:
        self._most = most
        self._known: dict[K, tuple[B, R]] = {}
        self._working: WeakValueDictionary[K, asyncio.Lock] = WeakValueDictionary()

    def last(self, key: K) -> tuple[B, R] | None:
        """What was made last, on which basis; it may be out of date."""
        return self._known.get(key)

    async def of(
        self, key: K, basis: Callable[[], Awaitable[B]], run: Callable[[B], Awaitable[R]]
    ) -> tuple[B, R]:
        """The present basis, and what ``run`` makes of it."""
        async with self._working.setdefault(key, asyncio.Lock()):
            now = await basis()
            known = self._known.get(key)
            made = known[1] if known is not None and known[0] == now else await run(now)
            # Put back last: the order is that of looking.
            self._known.pop(key, None)
            self._known[key] = (now, made)
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
            return now, made
