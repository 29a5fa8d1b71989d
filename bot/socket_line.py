"""Slack's Socket Mode, kept open: a line that has gone deaf is replaced by a new one.

Slack's client answers pings and reconnects by itself when they fail. It can't notice a socket
that is open and gets nothing any more, and nothing at all proves such a socket: a quiet night looks
the same. So a line on which nothing came for some minutes is replaced, which costs one request and
nobody's click: the new one is open before the old one goes. Slack repeats an event after one and
after five minutes, so what went into a deaf line arrives on the next one.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.metrics import RENEWALS, Meter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that are waited.

    Without a delivery until the line is replaced (less than until Slack's last repetition); closed
    until it is replaced; closed until it counts as lost; for one attempt; and for the old line to
    finish what it began.
    """

    silent: float = 240.0
    closed: float = 45.0
    lost: float = 300.0
    attempt: float = 30.0
    grace: float = 3.0


class SocketLine:
    """The one line to Slack; ``tend`` it every few seconds."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        meter: Meter,
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._meter = meter
        self._patience = patience or Patience()
        self._monotonic = monotonic
        self._handler: AsyncSocketModeHandler | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._alive_at = self._heard_at = monotonic()

    @property
    def is_open(self) -> bool:
        """True when the line was seen open a moment ago."""
        seen = self._monotonic() - self._alive_at < self._patience.closed
        return self._handler is not None and seen

    @property
    def is_lost(self) -> bool:
        """True when there has been no open socket for so long that only a new start may help."""
        return self._monotonic() - self._alive_at > self._patience.lost

    async def open(self) -> None:
        """Connect; returns when the socket is open, however long that takes."""
        self._handler = await self._connected()

    async def close(self) -> None:
        """Let go of the socket, and of those that are leaving."""
        handler, self._handler = self._handler, None
        if handler is not None:
            await _closed(handler)
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    async def tend(self) -> None:
        """Look at the line, and replace it where it is closed or has been silent for too long."""
        handler, now = self._handler, self._monotonic()
        if handler is None:
            return
        if await handler.client.is_connected():
            self._alive_at = now
            if now - self._heard_at > self._patience.silent:
                await self._replace("silent")
        elif now - self._alive_at > self._patience.closed:
            await self._replace("closed")

    async def _replace(self, reason: str) -> None:
        """The new line is open before the old one goes."""
        try:
            async with asyncio.timeout(self._patience.attempt):
                new = await self._connected()
        except (SlackClientError, OSError, TimeoutError) as error:
            log.warning("the socket is %s, no new one: %s", reason, type(error).__name__)
            return
        log.log(
            logging.INFO if reason == "silent" else logging.WARNING,
            "the socket was %s; a new one is open",
            reason,
        )
        self._meter.count(RENEWALS, reason)
        old, self._handler = self._handler, new
        if old is not None:
            leaving = asyncio.create_task(self._leave(old))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

    async def _connected(self) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=self._client)
        handler.client.socket_mode_request_listeners.append(self._heard)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it so.
        except BaseException:
            await _closed(handler)
            raise
        self._alive_at = self._heard_at = self._monotonic()
        return handler

    async def _heard(self, _client: AsyncBaseSocketModeClient, _request: SocketModeRequest) -> None:
        self._heard_at = self._monotonic()

    async def _leave(self, handler: AsyncSocketModeHandler) -> None:
        """What it took in last is still acknowledged through it."""
        try:
            await asyncio.sleep(self._patience.grace)
        finally:
            await _closed(handler)


async def _closed(handler: AsyncSocketModeHandler) -> None:
    # A socket that is broken may fail to close; it goes all the same.
    with suppress(OSError, RuntimeError, SlackClientError):
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it so.
