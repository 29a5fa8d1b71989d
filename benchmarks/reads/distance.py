"""Puts a distance between a client and a stand-in: every answer comes ``LATENCY`` seconds later.

The first answer to each question is the stand-in's; from then on it is replayed, byte by byte. A
stand-in takes its time to render a thousand rows, in the same two processor cores that the client
needs, and that time is no part of the latency that is promised here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from benchmarks.reads.company import LATENCY

_LEFT_OUT = {"content-encoding", "content-length", "transfer-encoding", "connection"}


@dataclass
class Distance:
    """A far-away server; ``asked`` is what it was asked, ``most`` how much of that at once."""

    there: str
    url: str = ""
    asked: list[str] = field(default_factory=list)
    most: int = 0
    _now: int = 0
    _answers: dict[tuple[str, str, bytes], bytes] = field(default_factory=dict)

    def begin(self) -> None:
        """Count from here."""
        self.asked.clear()
        self.most = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        async with httpx.AsyncClient(base_url=self.there, timeout=60) as client:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    writer.write(await self._answered(reader, client))
                    await writer.drain()
        writer.close()

    async def _answered(self, reader: asyncio.StreamReader, client: httpx.AsyncClient) -> bytes:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
        length = next((int(v) for k, v in headers.items() if k.lower() == "content-length"), 0)
        body = await reader.readexactly(length)
        self.asked.append(target)
        self._now += 1
        self.most = max(self.most, self._now)
        late = asyncio.create_task(asyncio.sleep(LATENCY))
        key = (method, target, body)
        if key not in self._answers:
            self._answers[key] = await _asked(client, method, target, headers, body)
        await late
        self._now -= 1
        return self._answers[key]


async def _asked(
    client: httpx.AsyncClient, method: str, target: str, headers: dict[str, str], body: bytes
) -> bytes:
    sent = {key: value for key, value in headers.items() if key.lower() != "host"}
    sent["Accept-Encoding"] = "identity"
    answer = await client.request(method, target, headers=sent, content=body)
    lines = [f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"]
    lines += [f"{k}: {v}" for k, v in answer.headers.items() if k.lower() not in _LEFT_OUT]
    lines.append(f"content-length: {len(answer.content)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.content


@asynccontextmanager
async def far_away(there: str) -> AsyncIterator[Distance]:
    """Serve a stand-in from afar, at a port of its own, while the block runs."""
    distance = Distance(there)
    server = await asyncio.start_server(distance.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    distance.url = f"http://127.0.0.1:{port}"
    try:
        yield distance
    finally:
        server.close()
