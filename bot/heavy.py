"""Runs the checks off the event loop: small ones in a thread, large ones in a process.

Matching 20,000 names takes seconds of pure computing. In a thread it would hold the interpreter's
lock that clicks and reminders need; a process of its own, which the system puts behind them, leaves
them alone. What it needs is written down for it a stretch at a time.
"""

import asyncio
import dataclasses
import gc
import io
import logging
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar, cast

from bot.domain.catalogue import requirement
from bot.domain.evaluate import run_checks
from bot.domain.model import CheckContext, Finding, Present, Requirement, Snapshot
from bot.domain.records import Address, CostCode, CostCodes, Party, Target
from bot.memory import give_back_at_once
from bot.services.way import Way

R = TypeVar("R")

log = logging.getLogger(__name__)

LARGE = 2_000
"""Records in one facet from which on a process is worth its start."""

BEHIND = 10
"""How much nicer than this process the worker is: under load it gets about a tenth."""

STRETCH = 250
"""Records that are pickled in one go: some milliseconds."""

HANDOVER_S = 0.001
"""How long a thread may keep the interpreter's lock from another, instead of Python's 5 ms."""


RARELY = 1_000
"""Middle collections between two full ones, instead of Python's ten: millions of new objects."""


def calm_collector() -> None:
    """Have the garbage collector walk what is there now never again, and everything else rarely.

    A full pass walks every record of every list that is remembered: 80 ms for one company of
    20,000 vendors, in which nobody's click is answered. Records form no cycles; they go without it.
    """
    sys.setswitchinterval(HANDOVER_S)
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


def _step_back() -> None:
    """Whoever clicks is served first, where there are not processors for everybody."""
    os.nice(BEHIND)
    give_back_at_once()
    threading.Thread(target=_end_with_the_bot, daemon=True).start()


def _end_with_the_bot() -> None:
    """A pool's worker would otherwise wait for work for ever, after the bot was killed."""
    bot = multiprocessing.parent_process()
    assert bot is not None
    bot.join()
    os._exit(1)


def _fields_of(record: type) -> Callable[[Any], tuple[object, ...]]:
    return attrgetter(*(one.name for one in dataclasses.fields(record)))


def _reducer(record: type) -> Callable[[Any], tuple[type, tuple[object, ...]]]:
    fields = _fields_of(record)
    return lambda one: (record, fields(one))


class _Pickler(pickle.Pickler):
    """Takes a third of the time that dataclasses with slots take by themselves."""

    dispatch_table = {one: _reducer(one) for one in (Party, Address, Target, CostCode)}  # noqa: RUF012


async def dumped(value: object, way: Way) -> bytes:
    """Pickles ``value``, in stretches that give way; ``loaded`` reads it.

    A pickler writes what it has written before by its number only, also in its next pickle. So the
    records come first, some at a time, and ``value`` as the last pickle.
    """
    file = io.BytesIO()
    pickler = _Pickler(file, pickle.HIGHEST_PROTOCOL)
    for rows in {id(rows): rows for rows in _long(value)}.values():
        for start in range(0, len(rows), STRETCH):
            pickler.dump(rows[start : start + STRETCH])
            await way.give()
    pickler.dump(value)
    return file.getvalue()


def loaded(dumps: bytes) -> Any:  # noqa: ANN401 - whatever was dumped.
    """What ``dumped`` was given."""
    file = io.BytesIO(dumps)
    # It remembers from one pickle to the next what has a number.
    unpickler = pickle.Unpickler(file)  # noqa: S301 - from our own process.
    found = None
    while file.tell() < len(dumps):
        found = unpickler.load()
    return found


def _long(value: object) -> Iterator[Sequence[object]]:
    """The lists within that take a while; they hold no such list themselves."""
    if isinstance(value, tuple | list):
        if len(value) > STRETCH:
            yield value
            return
        inner: Sequence[object] = value
    elif isinstance(value, Mapping):
        inner = list(value.values())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        inner = [getattr(value, one.name) for one in dataclasses.fields(value)]
    else:
        return
    for one in inner:
        yield from _long(one)


def _done(dumps: bytes) -> object:
    """What the worker process does with what it is sent."""
    work, *arguments = loaded(dumps)
    return work(*arguments)


class Judge:
    """``checks.Judge`` over threads and one worker process, which starts when first needed."""

    def __init__(self, way: Way | None = None) -> None:
        self._way = way or Way()
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
                max_workers=1, mp_context=spawn, initializer=_step_back
            )
        pool, loop = self._pool, asyncio.get_running_loop()
        dumps = await dumped((work, *arguments), self._way)
        return cast("R", await loop.run_in_executor(pool, _done, dumps))

    def stop(self) -> None:
        """End the worker process; what it was doing is lost with whoever waited for it."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
