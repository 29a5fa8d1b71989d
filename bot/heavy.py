"""Runs the checks off the event loop: small ones in a thread, large ones in a process.

Matching 20,000 names takes seconds of pure computing. In a thread it would hold the interpreter's
lock that clicks and reminders need; a process of its own leaves them alone.
"""

import asyncio
import gc
import logging
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from typing import TypeVar

from bot.domain.catalogue import requirement
from bot.domain.evaluate import run_checks
from bot.domain.model import CheckContext, Finding, Present, Requirement, Snapshot
from bot.domain.records import CostCodes
from bot.memory import give_back_at_once

R = TypeVar("R")

log = logging.getLogger(__name__)

LARGE = 2_000
"""Records in one facet from which on a process is worth its start."""


RARELY = 1_000
"""Middle collections between two full ones, instead of Python's ten: millions of new objects."""


def calm_collector() -> None:
    """Have the garbage collector walk what is there now never again, and everything else rarely.

    A full pass walks every record of every list that is remembered: 80 ms for one company of
    20,000 vendors, in which nobody's click is answered. Records form no cycles; they go without it.
    """
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, RARELY)


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
        ids = [one.id for one in requirements]
        return await self.away(_size(snapshot), _work, ids, snapshot, context, now)

    async def away(self, size: int, work: Callable[..., R], *arguments: object) -> R:
        """Call ``work``, which a process can import by name, where it holds up nobody.

        ``size`` is the length of its longest list.
        """
        if size >= LARGE:
            try:
                return await self._apart(work, *arguments)
            except BrokenProcessPool:
                # The worker was killed, perhaps for its memory: do it here, slower, this once.
                log.warning("the matching process died; this goes on in a thread")
                self.stop()
        return await asyncio.to_thread(work, *arguments)

    async def _apart(self, work: Callable[..., R], *arguments: object) -> R:
        if self._pool is None:
            # A forked copy of a process with threads and sockets could hang: start it clean.
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                max_workers=1, mp_context=spawn, initializer=give_back_at_once
            )
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, work, *arguments)

    def stop(self) -> None:
        """End the worker process; what it was doing is lost with whoever waited for it."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
