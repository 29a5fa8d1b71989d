"""The Slack stand-in as one Starlette application."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.control import StandIn, control_routes
from integrations.sandbox.direct import Direct
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.slack import authorize, control, responses
from integrations.sandbox.slack.api import dispatch, files
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.delivery import ACK_SECONDS, Delivery
from integrations.sandbox.slack.panel import EmptyPanel, WorldPanel
from integrations.sandbox.slack.sockets import SocketHub
from integrations.sandbox.slack.state import SlackState
from integrations.sandbox.slack.ui import act, look, modals
from integrations.sandbox.slack.ui.common import endpoint
from integrations.sandbox.slack.world import SlackWorld

PAGE = Path(__file__).resolve().parent.parent / "page"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}


def create_slack_app(
    world: SlackWorld,
    *,
    clock: WorldClock,
    log: RequestLog,
    faults: FaultBook,
    panel: WorldPanel | None = None,
    public_url: str = "",
    request_url: str | None = None,
    ack_seconds: float = ACK_SECONDS,
    page: Path = PAGE,
) -> Starlette:
    """Build the Slack stand-in.

    The running parts are `app.state.slack` (a `SlackServer`); call its `aclose()` before the
    server stops, so that open streams and sockets do not hold it up:

        app = create_slack_app(world.slack, clock=clock, log=log, faults=faults)
        async with serve(app) as url:
            ...
            await app.state.slack.aclose()

    Args:
        world: The `slack:` section of a world.
        clock: The world's time.
        log: Where requests and messages are noted.
        faults: Faults on demand.
        panel: The page's side panel; none shows an empty one.
        public_url: Base of the URLs handed out, no trailing slash; empty takes the address under
            which the first request came.
        request_url: Where the app takes signed HTTP; sockets win while one is open.
        ack_seconds: How long the app has to acknowledge, in real seconds.
        page: Folder of the page's files.
    """
    server = _build(world, clock, log, faults, panel or EmptyPanel())
    server.public_url = public_url.rstrip("/")
    server.delivery.request_url = request_url
    server.delivery.ack_seconds = ack_seconds
    clock.subscribe(lambda now: server.stream.publish({"kind": "clock", "clock": now.isoformat()}))
    routes = [
        *_slack_routes(server),
        *_page_routes(server, page),
        *control_routes(log, faults),
        *_world_routes(server),
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(_OwnAddress, server=server),
            Middleware(_SlackOnly, log=log, faults=faults, error_shape=dispatch.error_shape),
            Middleware(Direct, routes=routes),
        ],
    )
    app.state.slack = server
    return app


def _build(
    world: SlackWorld, clock: WorldClock, log: RequestLog, faults: FaultBook, panel: WorldPanel
) -> SlackServer:
    state = SlackState(world, clock)
    hub = SocketHub(world.app.id)
    delivery = Delivery(hub, clock, signing_secret=state.signing_secret)
    return SlackServer(state, clock, log, faults, delivery, panel)


def _bound(
    handler: Callable[[SlackServer, Request], Awaitable[Response]], server: SlackServer
) -> Callable[[Request], Awaitable[Response]]:
    return partial(handler, server)


def _slack_routes(server: SlackServer) -> list[BaseRoute]:
    both = ["GET", "POST"]
    return [
        Route("/api/{method}", _bound(dispatch.handle, server), methods=both),
        Route("/oauth/v2/authorize", _bound(authorize.authorize, server), methods=both),
        Route("/commands/{team}/{key}", _bound(responses.handle, server), methods=["POST"]),
        Route("/actions/{team}/{key}", _bound(responses.handle, server), methods=["POST"]),
        Route("/upload/v1/{key}", _bound(files.receive_upload, server), methods=["POST"]),
        Route("/files-pri/{file_id}", _bound(files.download, server), methods=["GET"]),
        WebSocketRoute("/link/", server.delivery.hub.serve),
    ]


def _page_routes(server: SlackServer, page: Path) -> list[BaseRoute]:
    get = {
        "state": look.state,
        "messages": look.messages,
        "home": look.home,
        "stream": look.stream,
        "file": look.file,
        "world": look.world,
    }
    post = {
        "send": act.send,
        "action": act.action,
        "options": act.options,
        "submit": modals.submit,
        "close": modals.close,
        "world": act.run_world_action,
    }
    static = partial(_static, page)
    return [
        Route("/", static, methods=["GET"]),
        Route("/static/{name:path}", static, methods=["GET"]),
        *(
            Route(f"/_ui/{name}", endpoint(one, server), methods=["GET"])
            for name, one in get.items()
        ),
        *(
            Route(f"/_ui/{name}", endpoint(one, server), methods=["POST"])
            for name, one in post.items()
        ),
    ]


def _world_routes(server: SlackServer) -> list[BaseRoute]:
    return [
        Route("/_world", _bound(control.show, server), methods=["GET"]),
        Route("/_world/grants", _bound(control.grant, server), methods=["POST"]),
        Route("/_world/edits", _bound(control.edit, server), methods=["POST"]),
    ]


async def _static(page: Path, request: Request) -> Response:
    """Serve one file of the page, with a policy that lets nothing in from outside."""
    wanted = _locate(page, request.path_params.get("name", "index.html"))
    if wanted is None:
        return PlainTextResponse("Not found", 404)
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    return Response(_read(wanted), media_type=_TYPES[wanted.suffix], headers=headers)


def _read(wanted: Path) -> bytes:
    """Read a small file at once: a thread for each of its steps takes longer."""
    return wanted.read_bytes()


def _locate(page: Path, name: str) -> Path | None:
    """Return a file of the page, None for what is not there, not inside, or of another kind."""
    wanted = (page / name).resolve()
    inside = wanted.is_relative_to(page.resolve())
    return wanted if inside and wanted.suffix in _TYPES and wanted.is_file() else None


class _SlackOnly(StandIn):
    """Faults and log for what Slack serves; the page's own files are neither."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path == "/" or path.startswith("/static/"):
            await self._app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _OwnAddress:
    """Learns from the first request under which address the stand-in is reached."""

    def __init__(self, app: ASGIApp, server: SlackServer) -> None:
        self._app = app
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._server.public_url:
            self._server.public_url = str(Request(scope).base_url).rstrip("/")
        await self._app(scope, receive, send)
