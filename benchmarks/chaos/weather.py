"""Bad weather between the bot and the Slack stand-in, by a seeded chance.

An ASGI wrapper around the stand-in. What goes wrong *before* was not done; what goes wrong
*after* was done, and nobody hears of it: that is the difference between a lost and a doubled
message. Each process has an address of its own (``/p/3/api/``), so that the one whose post was
just done, and whose answer is still held back, can be killed.
"""

import asyncio
import random
import re
import socket
import struct
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote_plus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.sandbox.server import TRANSPORT

CALLS = ("chat.", "conversations.", "files.")


class Weather(StrEnum):
    """What may happen to a call; the words are the figures' names."""

    LIMITED = "429"
    ERROR = "500, not done"
    ERROR_DONE = "500, done"
    RESET = "reset, not done"
    RESET_DONE = "reset, done"
    SILENT = "time-out, not done"
    SILENT_DONE = "time-out, done"
    LATE = "time-out, done after it"
    SLOW = "done, answer held back"


CHANCES = {
    Weather.LIMITED: 0.03,
    Weather.ERROR: 0.02,
    Weather.ERROR_DONE: 0.015,
    Weather.RESET: 0.015,
    Weather.RESET_DONE: 0.015,
    Weather.SILENT: 0.003,
    Weather.SILENT_DONE: 0.003,
    Weather.LATE: 0.003,
    Weather.SLOW: 0.2,
}
KEY = re.compile(r'"key\\*":\s*\\*"([^"\\]+)')
"""The key within a message's metadata, which is JSON, perhaps within JSON."""
GIVES_UP_AFTER = 30.0
"""Seconds that slack_sdk waits for an answer."""


@dataclass
class Front:
    """The wrapper. ``held`` are the processes whose post was done and not answered yet."""

    app: ASGIApp
    rate: float
    now: Callable[[], datetime]
    chance: random.Random
    chances: dict[Weather, float] = field(default_factory=lambda: dict(CHANCES))
    seen: Counter[str] = field(default_factory=Counter)
    held: Counter[int] = field(default_factory=Counter)
    tries: dict[str, list[str]] = field(default_factory=dict)
    """By the message's key, each try to post it: when, by which process, in which weather."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/p/"):
            await self.app(scope, receive, send)
            return
        _, _, process, path = scope["path"].split("/", 3)
        scope = {**scope, "path": f"/{path}", "raw_path": f"/{path}".encode()}
        weather = self._drawn() if path.removeprefix("api/").startswith(CALLS) else None
        if path.endswith("chat.postMessage"):
            body = await _whole(receive)
            self._note(body, process, weather)
            receive = _once(body, receive)
        if weather is None:
            await self.app(scope, receive, send)
            return
        self.seen[weather] += 1
        await self._storm(weather, int(process), scope, receive, send)

    def _note(self, body: bytes, process: str, weather: Weather | None) -> None:
        found = KEY.search(unquote_plus(body.decode()))
        told = f"{self.now():%dT%H:%M:%S} by process {process}: {weather or 'well'}"
        self.tries.setdefault(found[1] if found else "", []).append(told)

    def _drawn(self) -> Weather | None:
        number = self.chance.random()
        for weather, chance in self.chances.items():
            number -= chance
            if number < 0:
                return weather
        return None

    async def _storm(
        self, weather: Weather, process: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if weather is Weather.LIMITED:
            await _answer(send, 429, b'{"ok":false,"error":"ratelimited"}', self._retry_after())
        elif weather is Weather.ERROR:
            await _answer(send, 500, b'{"ok":false,"error":"internal_error"}')
        elif weather is Weather.RESET:
            await _cut(scope, receive)
        elif weather is Weather.SILENT:
            await self._wait(GIVES_UP_AFTER + 5)
            await _cut(scope, receive)
        else:
            await self._done_but(weather, process, scope, receive, send)

    async def _done_but(
        self, weather: Weather, process: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        body = await _whole(receive)
        if weather is Weather.LATE:
            await self._wait(GIVES_UP_AFTER + self.chance.uniform(1, 10))
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self.app(scope, _once(body, receive), keep)
        if weather is Weather.SLOW:
            await self._hold(process, scope)
            for message in answer:
                await send(message)
            return
        if weather is Weather.ERROR_DONE:
            await _answer(send, 500, b"upstream went away")
            return
        if weather is Weather.SILENT_DONE:
            await self._wait(GIVES_UP_AFTER + 5)
        await _cut(scope, receive)

    async def _hold(self, process: int, scope: Scope) -> None:
        is_post = scope["path"].endswith(("chat.postMessage", "files.completeUploadExternal"))
        self.held[process] += is_post
        await self._wait(self.chance.uniform(1, 15))
        self.held[process] -= is_post

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.rate)

    def _retry_after(self) -> list[tuple[bytes, bytes]]:
        return [(b"retry-after", str(self.chance.randint(1, 5)).encode())]


async def _answer(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    kind = (b"content-type", b"application/json" if body[:1] == b"{" else b"text/plain")
    start = {"type": "http.response.start", "status": status, "headers": [kind, *(headers or [])]}
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def _whole(receive: Receive) -> bytes:
    """The request's body; it has to be read before the connection is gone."""
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _once(body: bytes, then: Receive) -> Receive:
    """The body that was read already; after it, what still comes: that the client went away."""
    rest: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return rest.pop() if rest else await then()

    return receive


async def _cut(scope: Scope, receive: Receive) -> None:
    """End the connection rudely, and wait until it has ended."""
    transport: asyncio.Transport = scope[TRANSPORT]
    raw = transport.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            while (await receive())["type"] != "http.disconnect":
                pass
