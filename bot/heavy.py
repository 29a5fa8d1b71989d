"""Runs the checks off the event loop: small ones in a thread, large ones in a process.

Matching 20,000 names takes seconds of pure computing. In a thread it would hold the interpreter's
lock that clicks and reminders need; a process of its own, which the system puts behind them, leaves
them alone. What it needs is written down and sent a stretch at a time: neither holds the whole.
"""

import asyncio
import dataclasses
import gc
import io
import logging
import os
import pickle
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import aclosing
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot.domain.catalogue import requirement
from bot.domain.evaluate import run_checks
from bot.domain.model import CheckContext, Finding, Present, Requirement, Snapshot
from bot.domain.records import Address, CostCode, CostCodes, Party, Target
from bot.memory import give_back_at_once
from bot.services.way import Way

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

R = TypeVar("R")

log = logging.getLogger(__name__)

LARGE = 2_000
"""Records in one facet from which on a process is worth its start."""

BEHIND = 10
"""How much nicer than this process the worker is: under load it gets about a tenth."""

STRETCH = 250
"""Records that are pickled in one go: some milliseconds."""

PORTION = 256 * 1024
"""Bytes from which on what is pickled is sent. Whole, it would be held three times while the worker
works: here by the call and by the queue, which keeps its last message, and there by the call."""

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


@dataclasses.dataclass
class _Lot:
    """Requirements, and the names of what they read."""

    ids: list[str]
    facets: set[str]

    def of(self, snapshot: Snapshot) -> Snapshot:
        """No more than they read."""
        return Snapshot({one: read for one, read in snapshot.reads.items() if one in self.facets})


def _lots(requirements: Sequence[Requirement], snapshot: Snapshot) -> list[_Lot]:
    """What reads a list in common together, the largest first; all that reads no large one last.

    Comparing one list takes more memory than the list: no other one needs to be there meanwhile.
    """
    lots: list[_Lot] = []
    for one in requirements:
        lot = _Lot([one.id], {facet.name for facet in one.needs})
        for other in [other for other in lots if other.facets & lot.facets]:
            lots.remove(other)
            lot = _Lot(other.ids + lot.ids, other.facets | lot.facets)
        lots.append(lot)
    sizes = {id(lot): _size(lot.of(snapshot)) for lot in lots}
    large = sorted(
        (lot for lot in lots if sizes[id(lot)] >= LARGE), key=lambda lot: -sizes[id(lot)]
    )
    small = [lot for lot in lots if sizes[id(lot)] < LARGE]
    rest = _Lot(
        [one for lot in small for one in lot.ids], {one for lot in small for one in lot.facets}
    )
    return [*large, rest] if small else large


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
    from multiprocessing import parent_process

    bot = parent_process()
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


