"""Server-sent events to the page: who may see what, and who is listening."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

# A page that stops reading is cut off at this many waiting events; it reconnects and reloads.
BACKLOG = 500
KEEP_ALIVE_SECONDS = 15.0


class Stream:
    """Fans changes out to every page that listens, each as one persona."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[str | None], str] = {}
        self._closed = False

    def publish(self, change: dict[str, Any], personas: set[str] | None = None) -> None:
        """Send a change to the pages of these personas, or to all pages.

        Args:
            change: The JSON data of a `change` event.
            personas: User ids that may see it; None for everybody.
        """
        listening = [
            queue
            for queue, persona in self._listeners.items()
            if personas is None or persona in personas
        ]
        if not listening:
            return
        line = _line(change)
        for queue in listening:
            if queue.full():
                self._listeners.pop(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(line)

    async def listen(self, persona: str, first: dict[str, Any]) -> AsyncIterator[str]:
        """Yield the event stream of one persona until the page or the server goes away.

        Args:
            persona: A user id.
            first: A change to begin with, for what a page cannot ask for otherwise.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue(BACKLOG)
        self._listeners[queue] = persona
        try:
            yield "retry: 1000\n\n" + _line(first)
            while not self._closed:
                try:
                    line = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if line is None:
                    return
                yield line
        finally:
            self._listeners.pop(queue, None)

    def close(self) -> None:
        """End every stream, so that the server can stop without waiting for pages."""
        self._closed = True
        for queue in list(self._listeners):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


def _line(change: dict[str, Any]) -> str:
    return f"event: change\ndata: {json.dumps(change)}\n\n"
