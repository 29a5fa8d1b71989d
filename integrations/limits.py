"""How fast a system may be asked: one budget per connection that follows the server's headers.

Three things slow a request down: the concurrency cap, our own windows (QuickBooks: 10 a second and
500 a minute, per realm and app), and what the server said (Procore's ``X-Rate-Limit-*`` and
``Retry-After``, QuickBooks' minute of silence after a 429). A wait beyond ``LONGEST_WAIT`` is not
waited for: the read fails with the time at which it makes sense to try again.
"""

import asyncio
import heapq
import itertools
import math
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial

from bot.services.ports import Clock
from integrations.errors import RateLimitedError, ReadError

LONGEST_WAIT = 20.0
"""Seconds that a read waits for its turn before it gives up."""

LONGEST_SILENCE = 3700.0
"""Seconds that any header may shut us up for: Procore's hour, and a little."""

_ROUNDS = 12


def _unseeded() -> random.Random:
    # Jitter must differ between processes; it protects nothing.
    return random.Random()  # noqa: S311


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock that people see, and the three things that tests replace."""

    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    rng: Callable[[], random.Random] = _unseeded


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``requests`` in any ``seconds``."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What we allow ourselves before any header has been seen."""

    concurrency: int
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer's headers said about the allowance, in seconds from the answer.

    ``remaining`` requests are left until ``reset_in``; ``silent_for`` forbids any request for a
    time, with ``why`` being what a read fails with if that is too long.
    """

    remaining: int | None = None
    reset_in: float = 0.0
    silent_for: float = 0.0
    why: ReadError | None = None


@dataclass(slots=True)
class _Until:
    """A moment by both clocks; it has passed when either says so.

    The wall clock can be moved (the demo jumps to tomorrow), the monotonic one cannot; whichever
    reaches the moment first frees the caller.
    """

    wall: datetime
    mono: float

    def wait(self, timing: Timing) -> float:
        by_wall = (self.wall - timing.clock.now()).total_seconds()
        return max(0.0, min(by_wall, self.mono - timing.monotonic()))


class Turns:
    """At most ``most`` at a time; of those who wait, whoever others wait for comes first."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def turn(self, *, later: bool = False) -> "_Held":
        """Hold a turn in the block; ``later`` lets everybody pass who does not say so."""
        return _Held(partial(self.take, later=later), self.pass_on)

    async def take(self, *, later: bool) -> None:
        """Wait for a turn, which is given back by ``pass_on``."""
        if self._free:
            self._free -= 1
            return
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (later, next(self._numbers), passed))
        try:
            await passed
        except asyncio.CancelledError:
            if passed.done() and not passed.cancelled():
                self.pass_on()
            raise

    def pass_on(self) -> None:
        """Give a turn back."""
        while self._waiting:
            _, _, passed = heapq.heappop(self._waiting)
            if not passed.done():
                passed.set_result(None)
                return
        self._free += 1


class _Held:
    """What is held in a block. A generator would cost more than what it waits for."""

    __slots__ = ("_begin", "_end")

    def __init__(self, begin: Callable[[], Awaitable[None]], end: Callable[[], None]) -> None:
        self._begin, self._end = begin, end

    async def __aenter__(self) -> None:
        await self._begin()

    async def __aexit__(self, *_: object) -> None:
        self._end()


