"""Long computing gives way to whoever waits at the door.

A person notices a tenth of a second. What a check decodes and packs away takes seconds of computing
on the same event loop, in stretches of some milliseconds. Between two of them it lets pass whoever
was let in and is not acknowledged yet, but waits four times as long as it computed at most: a crowd
that never ends leaves it a fifth of the time, so that it takes longer and still comes to its end.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from time import perf_counter

SHARE = 4.0
"""How many times as long as a stretch took the next one waits at most."""
LONGEST_STRETCH_S = 0.02
"""Seconds; what lies between two turns and took longer was waiting for somebody else, too."""


class Way:
    """Knows who is being acknowledged just now."""

    def __init__(self, share: float = SHARE) -> None:
        self._share = share
        self._went_on = 0.0
        self._ahead = 0
        self._free = asyncio.Event()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Somebody goes first while the block runs."""
        self._ahead += 1
        self._free.clear()
        try:
            yield
        finally:
            self._ahead -= 1
            if not self._ahead:
                self._free.set()

    async def give(self) -> None:
        """Let everything else have its turn, and those who go first all that they need."""
        stretch = min(perf_counter() - self._went_on, LONGEST_STRETCH_S)
        await asyncio.sleep(0)
        if self._ahead:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._share * stretch):
                    await self._free.wait()
        self._went_on = perf_counter()

    @contextmanager
    def given(self) -> Iterator[None]:
        """What runs in this block, and the tasks that it starts, give this way."""
        mark = _WAY.set(self)
        try:
            yield
        finally:
            _WAY.reset(mark)


_WAY: ContextVar[Way | None] = ContextVar("way", default=None)


async def give_way() -> None:
    """Give the way that this task gives, where it gives one; let others have a turn anyhow."""
    way = _WAY.get()
    await (way.give() if way is not None else asyncio.sleep(0))
