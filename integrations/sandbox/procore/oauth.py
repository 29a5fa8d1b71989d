"""Procore's OAuth: the login page, tokens, token info, revocation."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from integrations.sandbox.consent import (
    PKCE,
    Choice,
    basic_credentials,
    challenge_problem,
    consent_page,
    form_fields,
    problem_page,
)
from integrations.sandbox.procore.errors import invalid_token
from integrations.sandbox.tokens import Grant, Pair, TokenState
from integrations.sandbox.world.live import PROCORE_ACCESS, LiveWorld
from integrations.sandbox.world.model_procore import ProcoreClient

_SYSTEM = "Procore"
_KEPT = ("client_id", "redirect_uri", "state", "response_type", *PKCE)
_BAD_GRANT = (
    "The provided authorization grant is invalid, expired, revoked, does not match the "
    "redirection URI used in the authorization request, or was issued to another client."
)


class OAuth:
    """The endpoints below ``/oauth``."""

    def __init__(self, live: LiveWorld) -> None:
        self._live = live
        self._tokens = live.procore_tokens

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/oauth/authorize", self.authorise, methods=["GET", "POST"]),
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/oauth/token/info", self.info, methods=["GET"]),
            Route("/oauth/revoke", self.revoke, methods=["POST"]),
        ]

    async def authorise(self, request: Request) -> Response:
        """The login page; posting a choice sends the browser back with a code."""
        asked = {**request.query_params, **await form_fields(request)}
        client = self._client(asked.get("client_id", ""))
        redirect = asked.get("redirect_uri", "")
        if client is None:
            return problem_page(_SYSTEM, "No app has this client_id.", 401)
        if urlsplit(redirect).scheme not in {"http", "https"}:
            return problem_page(_SYSTEM, "The redirect_uri of this request is not a web address.")
        if problem := challenge_problem(asked):
            return problem_page(_SYSTEM, problem)
        if request.method == "GET":
            return self._login_page(client, asked)
        answer = {"state": asked["state"]} if asked.get("state") else {}
        if asked.get("deny"):
            answer["error"] = "access_denied"
        elif asked.get("email", "").casefold() not in self._logins():
            return problem_page(_SYSTEM, "Nobody signs in to Procore with this address.")
        else:
            challenge = asked.get("code_challenge", "")
            who = asked["email"].casefold()
            grant = Grant(client.id, who, redirect_uri=redirect, challenge=challenge)
            answer["code"] = self._tokens.new_code(grant)
        joint = "&" if urlsplit(redirect).query else "?"
        return RedirectResponse(f"{redirect}{joint}{urlencode(answer)}", 302)

    async def token(self, request: Request) -> Response:
        """``POST /oauth/token`` with any of the three grant types, form or JSON."""
        asked = await _asked(request)
        client = self._client(asked.get("client_id", ""))
        if client is None or client.secret != asked.get("client_secret"):
            return _refuse(401, "invalid_client", "Client authentication failed.")
        kind = asked.get("grant_type")
        pair: Pair | None = None
        if kind == "client_credentials":
            pair = self._tokens.issue(Grant(client.id, ""), refresh=False)
        elif kind == "authorization_code":
            code, uri = asked.get("code", ""), asked.get("redirect_uri", "")
            grant = self._tokens.redeem(code, client.id, uri, asked.get("code_verifier", ""))
            pair = self._tokens.issue(grant) if grant else None
        elif kind == "refresh_token":
            pair = self._tokens.renew(asked.get("refresh_token", ""), client.id)
        else:
            return _refuse(400, "unsupported_grant_type", "This grant type is not supported.")
        if pair is None:
            return _refuse(400, "invalid_grant", _BAD_GRANT)
        return JSONResponse(token_body(pair))

    async def info(self, request: Request) -> Response:
        """``GET /oauth/token/info``: what the bearer token is good for."""
        _, _, value = request.headers.get("authorization", "").partition(" ")
        state, token = self._tokens.look_up(value.strip())
        if token is None or state is not TokenState.GOOD or token.expires is None:
            return invalid_token().response()
        left = token.expires - self._live.clock.now()
        return JSONResponse(
            {
                "resource_owner_id": self._login_id(token.grant.subject),
                "scopes": ["public"],
                "expires_in_seconds": int(left.total_seconds()),
                "application": {"uid": token.grant.client},
                "created_at": int(token.issued.timestamp()),
            },
        )

    async def revoke(self, request: Request) -> Response:
        """``POST /oauth/revoke``: 200 whether the token was known or not (RFC 7009)."""
        asked = await _asked(request)
        client = self._client(asked.get("client_id", ""))
        if client is None or client.secret != asked.get("client_secret"):
            return _refuse(
                403, "unauthorized_client", "You are not authorized to revoke this token"
            )
        self._tokens.revoke(asked.get("token", ""))
        return JSONResponse({})

    def _client(self, client_id: str) -> ProcoreClient | None:
        return next((one for one in self._live.world.procore.clients if one.id == client_id), None)

    def _logins(self) -> dict[str, list[str]]:
        """Who can sign in: e-mail address to what the page says of the person."""
        found: dict[str, list[str]] = {}
        for company_id in self._live.procore_ids:
            store = self._live.procore(company_id)
            for user in store.users.values() if store else ():
                if store and user.active and user.service_account is None:
                    note = f"{user.name}, {store.company.name}"
                    found.setdefault(user.email.casefold(), []).append(note)
        return found

    def _login_id(self, email: str) -> int | None:
        for company_id in self._live.procore_ids:
            store = self._live.procore(company_id)
            user = store.user_of(email) if store else None
            if user is not None:
                return user.id
        return None

    def _login_page(self, client: ProcoreClient, asked: Mapping[str, str]) -> Response:
        hidden = [(key, asked[key]) for key in _KEPT if key in asked]
        choices = [
            Choice((("email", email),), email, "; ".join(notes))
            for email, notes in self._logins().items()
        ]
        return consent_page(_SYSTEM, client.name, hidden, choices)


def token_body(pair: Pair) -> dict[str, object]:
    """The JSON of a token answer; client_credentials gives no refresh token."""
    body: dict[str, object] = {
        "access_token": pair.access.value,
        "token_type": "Bearer",
        "expires_in": int(PROCORE_ACCESS.total_seconds()),
        "created_at": int(pair.access.issued.timestamp()),
    }
    return {**body, "refresh_token": pair.refresh.value} if pair.refresh else body


def _refuse(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)


async def _asked(request: Request) -> dict[str, str]:
    """The body's fields, with the client's credentials wherever they were put."""
    name, secret = basic_credentials(request)
    given = {"client_id": name, "client_secret": secret} if name else {}
    return {**given, **await form_fields(request)}
