"""Database work that is not cut off half-way.

When a task is cancelled within a statement, aiosqlite's thread goes on with it and SQLAlchemy
gives the connection up; a BEGIN IMMEDIATE that the thread then finishes would hold SQLite's only
write lock until somebody collects the garbage (github.com/omnilib/aiosqlite/issues/259).
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Await ``work`` to its end; whoever was cancelled meanwhile is cancelled afterwards."""
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
