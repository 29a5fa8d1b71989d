"""A bounded number of hands that take the next piece of work as soon as they are free.

A batch waits for its slowest member; here whoever is slow steps aside and keeps nobody waiting.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Size:
    """How many pieces are worked on at once, and when one of them counts as slow.

    ``brisk`` are worked on together. One that takes longer than ``patience`` seconds makes room
    for the next, until ``slow`` such are under way: waiting costs little, so much of it may go on
    at once, but not without end. New work is asked for when a quarter of the places is free, and
    every ``ask`` seconds.
    """

    brisk: int
    slow: int
    patience: float = 5.0
    ask: float = 1.0


class Crew(Generic[T]):
    """Works off what ``claim`` hands out.

    ``claim`` leases at most so many pieces; ``name`` tells one piece from another. What is
    claimed again while it is still under way (its lease ran out meanwhile) is not begun twice.
    """

    def __init__(
        self,
        claim: Callable[[int], Awaitable[Sequence[T]]],
        handle: Callable[[T], Awaitable[None]],
        name: Callable[[T], str],
        size: Size,
    ) -> None:
        self._claim = claim
        self._handle = handle
        self._name = name
        self._size = size
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._begun: dict[str, float] = {}
        self._asked = -1.0

    async def work(self) -> int:
        """Go on until nothing is due and nothing is under way; how many pieces there were.

        When this is cancelled, what is under way is cancelled too, and comes back with its lease.
        """
        pieces = 0
        try:
            while True:
                pieces += await self._fill()
                if not self._busy:
                    return pieces
                await asyncio.wait(
                    self._busy.values(),
                    timeout=self._size.ask,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._sweep()
        except asyncio.CancelledError:
            for task in self._busy.values():
                task.cancel()
            raise
        finally:
            # Also when the next claim failed: what was begun before comes to its own end.
            await asyncio.gather(*self._busy.values(), return_exceptions=True)
            self._sweep()

    async def _fill(self) -> int:
        """Begin what can be had; how many pieces that is."""
        now, free = self._now(), self._free()
        if free < max(1, self._size.brisk // 4) and (
            not free or now - self._asked < self._size.ask
        ):
            return 0
        self._asked = now
        begun = 0
        for piece in await self._claim(free):
            name = self._name(piece)
            if name not in self._busy:
                self._busy[name] = asyncio.create_task(self._do(name, piece))
                self._begun[name] = self._now()
                begun += 1
        return begun

    def _free(self) -> int:
        """Places for further pieces: those that are slow don't take one, until there are many."""
        late = self._now() - self._size.patience
        brisk = sum(begun > late for begun in self._begun.values())
        room = self._size.brisk + self._size.slow - len(self._busy)
        return max(0, min(self._size.brisk - brisk, room))

    async def _do(self, name: str, piece: T) -> None:
        try:
            await self._handle(piece)
        except Exception:
            # Its lease runs out and it is tried again; the others are not held up by it.
            log.exception("%s failed; it comes again", name)

    def _sweep(self) -> None:
        for name in [name for name, task in self._busy.items() if task.done()]:
            del self._busy[name], self._begun[name]

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


Take = Callable[[], Sequence[T]]
"""Hands out what is asked for by now."""


class Together(Generic[T, R]):
    """Does what several ask for at about the same time in one go, and answers each.

    Whoever comes first begins at once; whoever comes while that is under way waits for the next
    go, together with all others who do. ``work`` calls ``take`` when it can begin, so that
    whoever comes until then goes along, and answers in the order that it was given. A go that
    fails is made again for each ``alone``, so that one piece that breaks breaks no other; where
    no piece can do that, it fails for all of them.
    """

    def __init__(
        self, work: Callable[[Take[T]], Awaitable[Sequence[R]]], *, alone: bool = True
    ) -> None:
        self._work = work
        self._retries = alone
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._going: asyncio.Task[None] | None = None

    async def add(self, piece: T) -> R:
        """What the work answers when the piece is done; raises what its work raised."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((piece, done))
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self._go())
        return await done

    async def _go(self) -> None:
        while self._waiting:
            taken: list[tuple[T, asyncio.Future[R]]] = []
            take = partial(self._take, taken)
            try:
                answers = await self._work(take)
            except Exception as error:  # noqa: BLE001 - it is raised where it is waited for.
                # It may have failed before it could begin.
                take()
                await self._failed(taken, error)
            else:
                for (_, done), answer in zip(taken, answers, strict=True):
                    _finish(done, answer)

    def _take(self, taken: "list[tuple[T, asyncio.Future[R]]]") -> Sequence[T]:
        taken.extend(self._waiting)
        self._waiting.clear()
        return [piece for piece, _ in taken]

    async def _failed(
        self, taken: "Sequence[tuple[T, asyncio.Future[R]]]", error: Exception
    ) -> None:
        if not self._retries:
            for _, done in taken:
                _finish(done, error)
            return
        log.error("%d at once failed; now one by one", len(taken), exc_info=error)
        for piece, done in taken:
            try:
                (answer,) = await self._work(lambda piece=piece: [piece])  # type: ignore[misc]
            except Exception as own:  # noqa: BLE001 - it is raised where it is waited for.
                _finish(done, own)
            else:
                _finish(done, answer)


def _finish(done: "asyncio.Future[R]", answer: R | Exception) -> None:
    """Nobody is told who was cancelled while waiting."""
    if done.done():
        return
    if isinstance(answer, Exception):
        done.set_exception(answer)
    else:
        done.set_result(answer)
