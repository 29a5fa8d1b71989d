"""`/api/<method>`: token, scope, rate limit, then the method itself."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.sandbox.consent import basic_credentials
from integrations.sandbox.faults import Fault, FaultKind
from integrations.sandbox.slack.api import (
    chat,
    conversations,
    files,
    general,
    oauth,
    people,
    views,
)
from integrations.sandbox.slack.api.call import Call, Method, read_args
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.installs import Token
from integrations.sandbox.slack.state import Json

METHODS: dict[str, Method] = {
    **general.METHODS,
    **chat.METHODS,
    **views.METHODS,
    **conversations.METHODS,
    **people.METHODS,
    **files.METHODS,
    **oauth.METHODS,
}

_TOKEN_FAULTS = {
    FaultKind.EXPIRED_TOKEN: "token_expired",
    FaultKind.REVOKED_TOKEN: "token_revoked",
}


async def handle(server: SlackServer, request: Request) -> Response:
    """Answer one Web API call."""
    name = request.path_params["method"]
    note: Json = {}
    request.scope.setdefault("state", {})["note"] = note
    try:
        args = await read_args(request)
        for key in ("channel", "user", "user_id", "channel_id", "ts"):
            if args.get(key):
                note[key] = str(args[key])
        body, headers = await _run(server, request, name, args)
    except SlackError as error:
        note["error"] = error.code
        return JSONResponse(error.body(), error.status, headers=error.headers)
    return JSONResponse({"ok": True, **body}, headers=headers)


async def _run(
    server: SlackServer, request: Request, name: str, args: Json
) -> tuple[Json, dict[str, str]]:
    """Return a method's answer and the headers that go with it."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", extra={"req_method": name})
    if not method.token:
        client_id, secret = basic_credentials(request)
        if client_id:
            args |= {"client_id": client_id, "client_secret": secret}
        return await method.handler(Call(server, Token("", "none"), args)), {}
    token = _authenticate(server, request, args)
    if token.kind != method.token:
        raise SlackError("not_allowed_token_type")
    if method.scopes and not set(method.scopes) & set(token.scopes):
        raise SlackError(
            "missing_scope",
            extra={"needed": method.scopes[0], "provided": ",".join(token.scopes)},
        )
    server.limits.take_call(name, method.per_minute, server.clock.now())
    headers = {
        "X-OAuth-Scopes": ",".join(token.scopes),
        "X-Accepted-OAuth-Scopes": ",".join(method.scopes),
    }
    return await method.handler(Call(server, token, args)), headers


def _authenticate(server: SlackServer, request: Request, args: Json) -> Token:
    fault: Fault | None = getattr(request.state, "fault", None)
    if fault is not None and fault.kind in _TOKEN_FAULTS:
        raise SlackError(_TOKEN_FAULTS[fault.kind])
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value:
        value = str(args.get("token") or "")
    if not value:
        raise SlackError("not_authed")
    token = server.state.tokens.get(value.strip())
    if token is None:
        raise SlackError("invalid_auth")
    if not token.active:
        raise SlackError("account_inactive")
    if token.expires is not None and token.expires <= server.clock.now():
        raise SlackError("token_expired")
    return token


def error_shape(status: int, fault: Fault) -> Response:
    """Return Slack's own body for an injected HTTP status."""
    if status == 429:
        headers = {} if "Retry-After" in fault.headers else {"Retry-After": "1"}
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers=headers)
    code = "service_unavailable" if status == 503 else "internal_error"
    return JSONResponse({"ok": False, "error": code}, status)
