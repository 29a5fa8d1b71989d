"""Slack over signed HTTP, and the health endpoints, as a Starlette application."""

from collections.abc import Awaitable, Callable

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SLACK_PATH = "/slack/events"
"""Commands, interactivity and events all come here; app_manifest.yml names it."""
LARGEST_BODY = 1_000_000
"""Bytes. Slack's own payloads stay far below: a view is 250 kB at most."""

Ready = Callable[[], Awaitable[str]]
"""Returns "" when work can be done, else the reason why not."""


def make_web(slack: AsyncApp, ready: Ready) -> Starlette:
    """The application that HTTP mode serves."""
    handler = AsyncSlackRequestHandler(slack)

    async def events(request: Request) -> Response:
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return Response("The request is too large.", status_code=413)
        return await handler.handle(request)

    async def healthz(request: Request) -> Response:  # noqa: ARG001 - Starlette's shape.
        return JSONResponse({"ok": True})

    async def readyz(request: Request) -> Response:  # noqa: ARG001 - Starlette's shape.
        reason = await ready()
        return JSONResponse(
            {"ok": not reason, "reason": reason}, status_code=503 if reason else 200
        )

    return Starlette(
        routes=[
            Route(SLACK_PATH, events, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
        ]
    )
