"""What every stand-in has around its own application: the log, the faults, ``/_world``."""

import asyncio
import socket
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.sandbox.direct import query_of
from integrations.sandbox.faults import Fault, FaultBook, FaultKind, FaultRule
from integrations.sandbox.log import RequestLog
from integrations.sandbox.server import TRANSPORT

ErrorShape = Callable[[int, Fault], Response]
"""Makes a system's own answer for an HTTP status (and, for kind xml, its XML variant)."""

_PAGE = "<!doctype html><html><head><title>Just a moment</title></head><body>Please sign in.</body>"
_LOCAL = {
    FaultKind.STATUS,
    FaultKind.HTML200,
    FaultKind.XML,
    FaultKind.BODY,
}


class StandIn:
    """ASGI middleware: applies faults to requests and notes each in the log.

    Requests below ``/_`` (control, page) are neither touched nor noted.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        log: RequestLog,
        faults: FaultBook,
        error_shape: ErrorShape,
    ) -> None:
        self._app = app
        self._log = log
        self._faults = faults
        self._error_shape = error_shape

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith("/_"):
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        fault = self._faults.take(scope["method"], scope["path"])
        state["fault"] = fault
        status: int | None = None

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", []), self._date(fault)]}
            await send(message)

        try:
            await self._answer(fault, scope, receive, noting)
        finally:
            query = query_of(scope["query_string"]).multi_items()
            noted = state.get("note", {})
            if fault is not None:
                noted = {**noted, "fault": fault.kind.value}
            cut = fault is not None and fault.kind in {FaultKind.RESET, FaultKind.TIMEOUT}
            self._log.request(
                scope["method"],
                scope["path"],
                query=query,
                status=None if cut else status,
                **noted,
            )

    def _date(self, fault: Fault | None) -> tuple[bytes, bytes]:
        """The Date header, by the world's clock; a skewed clock is off by some seconds."""
        skewed = fault is not None and fault.kind is FaultKind.CLOCK_SKEW
        seconds = fault.seconds if skewed and fault is not None else 0.0
        moment = self._log.now() + timedelta(seconds=seconds)
        return b"date", _http_date(moment.replace(microsecond=0))

    async def _answer(
        self,
        fault: Fault | None,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind in _LOCAL:
            await self._local(fault)(scope, receive, send)
        elif fault.kind in {FaultKind.RESET, FaultKind.TIMEOUT}:
            if fault.kind is FaultKind.TIMEOUT:
                await _wait(receive, fault.seconds or 60.0)
            _cut(scope, reset=True)
            await _wait(receive, 1.0)
        elif fault.kind is FaultKind.TRUNCATE:
            await self._app(scope, receive, _truncating(scope, send))
            await _wait(receive, 1.0)
        else:
            if fault.kind is FaultKind.LATENCY:
                await asyncio.sleep(max(fault.seconds, 0.0))
            await self._app(scope, receive, send)

    def _local(self, fault: Fault) -> Response:
        if fault.kind is FaultKind.HTML200:
            answer: Response = Response(_PAGE, 200, media_type="text/html")
        elif fault.body is None and fault.kind is not FaultKind.BODY:
            answer = self._error_shape(fault.status or 503, fault)
        elif isinstance(fault.body, str):
            kind = "application/xml" if fault.kind is FaultKind.XML else "text/plain"
            answer = Response(fault.body, fault.status or 200, media_type=kind)
        else:
            answer = JSONResponse(fault.body, fault.status or 200)
        for name, value in fault.headers.items():
            answer.headers[name] = value
        return answer


@lru_cache(8)
def _http_date(moment: datetime) -> bytes:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT").encode()


async def _wait(receive: Receive, seconds: float) -> None:
    """Wait ``seconds``, or less where the connection ends first."""

    async def ended() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        async with asyncio.timeout(seconds):
            await ended()
    except TimeoutError:
        return


def _cut(scope: Scope, *, reset: bool) -> None:
    """End the connection: at once and rudely (``reset``), or after what was written."""
    transport: asyncio.Transport | None = scope.get(TRANSPORT)
    if transport is None:
        return
    if not reset:
        transport.close()
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _truncating(scope: Scope, send: Send) -> Send:
    """Pass the head on whole and half of the first piece of the body, then cut."""

    async def cut_half_way(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        body = message.get("body", b"")
        await send(
            {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
        )
        _cut(scope, reset=False)

    return cut_half_way


def control_routes(log: RequestLog, faults: FaultBook) -> list[Route]:
    """``GET /_world/log`` and ``GET|POST|DELETE /_world/faults``."""

    async def show_log(request: Request) -> Response:
        after = request.query_params.get("after", "0")
        entries = log.entries(after=int(after) if after.isdecimal() else 0)
        return JSONResponse({"ok": True, "entries": entries})

    async def change_faults(request: Request) -> Response:
        if request.method == "DELETE":
            return JSONResponse({"ok": True, "cleared": faults.clear()})
        if request.method == "POST":
            return await _add_fault(request, faults)
        return JSONResponse({"ok": True, "faults": faults.listing()})

    return [
        Route("/_world/log", show_log, methods=["GET"]),
        Route("/_world/faults", change_faults, methods=["GET", "POST", "DELETE"]),
    ]


async def _add_fault(request: Request, faults: FaultBook) -> Response:
    posted, problem = await read_json(request)
    if problem is not None:
        return problem
    try:
        rule = FaultRule.model_validate(posted)
    except ValidationError as error:
        return refuse("invalid_fault", sentences(error))
    return JSONResponse({"ok": True, "id": faults.add(rule)})


async def read_json(request: Request) -> tuple[Any, Response | None]:
    """The body as JSON, or the refusal to send back."""
    try:
        return await request.json(), None
    except ValueError:
        return None, refuse("invalid_json", "The body of this request has to be JSON.")


def refuse(code: str, message: str, status: int = 400) -> Response:
    """The control API's error shape: ``{"ok": false, "error": …, "message": …}``."""
    return JSONResponse({"ok": False, "error": code, "message": message}, status)


def sentences(error: ValidationError) -> str:
    """Pydantic's complaints as one line: ``path: reason; path: reason``."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()
    )