class Budget:
    """The allowance of one connection, shared by every read of it in this process."""

    def __init__(self, limits: Limits, timing: Timing, label: str) -> None:
        self._limits = limits
        self._timing = timing
        self._label = label
        self._slots = Turns(min([limits.concurrency, *(w.requests for w in limits.windows)]))
        longest = max((w.requests for w in limits.windows), default=1)
        # A server counts a request when it arrives, which is somewhere between its sending and
        # its answer; on a busy machine those are far apart. So a request holds its place in a
        # window from its sending until the window's length after its answer.
        self._answered: deque[float] = deque(maxlen=longest)
        self._silence: _Until | None = None
        self._why: ReadError | None = None
        self._remaining: int | None = None
        self._reset: _Until | None = None
        self._in_flight = 0

    def turn(self, *, later: bool = False) -> _Held:
        """Wait for a turn to send one request, and hold it until the answer is there.

        ``later`` is for requests that no other request waits for.

        Raises:
            ReadError: the turn is more than ``LONGEST_WAIT`` seconds away.
        """
        return _Held(partial(self.begin, later=later), self.end)

    async def begin(self, *, later: bool) -> None:
        """Wait for a turn, which is given back by ``end``."""
        await self._slots.take(later=later)
        try:
            await self._wait()
        except BaseException:
            self._slots.pass_on()
            raise
        if self._remaining is not None:
            self._remaining -= 1
        self._in_flight += 1

    def end(self) -> None:
        """The answer is there, or will not come."""
        self._in_flight -= 1
        self._answered.append(self._timing.monotonic())
        self._slots.pass_on()

    def heed(self, heard: Heard) -> None:
        """Follow what an answer said."""
        if heard.silent_for > 0:
            self._silence = self._until(heard.silent_for)
            self._why = heard.why
        if heard.remaining is not None and heard.reset_in > 0:
            # Requests under way may not be counted in the server's figure yet; this one is.
            self._remaining = max(0, heard.remaining - max(0, self._in_flight - 1))
            self._reset = self._until(heard.reset_in)

    def left(self) -> int | None:
        """How many requests may still be sent now; None where nobody has said."""
        if self._silent_wait() > 0:
            return 0
        known = self._reset is not None and self._reset.wait(self._timing) > 0
        said = [self._remaining] if known and self._remaining is not None else []
        since = self._timing.monotonic()
        own = [
            window.requests
            - self._in_flight
            - sum(at > since - window.seconds for at in self._answered)
            for window in self._limits.windows
        ]
        # Shorter windows are a pace; the last and longest one is an allowance.
        return min([*said, *own[-1:]], default=None)

    def free_at(self) -> datetime | None:
        """When the server's present silence ends; None where there is none."""
        wait = self._silent_wait()
        return self._timing.clock.now() + timedelta(seconds=wait) if wait > 0 else None

    def _until(self, seconds: float) -> _Until:
        now = self._timing.clock.now()
        return _Until(now + timedelta(seconds=seconds), self._timing.monotonic() + seconds)

    async def _wait(self) -> None:
        waited = 0.0
        for _ in range(_ROUNDS):
            needed = self._needed()
            if needed <= 0:
                return
            if waited + needed > LONGEST_WAIT:
                raise self._too_long(needed)
            waited += needed
            await self._timing.sleep(needed)
        raise self._too_long(max(self._needed(), 1.0))

    def _needed(self) -> float:
        return max(self._silent_wait(), self._allowance_wait(), self._window_wait())

    def _silent_wait(self) -> float:
        return self._silence.wait(self._timing) if self._silence else 0.0

    def _allowance_wait(self) -> float:
        if self._remaining is None or self._remaining > 0 or self._reset is None:
            return 0.0
        wait = self._reset.wait(self._timing)
        if wait <= 0:
            # The window has turned over; the next answer says what the new one holds.
            self._remaining = None
        return wait

    def _window_wait(self) -> float:
        now = self._timing.monotonic()
        free = [(window.requests - self._in_flight, window) for window in self._limits.windows]
        return max(
            (
                self._answered[-places] + window.seconds - now
                for places, window in free
                if len(self._answered) >= places
            ),
            default=0.0,
        )

    def _too_long(self, seconds: float) -> ReadError:
        retry_at = self._timing.clock.now() + timedelta(seconds=seconds)
        if self._why is not None and self._silent_wait() > 0:
            return type(self._why)(self._why.detail, retry_at=retry_at)
        detail = f"{self._label} says we've used up our requests for now."
        return RateLimitedError(detail, retry_at=retry_at)


def server_time(headers: Mapping[str, str], fallback: datetime) -> datetime:
    """The server's own time from its ``Date`` header, so that our clock's error cancels out."""
    return server_date(headers) or fallback


def server_date(headers: Mapping[str, str]) -> datetime | None:
    """The ``Date`` header; None where it is missing or no date."""
    return _http_date(headers.get("Date", ""))


def retry_after(headers: Mapping[str, str], fallback: datetime) -> float | None:
    """``Retry-After`` in seconds, given as a number or as a date; None where it is not given.

    Never more than ``LONGEST_SILENCE``: a number out of all reason must not shut us up for years.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    seconds = as_float(value)
    if seconds is not None:
        return _bounded(seconds)
    moment = _http_date(value)
    return None if moment is None else _bounded(_apart(moment, server_time(headers, fallback)))


def reset_in(headers: Mapping[str, str], fallback: datetime) -> float | None:
    """Seconds until ``X-Rate-Limit-Reset``, which is an absolute Unix second."""
    epoch = as_float(headers.get("X-Rate-Limit-Reset", ""))
    if epoch is None:
        return None
    return _bounded(epoch - server_time(headers, fallback).timestamp())


def _bounded(seconds: float) -> float:
    return min(max(0.0, seconds), LONGEST_SILENCE)


def as_float(value: str) -> float | None:
    """A finite number in a header, or None."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _apart(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()


@lru_cache(64)
def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
