"""Database work that is not cut off half-way.

When a task is cancelled within a statement, aiosqlite's thread goes on with it and SQLAlchemy
gives the connection up; a BEGIN IMMEDIATE that the thread then finishes would hold SQLite's only
write lock until somebody collects the garbage (github.com/omnilib/aiosqlite/issues/259).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import suppress
from contextvars import Context
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def to_the_end(work: Coroutine[Any, Any, T], dialect: str) -> Awaitable[T]:
    """Await ``work`` to its end; whoever was cancelled meanwhile is cancelled afterwards."""
    return _Unheard(work) if dialect == "sqlite" else _in_a_task_of_its_own(work)


async def _in_a_task_of_its_own(work: Coroutine[Any, Any, T]) -> T:
    """For a driver that cancels itself, as psycopg does when a connection takes too long."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        if not task.cancelled():
            # Seen; the cancellation is what the caller gets to know.
            task.exception()
        raise


class _Unheard(Generic[T]):
    """Work within the caller's own task, which hears of no cancellation before its end.

    A task for each statement costs the event loop three more turns, as much as the statement.
    """

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work

    def __await__(self) -> Generator[Any, None, T]:
        cancelled: asyncio.CancelledError | None = None
        try:
            while True:
                try:
                    awaited = self._work.send(None)
                except StopIteration as end:
                    if cancelled is None:
                        return end.value  # type: ignore[no-any-return]
                    raise cancelled from None
                except Exception:
                    if cancelled is None:
                        raise
                    # The cancellation is what the caller gets to know.
                    raise cancelled from None
                try:
                    yield None if awaited is None else _Uncancelled(awaited)
                except asyncio.CancelledError as asked:
                    cancelled = asked
                except Exception:  # noqa: BLE001, S110 - the work gets it from what it awaits.
                    pass
        finally:
            self._work.close()


class _Uncancelled:
    """What the work awaits, as the task sees it: it ends when it ends."""

    _asyncio_future_blocking = True

    def __init__(self, awaited: asyncio.Future[Any]) -> None:
        self._awaited = awaited

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._awaited.get_loop()

    def add_done_callback(
        self, callback: Callable[[asyncio.Future[Any]], object], *, context: Context | None = None
    ) -> None:
        self._awaited.add_done_callback(callback, context=context)

    def cancel(self, msg: object = None) -> bool:  # noqa: ARG002 - as a future's.
        """False: the task keeps it in mind until this is done."""
        return False
