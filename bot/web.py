"""What is served over HTTP: Slack's signed requests, health, and the pages of signing in."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

SLACK_PATH = "/slack/events"
"""Commands, interactivity and events all come here; app_manifest.yml names it."""
LARGEST_BODY = 1_000_000
"""Bytes. Slack's own payloads stay far below: a view is 250 kB at most."""

Ready = Callable[[], Awaitable[str]]
"""Returns "" when work can be done, else the reason why not."""


def make_web(slack: AsyncApp | None, ready: Ready, pages: Sequence[BaseRoute] = ()) -> Starlette:
    """What is served over HTTP: ``pages``, health, and Slack unless it comes by Socket Mode."""
    routes = [*pages, *_health(ready)]
    if slack is not None:
        routes.append(_slack(slack))
    return Starlette(routes=routes)


def _slack(slack: AsyncApp) -> Route:
    handler = AsyncSlackRequestHandler(slack)

    async def events(request: Request) -> Response:
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return Response("The request is too large.", status_code=413)
        return await handler.handle(request)

    return Route(SLACK_PATH, events, methods=["POST"])


def _health(ready: Ready) -> list[Route]:
    async def healthz(request: Request) -> Response:  # noqa: ARG001 - Starlette's shape.
        return JSONResponse({"ok": True})

    async def readyz(request: Request) -> Response:  # noqa: ARG001 - Starlette's shape.
        reason = await ready()
        return JSONResponse(
            {"ok": not reason, "reason": reason}, status_code=503 if reason else 200
        )

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


class _Server(uvicorn.Server):
    """Leaves signals to the program that started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    Raises:
        OSError: the address can't be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


@asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    """Serve ``app`` on a socket while the block runs; what was begun is answered."""
    # Addresses hold private links and codes, so requests are not logged.
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=10, lifespan="off"
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
