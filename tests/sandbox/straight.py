"""The Slack stand-in without a wire: whoever asks it, and whatever it delivers, is in this process.

A socket costs several times what the stand-in takes to answer, and nearly every test of the
handlers asks dozens of things. Each body still becomes bytes and each delivery text, so that
nothing passes here that no wire would carry. Slack's client and Bolt on real sockets, and all that
can happen to them there, are shown by those tests of the stand-in and of the poster that ask for a
wire, by those of the board and of serving, and by the walk.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message
from yarl import URL

from integrations.sandbox.slack.sockets import SocketHub

Json = dict[str, Any]
ADDRESS = "http://slack.example"
"""Where the stand-in believes that it is reached."""


@dataclass(frozen=True, slots=True)
class StraightAnswer:
    """In place of ``httpx.Response``."""

    status_code: int
    headers: Headers
    content: bytes

    def json(self) -> Json:
        """The body, whatever it says that it is."""
        result: Json = json.loads(self.content)
        return result

    @property
    def text(self) -> str:
        """The body."""
        return self.content.decode()


class StraightClient:
    """In place of ``httpx.AsyncClient``, for what people do on the page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def get(self, url: str, *, params: Mapping[str, str] | None = None) -> StraightAnswer:
        """Ask for something."""
        return await self.ask("GET", url, {}, b"", params)

    async def post(self, url: str, *, json: object) -> StraightAnswer:
        """Send JSON."""
        return await self.ask("POST", url, *_in_json(json))

    async def ask(
        self,
        verb: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        params: Mapping[str, str] | None = None,
    ) -> StraightAnswer:
        """Hand one request to the application, and take its answer."""
        parts = urlsplit(url)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": verb,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": (urlencode(params) if params else parts.query).encode(),
            "root_path": "",
            "headers": [
                (b"host", urlsplit(ADDRESS).netloc.encode()),
                *((name.lower().encode(), value.encode()) for name, value in headers.items()),
            ],
            "client": None,
            "server": None,
        }
        unread = [body]
        head: Message = {}
        content = bytearray()

        async def receive() -> Message:
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
            else:
                content.extend(message.get("body", b""))

        await self._app(scope, receive, send)
        return StraightAnswer(head["status"], Headers(raw=head["headers"]), bytes(content))


class StraightSession:
    """In place of ``aiohttp.ClientSession``, as far as Slack's client asks of it."""

    closed = False

    def __init__(self, http: StraightClient) -> None:
        self._http = http

    @contextlib.asynccontextmanager
    async def request(
        self,
        verb: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | str | None = None,
        json: Json | None = None,
        **_wire: object,
    ) -> AsyncIterator["StraightResponse"]:
        """Make one call of the Web API, or answer through a response URL."""
        own, body = _in_json(json) if json is not None else _in_form(data)
        answer = await self._http.ask(verb, url, {**own, **headers}, body, params)
        yield StraightResponse(answer, verb, url)

    @contextlib.asynccontextmanager
    async def post(
        self, url: str, *, data: bytes, **_wire: object
    ) -> AsyncIterator["StraightResponse"]:
        """Take the bytes of an upload."""
        yield StraightResponse(await self._http.ask("POST", url, {}, data), "POST", url)


class StraightResponse:
    """In place of ``aiohttp.ClientResponse``."""

    def __init__(self, answer: StraightAnswer, verb: str, url: str) -> None:
        self._answer = answer
        self._asked = verb, url
        self.status = answer.status_code
        self.headers = answer.headers
        self.content_type = answer.headers.get("Content-Type", "").partition(";")[0]

    def raise_for_status(self) -> None:
        """As aiohttp does.

        Raises:
            aiohttp.ClientResponseError: The request was refused.
        """
        if self.status >= 400:
            raise aiohttp.ClientResponseError(self._about, (), status=self.status)

    async def read(self) -> bytes:
        return self._answer.content

    async def text(self) -> str:
        return self._answer.text

    async def json(self) -> Json:
        """As aiohttp reads it: of no other type than JSON.

        Raises:
            aiohttp.ContentTypeError: It is of another type.
        """
        if self.content_type != "application/json":
            raise aiohttp.ContentTypeError(self._about, (), status=self.status)
        return self._answer.json()

    @property
    def _about(self) -> aiohttp.RequestInfo:
        verb, url = self._asked
        return aiohttp.RequestInfo(URL(url), verb, CIMultiDictProxy(CIMultiDict()), URL(url))


class StraightSocket:
    """In place of the socket between the stand-in and an app: what is sent, the app deals with."""

    logger = logging.getLogger(__name__)

    def __init__(self, app: AsyncApp, ticket: str) -> None:
        self._app = app
        self._acks: asyncio.Queue[str] = asyncio.Queue()
        self.query_params = {"ticket": ticket}

    async def accept(self) -> None:
        """The stand-in takes the ticket."""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """The stand-in stops, and sends nothing more."""

    async def send_json(self, envelope: Json) -> None:
        """Have the app deal with a delivery, as Bolt's handler does."""
        if "envelope_id" in envelope:
            request = SocketModeRequest.from_dict(json.loads(json.dumps(envelope)))
            assert request is not None, envelope
            answer = await run_async_bolt_app(self._app, request)
            sender: Any = self
            await send_async_response(sender, request, answer, 0.0)

    async def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        """Take the app's acknowledgement."""
        self._acks.put_nowait(json.dumps(response.to_dict()))

    async def receive_text(self) -> str:
        return await self._acks.get()


@contextlib.asynccontextmanager
async def straight_line(hub: SocketHub, app: AsyncApp) -> AsyncIterator[None]:
    """Connect an app in Socket Mode."""
    socket: Any = StraightSocket(app, hub.issue_ticket())
    served = asyncio.create_task(hub.serve(socket))
    await asyncio.sleep(0)
    assert hub.connected
    try:
        yield
    finally:
        served.cancel()
        await asyncio.gather(served, return_exceptions=True)


def _in_json(body: object) -> tuple[dict[str, str], bytes]:
    return {"Content-Type": "application/json"}, json.dumps(body).encode()


def _in_form(fields: Mapping[str, str] | str | None) -> tuple[dict[str, str], bytes]:
    if fields is None:
        return {}, b""
    if isinstance(fields, str):
        return {}, fields.encode()
    return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields).encode()