class _LastPickler(_Pickler):
    """Writes a list that was sent already by its number, and whether it was a tuple."""

    def __init__(self, file: io.BytesIO, sent: Mapping[int, int]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._sent = sent

    def persistent_id(self, obj: object) -> tuple[int, bool] | None:
        number = self._sent.get(id(obj))
        return None if number is None else (number, isinstance(obj, tuple))


class _Unpickler(pickle.Unpickler):
    """Reads what the two picklers write; a list is one object, however often it is named."""

    def __init__(self, file: io.BytesIO, rows: dict[int, Sequence[object]]) -> None:
        super().__init__(file)
        self._rows = rows

    def persistent_load(self, pid: tuple[int, bool]) -> Sequence[object]:
        number, is_tuple = pid
        if is_tuple:
            # Of a tuple this is the tuple itself.
            self._rows[number] = tuple(self._rows[number])
        return self._rows[number]


async def pickled(value: object, way: Way) -> AsyncGenerator[bytes, None]:
    """Pickles ``value`` in stretches that give way, and hands them out in portions.

    ``Portions`` puts it together again. First come the records of the long lists, some at a time
    with the number of their list, then ``value`` with those numbers in the place of its lists. What
    a pickler remembers of what it wrote is as large as the records: it begins anew each time.
    """
    long = {id(rows): rows for rows in _long(value)}
    file = io.BytesIO()
    for number, rows in enumerate(long.values()):
        for start in range(0, len(rows), STRETCH):
            stretch = (number, rows[start : start + STRETCH])
            _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(stretch)
            await way.give()
            if file.tell() >= PORTION:
                yield file.getvalue()
                file = io.BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(None)
    _LastPickler(file, {one: number for number, one in enumerate(long)}).dump(value)
    yield file.getvalue()


class Portions:
    """What ``pickled`` was given, of its portions in their order."""

    def __init__(self) -> None:
        self._rows: dict[int, Sequence[object]] = {}
        self._value: Any = None

    def add(self, portion: bytes) -> None:
        """Read the next one."""
        file = io.BytesIO(portion)
        while file.tell() < len(portion):
            stretch = _Unpickler(file, self._rows).load()
            if stretch is None:
                self._value = _Unpickler(file, self._rows).load()
                return
            number, rows = stretch
            cast("list[object]", self._rows.setdefault(number, [])).extend(rows)

    def whole(self) -> Any:  # noqa: ANN401 - whatever was pickled.
        """The value, after its last portion."""
        return self._value


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


_sent = Portions()
"""In the worker process: what it was sent so far of its next work."""


def _begin() -> None:
    """Have the worker process drop what was not sent to its end; its sender was cancelled."""
    global _sent  # noqa: PLW0603 - a pool calls functions, and they have nothing else in common.
    _sent = Portions()


def _take(portion: bytes) -> None:
    """What the worker process does with each portion."""
    _sent.add(portion)


def _done() -> object:
    """What the worker process does with what it was sent."""
    work, *arguments = _sent.whole()
    _begin()
    return work(*arguments)


class Judge:
    """``checks.Judge`` over threads and one worker process, which starts when first needed."""

    def __init__(self, way: Way | None = None) -> None:
        self._way = way or Way()
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def __call__(
        self,
        requirements: Sequence[Requirement],
        snapshot: Snapshot,
        context: CheckContext,
        now: datetime,
    ) -> dict[str, Finding]:
        """Each requirement's finding; see ``domain.evaluate.run_checks``."""
        found: dict[str, Finding] = {}
        for lot in _lots(requirements, snapshot):
            read = lot.of(snapshot)
            found |= await self.away(_size(read), _work, lot.ids, read, context, now)
        return {one.id: found[one.id] for one in requirements}

    async def away(self, size: int, work: Callable[..., R], *arguments: object) -> R:
        """Call ``work``, which a process can import by name, where it holds up nobody.

        ``size`` is the length of its longest list.
        """
        if size >= LARGE:
            try:
                return await self._apart(work, *arguments)
            except BrokenExecutor:
                # The worker was killed, perhaps for its memory: do it here, slower, this once.
                log.warning("the matching process died; this goes on in a thread")
                self.stop()
        return await asyncio.to_thread(work, *arguments)

    async def _apart(self, work: Callable[..., R], *arguments: object) -> R:
        # The worker does one thing at a time; what waits for it is not written down before.
        async with self._turn:
            pool, loop = self._started(), asyncio.get_running_loop()
            await loop.run_in_executor(pool, _begin)
            async with aclosing(pickled((work, *arguments), self._way)) as portions:
                async for portion in portions:
                    await loop.run_in_executor(pool, _take, portion)
            return cast("R", await loop.run_in_executor(pool, _done))

    def _started(self) -> "ProcessPoolExecutor":
        if self._pool is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            # A forked copy of a process with threads and sockets could hang: start it clean.
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                max_workers=1, mp_context=spawn, initializer=_step_back
            )
        return self._pool

    def stop(self) -> None:
        """End the worker process; what it was doing is lost with whoever waited for it."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
