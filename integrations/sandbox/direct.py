"""The short way from a request to its endpoint.

Starlette asks every route in turn whether it fits, and wraps the endpoint in three layers that turn
its exceptions into answers; that costs as much as most answers. Here a path that was asked before
is looked up, and only what is no plain GET or POST of a known path takes Starlette's way.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import lru_cache, partial
from inspect import iscoroutinefunction
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]

_MOST_PATHS = 1_000
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encoded(value: object) -> bytes:
    """JSON as Starlette's ``JSONResponse`` writes it."""
    return _ENCODER.encode(value).encode()


def listed(rows: Iterable[bytes]) -> bytes:
    """A JSON array of rows that are JSON already."""
    return b"[%b]" % b",".join(rows)


def in_json(body: bytes) -> Response:
    """An answer whose body is JSON already."""
    return Response(body, media_type="application/json")


@lru_cache(1_000)
def query_of(text: bytes) -> QueryParams:
    """A query string taken apart; the same ones are asked again and again."""
    return QueryParams(text)


class _Request(Request):
    """A request whose query is taken apart once for all that say the same."""

    @property
    def query_params(self) -> QueryParams:
        """The query's parameters."""
        return query_of(self.scope["query_string"])


class Direct:
    """ASGI: a short way to the endpoints of ``routes``, past ``app`` that serves them otherwise."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes
        self._known: dict[tuple[str, str], tuple[Endpoint, dict[str, Any]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        endpoint, path_params = found
        scope["path_params"] = path_params
        try:
            response = await endpoint(_Request(scope, receive, send))
        except HTTPException as error:
            response = PlainTextResponse(error.detail, error.status_code, error.headers)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[Endpoint, dict[str, Any]] | None:
        key = (scope["method"], scope["path"])
        if key not in self._known:
            for route in self._routes:
                match, child = route.matches(scope)
                if match is Match.FULL and isinstance(route, Route) and _is_async(route.endpoint):
                    if len(self._known) >= _MOST_PATHS:
                        self._known.clear()
                    self._known[key] = (route.endpoint, child["path_params"])
                    break
                if match is not Match.NONE:
                    break
        return self._known.get(key)


def _is_async(endpoint: object) -> bool:
    """Whether it is a function that is awaited; Starlette runs others in a thread."""
    while isinstance(endpoint, partial):
        endpoint = endpoint.func
    return iscoroutinefunction(endpoint)
