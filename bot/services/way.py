"""Long computing gives way to whoever waits at the door.

A person notices a tenth of a second. What a check decodes and packs away takes seconds of computing
on the same event loop, in stretches of some milliseconds. Between two of them it lets pass whoever
was let in and is not acknowledged yet, but never waits for long: a check beside a crowd that never
ends takes longer, and still comes to its end.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

LONGEST_S = 0.05
"""Seconds that one stretch waits at most."""


class Way:
    """Knows who is being acknowledged just now."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._longest_s = longest_s
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
        await asyncio.sleep(0)
        if not self._ahead:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._longest_s):
                await self._free.wait()

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
