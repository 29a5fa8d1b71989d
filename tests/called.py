"""Servers that are called and not connected to: for tests that are not about the wire.

A request over a socket is written, read, answered, written and read again by h11 in Python, twice
over, which costs more than most of what is asked for. A server that is opened here has an address
at which nobody listens, and every httpx client that asks there is answered by the application.
It can do nothing to the connection (cut it, for a fault), and whoever asks by other means, such as
another process or Slack's own client, finds nobody.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot.web import listen
from integrations.sandbox import runner
from integrations.sandbox.server import serve

_HOST = "127.0.0.1"
_answering: dict[int, httpx.ASGITransport] = {}
"""By port: who answers there."""


@contextmanager
def nothing_is_connected(*, but_slack: bool = False) -> Iterator[None]:
    """Stand-ins that are run meanwhile are called, and so is what ``called`` opens.

    ``but_slack``: Slack's is served as well, for Slack's own client.
    """
    connect = httpx.AsyncHTTPTransport.handle_async_request

    async def call(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        application = _answering.get(request.url.port or 0)
        if application is None:
            return await connect(transport, request)
        return await application.handle_async_request(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", call)
        patch.setattr(runner, "serve", _all_but_slack if but_slack else called)
        yield


@asynccontextmanager
async def called(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """``integrations.sandbox.server.serve`` without the server; the base URL."""
    # Bound and not listening: nobody else is given the port, and whoever connects is refused.
    with closing(listen(_HOST, port)) as bound:
        port = bound.getsockname()[1]
        with _answers(app, port):
            yield f"http://{_HOST}:{port}"


@asynccontextmanager
async def _all_but_slack(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    # The other two have their faults and their log around them.
    if not isinstance(app, Starlette):
        async with called(app, port) as url:
            yield url
        return
    async with serve(app, port) as url:
        with _answers(app, httpx.URL(url).port):
            yield url


@contextmanager
def _answers(app: ASGIApp, port: int | None) -> Iterator[None]:
    assert port is not None
    _answering[port] = httpx.ASGITransport(app, raise_app_exceptions=False)
    try:
        yield
    finally:
        del _answering[port]
