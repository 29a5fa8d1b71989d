"""How many customers are read at once, however much is asked for, so that memory is bounded.

What is read of a company of twenty thousand vendors takes some fifty megabytes, from its reading
until it is judged. The first page of a list tells nothing of its length; from the second page on
one customer goes on, and the others wait with what they have. Two side by side were no quicker:
decoding what they send is computing. First pages add up, too, so only some customers begin at
once; and whose lists were long the last time waits for that one place before anything is read.
"""

import asyncio
import weakref
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass

from bot.domain.model import Snapshot
from integrations.limits import Turns


@dataclass(frozen=True, slots=True)
class Size:
    """How many customers begin at once, and how many of them go on beyond first pages.

    One whose system is slow must not keep the others waiting: a place is given back so many seconds
    after the last page that was asked for or unpacked, or after all was read when it is not judged
    by then. On a busy machine unpacking and judging take long, and a second company would take
    memory, not save time.
    """

    begin: int = 6
    go_on: int = 1
    begin_s: float = 5.0
    go_on_s: float = 30.0
    judged_s: float = 180.0


SIZE = Size()


class Hold:
    """A turn that is held until it is not needed, or for so long; whoever ``keeps`` it has it."""

    def __init__(self, turns: Turns, longest_s: float) -> None:
        self._turns, self._longest_s = turns, longest_s
        self._taken, self._left = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._until = 0.0
        self.keeps = 0

    @property
    def is_taken(self) -> bool:
        """Whether it has its turn, or had it."""
        return self._taken.is_set()

    async def taken(self) -> None:
        """Wait for the turn; at once for whoever comes after the first."""
        if self._task is None:
            self._task = asyncio.create_task(self._hold())
        await self._taken.wait()

    def extend(self, longest_s: float) -> None:
        """Hold it for so many seconds from now at least."""
        self._until = max(self._until, asyncio.get_running_loop().time() + longest_s)

    def release(self) -> None:
        """End one of the ``keeps``; it is held as long as at first after that."""
        self.keeps -= 1
        self.extend(self._longest_s)

    def leave(self) -> None:
        """It is needed no longer."""
        self._left.set()
        if self._task is not None and not self.is_taken:
            self._task.cancel()

    async def _hold(self) -> None:
        async with self._turns.turn():
            self._taken.set()
            self.extend(self._longest_s)
            loop = asyncio.get_running_loop()
            while not self._left.is_set() and (self.keeps or loop.time() < self._until):
                rest = self._longest_s if self.keeps else self._until - loop.time()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._left.wait(), rest)


class _Place:
    """One customer's: to begin, then to go on; given back when nobody needs it."""

    def __init__(self, abreast: "Abreast", customer_id: int) -> None:
        self._abreast = abreast
        self._customer_id = customer_id
        self._beginning = Hold(abreast.beginning, abreast.size.begin_s)
        self._going_on = Hold(abreast.going_on, abreast.size.go_on_s)
        self._users = 0
        self._is_long = False

    async def begin(self) -> None:
        """Wait until anything may be read."""
        was_long = self._customer_id in self._abreast.long
        await (self._going_on if was_long else self._beginning).taken()

    async def go_on(self) -> None:
        """Wait until more than first pages may be read; at once when that was so before."""
        self._is_long = True
        # Its first pages are in memory while it waits, so nobody begins in its place.
        self._beginning.keeps += 1
        await self._going_on.taken()
        self._going_on.extend(self._abreast.size.go_on_s)
        self._beginning.leave()

    def unpacking(self) -> "_Unpacking":
        """The system has answered: what is left is ours, and no reason to let others begin."""
        return _Unpacking((self._beginning, self._going_on))

    def use(self) -> None:
        """Somebody needs it, or needs it too."""
        self._users += 1

    def leave(self) -> None:
        """One needs it no longer, however that ended."""
        self._users -= 1
        if self._users:
            return
        self._abreast.forget(self._customer_id, was_long=self._is_long)
        self._beginning.leave()
        self._going_on.leave()

    def until_gone(self, snapshot: Snapshot) -> None:
        """What was read takes the place as long as anybody has it; what was short takes none."""
        if self._is_long:
            self._going_on.extend(self._abreast.size.judged_s)
            self.use()
            gone = weakref.finalize(snapshot, _tell, asyncio.get_running_loop(), self)
            gone.atexit = False


class _Unpacking:
    """Keeps what a place holds, in a block."""

    __slots__ = ("_holds",)

    def __init__(self, holds: tuple[Hold, ...]) -> None:
        self._holds = holds

    def __enter__(self) -> None:
        for hold in self._holds:
            hold.keeps += 1

    def __exit__(self, *_: object) -> None:
        for hold in self._holds:
            hold.release()


def _tell(loop: asyncio.AbstractEventLoop, place: _Place) -> None:
    """The last who had a snapshot may be a thread; and the loop may have ended before."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(place.leave)


_PLACE: ContextVar[_Place | None] = ContextVar("place", default=None)


class Abreast:
    """So many customers at a time; ``long`` are those who had long lists the last time."""

    def __init__(self, size: Size = SIZE) -> None:
        self.size = size
        self.beginning, self.going_on = Turns(size.begin), Turns(size.go_on)
        self.long: set[int] = set()
        self._known: dict[int, _Place] = {}

    @asynccontextmanager
    async def read(self, customer_id: int) -> AsyncIterator[_Place]:
        """One read; the tasks that it starts belong to it."""
        place = self._known.setdefault(customer_id, _Place(self, customer_id))
        place.use()
        mark = _PLACE.set(place)
        try:
            await place.begin()
            yield place
        finally:
            _PLACE.reset(mark)
            place.leave()

    def forget(self, customer_id: int, *, was_long: bool) -> None:
        """Nobody needs this customer's place any more; what its lists were is remembered."""
        del self._known[customer_id]
        (self.long.add if was_long else self.long.discard)(customer_id)


def unpacking() -> AbstractContextManager[None]:
    """While an answer waits to be unpacked, or is: its customer keeps its place."""
    place = _PLACE.get()
    return place.unpacking() if place is not None else nullcontext()


async def more() -> None:
    """Before each page but the first: wait until the read that asks for it may go on."""
    place = _PLACE.get()
    if place is not None:
        await place.go_on()
