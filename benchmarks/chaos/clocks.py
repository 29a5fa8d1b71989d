"""A time that all processes of a run share, that runs faster than the machine's, and that can jump.

Leases, time-outs, rate limits and rounds are minutes long; a run that waited for them would take
a day. So time itself runs ``rate`` times as fast, for everything alike: the bot's clock, the
stand-in's clock, and the event loops, which is what every sleep and every time-out is counted by.
"""

import asyncio
import mmap
import selectors
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.sandbox.clock import WorldClock

SHAPE = struct.Struct("ddd")
JUMP = struct.Struct("d")


class SharedClock:
    """``ports.Clock`` over a file that the run's driver writes: begin, rate, and all jumps."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), SHAPE.size)
        self._began, self.rate, _ = SHAPE.unpack_from(self._page)

    @classmethod
    def make(cls, path: Path, start: datetime, rate: float) -> "SharedClock":
        jumped = start.timestamp() - time.time()
        path.write_bytes(SHAPE.pack(time.time(), rate, jumped))
        return cls(path)

    def now(self) -> datetime:
        (jumped,) = JUMP.unpack_from(self._page, SHAPE.size - JUMP.size)
        passed = (time.time() - self._began) * self.rate
        return datetime.fromtimestamp(self._began + passed + jumped, UTC)

    def jump(self, seconds: float) -> None:
        offset = SHAPE.size - JUMP.size
        (jumped,) = JUMP.unpack_from(self._page, offset)
        JUMP.pack_into(self._page, offset, jumped + seconds)


class FastWorldClock(WorldClock):
    """The same time for the Slack stand-in."""

    def __init__(self, shared: SharedClock) -> None:
        super().__init__()
        self._shared = shared

    def now(self) -> datetime:
        return self._shared.now()

    def advance(self, step: timedelta) -> datetime:
        self._shared.jump(step.total_seconds())
        return self._changed()

    def announce(self) -> None:
        """Wake those who wait for a moment, which comes sooner than they think."""
        self._changed()


class _FastSelector(selectors.DefaultSelector):
    def __init__(self, rate: float) -> None:
        super().__init__()
        self._rate = rate

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / self._rate if timeout else timeout)


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop whose seconds are ``rate`` times shorter."""

    def __init__(self, rate: float) -> None:
        super().__init__(_FastSelector(rate))
        self._rate = rate

    def time(self) -> float:
        return time.monotonic() * self._rate
