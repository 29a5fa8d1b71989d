"""SQLite without a thread: for tests that are not about the database.

aiosqlite hands each statement to a thread of its own and wakes the event loop afterwards, which
costs more than most of the statements themselves. The thread is there so that a slow disk does not
hold the loop up; a test's disk is memory. Each statement still gives way to the other tasks once,
so that what goes on at the same time meets as it does in the bot. Only for databases that nobody
else has open: whoever waits for another's lock here holds up everybody. `tests/storage`, the walks
and every process that is started have the thread.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import coroutine
from typing import Any

import pytest

from bot.storage import engine
from bot.storage.one_trip import OneTripConnection

Job = tuple[asyncio.Future[Any] | None, Callable[[], Any]]


@contextmanager
def sqlite_on_the_spot() -> Iterator[None]:
    """Connections that are opened meanwhile have no thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "OneTripConnection", _Connection)
        yield


class _Connection(OneTripConnection):
    """The same connection, whose work is done where it is asked for."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect)
        self._thread = _NoThread()  # type: ignore[assignment]
        self._tx = _NoQueue()  # type: ignore[assignment]

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """In one turn of the loop, and not the two of a future that is settled in the first."""
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        try:
            result, error = fn(*args, **kwargs), None
        except Exception as raised:  # noqa: BLE001 - as the thread would, after the turn.
            result, error = None, raised
        await _a_turn()
        if error is not None:
            raise error
        return result


@coroutine
def _a_turn() -> Generator[None, None, None]:
    """Let the others go first."""
    yield


class _NoThread:
    """What is started does nothing."""

    daemon = True

    def start(self) -> None:
        """Nothing."""


class _NoQueue:
    """Takes what aiosqlite would queue for its thread."""

    def put_nowait(self, job: Job) -> None:
        """Do it now; whoever waits for it goes on in the loop's next turn."""
        future, work = job
        try:
            result, error = work(), None
        except Exception as raised:  # noqa: BLE001 - whoever waits for it gets it.
            result, error = None, raised
        if future is not None:
            future.get_loop().call_soon(_settle, future, result, error)


def _settle(future: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
