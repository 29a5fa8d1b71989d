"""Runs the checks off the event loop: small ones in a thread, large ones in a process.

Matching 20,000 names takes seconds of pure computing. In a thread it would hold the interpreter's
lock that clicks and reminders need; a process of its own leaves them alone.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime

from bot.domain.catalogue import requirement
from bot.domain.evaluate import run_checks
from bot.domain.model import CheckContext, Finding, Present, Requirement, Snapshot
from bot.domain.records import CostCodes

log = logging.getLogger(__name__)

LARGE = 2_000
"""Records in one facet from which on a process is worth its start."""


def _work(
    ids: Sequence[str], snapshot: Snapshot, context: CheckContext, now: datetime
) -> dict[str, Finding]:
    """What the worker process does; requirements travel by id, their checks are its own."""
    return run_checks([requirement(one) for one in ids], snapshot, context, now)


def _size(snapshot: Snapshot) -> int:
    """The records of the largest facet."""
    sizes = [0]
    for read in snapshot.reads.values():
        if isinstance(read, Present):
            value = read.value.codes if isinstance(read.value, CostCodes) else read.value
            sizes.append(len(value) if isinstance(value, tuple) else 0)
    return max(sizes)


class Judge:
    """``checks.Judge`` over threads and one worker process, which starts when first needed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def __call__(
        self,
        requirements: Sequence[Requirement],
        snapshot: Snapshot,
        context: CheckContext,
        now: datetime,
    ) -> dict[str, Finding]:
        """Each requirement's finding; see ``domain.evaluate.run_checks``."""
        if _size(snapshot) >= LARGE:
            try:
                return await self._apart(requirements, snapshot, context, now)
            except BrokenProcessPool:
                # The worker was killed, perhaps for its memory: do it here, slower, this once.
                log.warning("the matching process died; this check goes on in a thread")
                self.stop()
        return await asyncio.to_thread(run_checks, requirements, snapshot, context, now)

    async def _apart(
        self,
        requirements: Sequence[Requirement],
        snapshot: Snapshot,
        context: CheckContext,
        now: datetime,
    ) -> dict[str, Finding]:
        if self._pool is None:
            # A forked copy of a process with threads and sockets could hang: start it clean.
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(max_workers=1, mp_context=spawn)
        ids = [one.id for one in requirements]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _work, ids, snapshot, context, now)

    def stop(self) -> None:
        """End the worker process; what it was doing is lost with whoever waited for it."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
