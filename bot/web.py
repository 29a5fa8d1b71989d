"""What is served over HTTP: Slack's signed requests, health, and the pages of signing in."""

import asyncio
import hmac
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.domain.model import System
from bot.services.reference import new_reference
from bot.services.webhooks import PATHS

SLACK_PATH = "/slack/events"
"""Commands, interactivity and events all come here; app_manifest.yml names it."""
LARGEST_BODY = 1_000_000
"""Bytes. Slack's own payloads stay far below: a view is 250 kB at most."""
PATIENCE_S = 10
"""Slack itself waits three seconds for an answer."""

Ready = Callable[[], Awaitable[str]]
"""Returns "" when work can be done, else the reason why not."""


FIGURES_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BROKEN = "Something broke on our side (ref {ref}). Nothing changed for you. Please try again."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figures:
    """What ``/metrics`` answers, and the bearer token that it asks for ("": none)."""

    render: Callable[[], Awaitable[bytes]]
    token: str = field(default="", repr=False)


class TakesSlack(Protocol):
    """What answers Slack's signed requests."""

    async def receive(
        self, raw: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str, Mapping[str, Any]]:
        """Status, body and headers of the answer."""
        ...


class TakesWebhooks(Protocol):
    """What answers the systems' webhooks."""

    async def receive(self, system: System, raw: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer."""
        ...


def make_web(
    slack: TakesSlack | None,
    ready: Ready,
    pages: Sequence[BaseRoute] = (),
    figures: Figures | None = None,
    webhooks: TakesWebhooks | None = None,
) -> Starlette:
    """What is served over HTTP: ``pages``, health, and Slack unless it comes by Socket Mode."""
    routes = [*pages, *_health(ready)]
    if webhooks is not None:
        routes += [_webhook(webhooks, system, path) for system, path in PATHS.items()]
    if slack is not None:
        routes.append(_slack(slack))
    if figures is not None:
        routes.append(_metrics(figures))
    return Starlette(routes=routes, exception_handlers={Exception: _broke})


async def _broke(_request: Request, error: Exception) -> Response:
    """A person reads a reference; the log has it beside the error's places."""
    ref = new_reference()
    log.error("a page broke (ref %s)", ref, exc_info=error)
    return Response(BROKEN.format(ref=ref), status_code=500, media_type="text/plain")


def _metrics(figures: Figures) -> Route:
    async def metrics(request: Request) -> Response:
        if figures.token:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {figures.token}".encode()):
                return Response("This needs METRICS_TOKEN as a bearer token.", status_code=401)
        return Response(await figures.render(), media_type=FIGURES_TYPE)

    return Route("/metrics", metrics)


def _slack(slack: TakesSlack) -> Route:
    async def events(raw: bytes, headers: Mapping[str, str]) -> Response:
        status, text, answered = await slack.receive(raw, headers)
        return Response(text, status, dict(answered))

    return _posted(SLACK_PATH, events)


def _webhook(webhooks: TakesWebhooks, system: System, path: str) -> Route:
    async def told(raw: bytes, headers: Mapping[str, str]) -> Response:
        return Response(status_code=await webhooks.receive(system, raw, headers))

    return _posted(path, told)


def _posted(path: str, answer: Callable[[bytes, Mapping[str, str]], Awaitable[Response]]) -> Route:
    """A route that takes raw bodies, none that is endless or never ends."""

    async def take(request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE_S):
                raw = await _body(request)
        except TimeoutError:
            return Response("The request did not arrive.", status_code=408)
        if raw is None:
            return Response("The request is too large.", status_code=413)
        return await answer(raw, request.headers)

    return Route(path, take, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """A request's body; None for one that is too large, whatever length it claims."""
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > LARGEST_BODY:
            return None
    return bytes(raw)


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
    """Leaves signals to the program that started it, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own."""
        await super().startup(sockets)
        self.listens.set()

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
    """Serve ``app`` on a socket while the block runs; what was begun is answered.

    The block begins when somebody who asks is answered: what it does at once is not waited for.
    """
    # Addresses hold private links and codes, so requests are not logged. Nobody speaks by
    # WebSocket to the bot; uvicorn would load a library for it.
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        lifespan="off",
        ws="none",
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    task.add_done_callback(lambda _: server.listens.set())
    try:
        await server.listens.wait()
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
