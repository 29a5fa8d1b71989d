"""Work that several facets share within one read is done once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Once:
    """Runs each named piece of work once; everybody who asks gets the same result or error."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[object]] = {}

    async def get(self, name: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of ``work``, which is started by the first who asks for ``name``."""
        task = self._tasks.get(name)
        if task is None:
            task = asyncio.create_task(work())
            self._tasks[name] = task
        # Shielded: one facet's failure must not cancel what another still waits for.
        return cast("T", await asyncio.shield(task))

    async def close(self) -> None:
        """End what still runs, once nobody waits for it any more, and let go what was found.

        What was found often has this, too: in such a circle long lists would stay in memory until
        the garbage collector comes by, which is kept away while there is much to unpack.
        """
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
