"""One session with Slack for the whole process: what is kept between two calls, and what is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.domain.model import SupportIdentity
from bot.services.notices import AcceptedNotice, dump
from bot.services.ports import Outgoing, UncertainDeliveryError
from bot.settings import Settings
from bot.slack_client import open_web_client
from handlers.poster import SlackMessenger
from tests.fakes.store import make_store

BODY = b'{"ok": true, "ts": "1.2"}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: b=1; Path=/\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


@dataclass
class Wire:
    """What a server saw: the head of each request, by connection; it answers so many of each."""

    patience: int = 100
    connections: list[list[bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads: list[bytes] = []
        self.connections.append(heads)
        while head := (await reader.read(100_000)):
            heads.append(head)
            if len(heads) > self.patience:
                break
            writer.write(ANSWER)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def talking_to(wire: Wire) -> AsyncIterator[Settings]:
    async with await asyncio.start_server(wire.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}/api/"
        yield Settings(_env_file=None, slack_bot_token="xoxb-1", slack_api_url=url)


async def test_calls_share_a_connection_and_no_cookie_and_it_ends_with_the_process() -> None:
    wire = Wire()
    async with talking_to(wire) as settings, open_web_client(settings) as client:
        for _ in range(3):
            await client.api_test()
    assert [len(heads) for heads in wire.connections] == [3]
    assert not any(b"cookie" in head.lower() for head in wire.connections[0])
    assert client.session is not None
    assert client.session.closed


async def test_a_post_over_a_kept_connection_that_died_is_uncertain_and_asked_once() -> None:
    """Nobody knows whether Slack took it, so nobody but the look-up may answer that."""
    wire = Wire(patience=1)
    message = Outgoing("k:1", "accepted", "C1", dump(AcceptedNotice("Acme", "acme", 1, "U1")), 1)
    async with (
        make_store() as store,
        talking_to(wire) as settings,
        open_web_client(settings) as client,
    ):
        messenger = SlackMessenger(client, store, SupportIdentity())
        await messenger.deliver(message)
        with pytest.raises(UncertainDeliveryError):
            await messenger.deliver(message)
    assert [len(heads) for heads in wire.connections] == [2]
