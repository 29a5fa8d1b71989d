"""The only importer of APScheduler: regular rounds, in every process, with nothing stored.

What is due is in the database; a tick only asks. So a restart loses nothing, and any number of
processes may tick at once.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services.metrics import NO_METER, ROUND_FAILURES, ROUND_SECONDS, Meter, timed

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

Round = Callable[[], Awaitable[int]]
SLACK = 30.0
"""Seconds that a round may be late before the scheduler counts as stopped."""
SAY_AGAIN = 60.0
"""Seconds after which a round that goes on failing is logged again."""


@dataclass(slots=True)
class _Watched:
    """A round, when it last began or ended, and how it fails (nothing: it doesn't)."""

    run: Callable[[], Awaitable[None]]
    seconds: float
    moved: float
    running: bool = False
    failure: str = ""
    told: float = 0.0


class Rounds:
    """Runs each round every so many seconds, never two of the same at once."""

    def __init__(
        self, meter: Meter = NO_METER, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._scheduler: AsyncIOScheduler | None = None
        self._starting: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[object]] = set()
        self._meter = meter
        self._monotonic = monotonic
        self._watched: dict[str, _Watched] = {}
        self.failures = 0
        self._stopping = False
        # It warns of every round that is skipped because the one before still runs: as meant.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def every(self, seconds: float, name: str, run: Round) -> None:
        """Add a round; one that fails is logged and comes again."""

        async def safely() -> None:
            task = asyncio.current_task()
            assert task is not None
            self._running.add(task)
            watched.running = True
            try:
                with timed(self._meter, ROUND_SECONDS, name):
                    # A round that found work is followed by another at once, until there is none.
                    while await run():
                        pass
                watched.failure = ""
            except asyncio.CancelledError:
                if not self._stopping:
                    raise
                # Asked for by ``stop``: the scheduler would log it as an error.
            except Exception as error:  # noqa: BLE001 - whatever it is, the round comes again.
                self._failed(name, watched, error)
            finally:
                watched.running, watched.moved = False, self._monotonic()
                self._running.discard(task)

        watched = self._watched[name] = _Watched(safely, seconds, self._monotonic())

    def _failed(self, name: str, watched: _Watched, error: Exception) -> None:
        """Log a failure; one that goes on is said once a minute, not once a second."""
        self.failures += 1
        self._meter.count(ROUND_FAILURES, name)
        kind, now = type(error).__name__, self._monotonic()
        if watched.failure == kind and now - watched.told < SAY_AGAIN:
            return
        watched.failure, watched.told = kind, now
        log.error(
            "the round %s failed; it comes again in %s s", name, watched.seconds, exc_info=error
        )

    def ages(self) -> Mapping[str, float]:
        """Seconds since each round last ended (0 while it runs)."""
        now = self._monotonic()
        return {name: 0.0 if w.running else now - w.moved for name, w in self._watched.items()}

    def stopped(self) -> list[str]:
        """The rounds that should have begun long ago and did not: the scheduler is dead."""
        return [
            name
            for name, age in self.ages().items()
            if age > 3 * self._watched[name].seconds + SLACK
        ]

    def failing(self, name: str) -> str:
        """By what kind of error a round failed when it last ended; "" where all is well."""
        return self._watched[name].failure

    def start(self) -> None:
        """Begin; needs a running event loop. A thread loads the scheduler meanwhile."""
        self._starting = asyncio.create_task(self._begin())

    async def _begin(self) -> None:
        self._scheduler = scheduler = await asyncio.to_thread(self._made)
        scheduler.start()

    def _made(self) -> "AsyncIOScheduler":
        """A scheduler with every round; it looks through all that is installed for plug-ins."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        scheduler = AsyncIOScheduler(timezone="UTC")
        for name, watched in self._watched.items():
            scheduler.add_job(
                watched.run,
                IntervalTrigger(seconds=watched.seconds),
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        return scheduler

    async def stop(self) -> None:
        """End. A round that runs is cancelled: what it had claimed is let go or comes back."""
        self._stopping = True
        if self._starting is not None:
            self._starting.cancel()
        if self._scheduler is not None and self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
