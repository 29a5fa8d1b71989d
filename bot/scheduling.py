"""The only importer of APScheduler: regular rounds, in every process, with nothing stored.

What is due is in the database; a tick only asks. So a restart loses nothing, and any number of
processes may tick at once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

Round = Callable[[], Awaitable[int]]


class Rounds:
    """Runs each round every so many seconds, never two of the same at once."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._running: set[asyncio.Task[object]] = set()
        self.failures = 0

    def every(self, seconds: float, name: str, run: Round) -> None:
        """Add a round; one that fails is logged and comes again."""

        async def safely() -> None:
            task = asyncio.current_task()
            assert task is not None
            self._running.add(task)
            try:
                # A round that found work is followed by another at once, until there is none.
                while await run():
                    pass
            except Exception:
                self.failures += 1
                log.exception("the round %s failed; it comes again in %s s", name, seconds)
            finally:
                self._running.discard(task)

        self._scheduler.add_job(
            safely,
            IntervalTrigger(seconds=seconds),
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin; needs a running event loop."""
        # It warns of every round that is skipped because the one before still runs: as meant.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()

    async def stop(self) -> None:
        """End. A round that runs is cancelled: what it had claimed comes back with its lease."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
