"""Intuit's limits, its fault codes, and where its OAuth endpoints are.

Limits: 500 requests a minute per realm, 10 a second per realm and app, a minute of silence after
a 429. Fault codes count more than the HTTP status: faults ride on 200, and a throttle has been
seen as 403.
"""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from bot.domain.customer import Connection
from integrations.decode import as_row, text
from integrations.errors import (
    BadAnswerError,
    NoPermissionError,
    RateLimitedError,
    ReadError,
    ReconnectError,
    ServerFaultError,
    TokenRefusedError,
)
from integrations.http import Reply, plain_errors
from integrations.limits import Heard, Limits, Window, retry_after
from integrations.oauth import TokenRequest

LABEL = "QuickBooks"
_SIGN_IN = "QuickBooks' sign-in service"
_SILENCE = 60.0

_TOKEN_BAD = "3200"  # noqa: S105 - Intuit's fault code.
_THROTTLED = "3001"
_LOST_ACCESS = frozenset({"120"})
_NOT_ALLOWED = frozenset({"3100"})
_LAPSED = frozenset({"6190"})
_THEIR_FAULT = frozenset({"10000"})


class QboDialect:
    """What the transport has to know about QuickBooks."""

    label = LABEL
    limits = Limits(concurrency=10, windows=(Window(10, 1.0), Window(500, 60.0)))

    fault_keys = frozenset({"Fault", "fault"})

    def heard(self, reply: Reply) -> Heard:
        """A minute of silence after a throttle, or longer where Retry-After asks for it."""
        asked = retry_after(reply.headers, reply.at) or 0.0
        if reply.status == httpx.codes.TOO_MANY_REQUESTS or _THROTTLED in reply.said.codes:
            return Heard(silent_for=max(_SILENCE, asked), why=_throttled())
        if reply.status == httpx.codes.SERVICE_UNAVAILABLE:
            detail = "QuickBooks is out of service for the moment (503)."
            return Heard(silent_for=asked, why=ServerFaultError(detail))
        return Heard()

    def refusal(self, reply: Reply) -> Exception | None:
        """The error that Intuit's fault code names."""
        codes = reply.said.codes
        if _THROTTLED in codes:
            return _throttled()
        if codes & _LOST_ACCESS:
            return ReconnectError(
                "Whoever connected QuickBooks no longer has access to this company there. "
                "An administrator of it has to connect QuickBooks again."
            )
        if _TOKEN_BAD in codes:
            return TokenRefusedError(reply.said.words)
        if codes & _NOT_ALLOWED:
            return NoPermissionError("QuickBooks doesn't let this login see it (code 3100).")
        if codes & _LAPSED:
            return NoPermissionError(
                "the QuickBooks subscription of this company has lapsed (code 6190)."
            )
        if codes & _THEIR_FAULT:
            return ServerFaultError("QuickBooks reports a fault of its own.", again=True)
        if codes and reply.status == httpx.codes.OK:
            return BadAnswerError(f"QuickBooks refused the question{reply.said.quoted}.")
        return None


def _throttled() -> ReadError:
    return RateLimitedError("QuickBooks says we've used up our requests for now.", again=True)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where Intuit's OAuth and OpenID services are."""

    token: str
    userinfo: str
    authorise: str
    revoke: str
    pkce: bool = False


_INTUIT = frozenset(
    {
        "appcenter.intuit.com",
        "developer.api.intuit.com",
        "oauth.platform.intuit.com",
    }
)


class QboEndpoints:
    """Finds Intuit's endpoints: known ones for Intuit's hosts, else a discovery document once.

    Args:
        client: used to fetch the discovery document.
        auth_url: one of Intuit's hosts, or the base URL of a stand-in.
        api_url: tells the sandbox, whose userinfo is elsewhere, from production.
        userinfo_url: overrides what would be found; "" leaves it.
    """

    def __init__(
        self, client: httpx.AsyncClient, auth_url: str, api_url: str, userinfo_url: str = ""
    ) -> None:
        self._client = client
        self._auth_url = auth_url.rstrip("/")
        self._sandbox = (urlsplit(api_url).hostname or "").startswith("sandbox-")
        self._userinfo_url = userinfo_url
        self._found: Endpoints | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> Endpoints:
        """The endpoints.

        Raises:
            ReadError: the discovery document could not be read; the next call tries again.
        """
        async with self._lock:
            if self._found is None:
                if urlsplit(self._auth_url).hostname in _INTUIT:
                    self._found = self._of_intuit()
                else:
                    self._found = await self._discovered()
            return self._found

    def _of_intuit(self) -> Endpoints:
        accounts = f"{'sandbox-' if self._sandbox else ''}accounts.platform.intuit.com"
        return Endpoints(
            token="https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",  # noqa: S106
            userinfo=self._userinfo_url or f"https://{accounts}/v1/openid_connect/userinfo",
            authorise="https://appcenter.intuit.com/connect/oauth2",
            revoke="https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
        )

    async def _discovered(self) -> Endpoints:
        url = f"{self._auth_url}/.well-known/openid_configuration"
        async with plain_errors(_SIGN_IN, again=False):
            response = await self._client.get(url, headers={"Accept": "application/json"})
        if response.is_error:
            raise _undiscovered(response.status_code)
        try:
            row = as_row(response.json())
        except ValueError:
            detail = f"{_SIGN_IN} answered with something that isn't data, such as a web page."
            raise BadAnswerError(detail) from None
        found = Endpoints(
            token=text(row, "token_endpoint"),
            userinfo=self._userinfo_url or text(row, "userinfo_endpoint"),
            authorise=text(row, "authorization_endpoint"),
            revoke=text(row, "revocation_endpoint"),
            pkce="S256" in str(row.get("code_challenge_methods_supported")),
        )
        if not found.token or not found.userinfo:
            raise BadAnswerError(f"{_SIGN_IN} doesn't say where to ask for tokens.")
        return found


def _undiscovered(status: int) -> ReadError:
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RateLimitedError(f"{_SIGN_IN} says we've used up our requests for now.")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ServerFaultError(f"{_SIGN_IN} reports a fault of its own ({status}).")
    return BadAnswerError(f"{_SIGN_IN} refused to say where to ask for tokens ({status}).")


HARD_EXPIRY = {"x-include-refresh-token-hard-expires-in": "true"}
"""Has Intuit say when a sign-in ends however often its refresh token is used (five years)."""


class QboTokens:
    """Intuit's token endpoint: HTTP Basic with the app's credentials, a form body."""

    def __init__(self, endpoints: QboEndpoints, client_id: str, client_secret: str) -> None:
        self._endpoints = endpoints
        pair = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._basic = {"Authorization": f"Basic {pair}"}

    async def request(self, connection: Connection) -> TokenRequest:
        """The request that renews a connection's tokens."""
        form = {"grant_type": "refresh_token", "refresh_token": connection.tokens.refresh_token}
        return await self._to_token(form)

    async def code_request(self, code: str, redirect_uri: str, verifier: str) -> TokenRequest:
        """The request that turns a code into tokens; the verifier goes where PKCE is offered."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if (await self._endpoints.get()).pkce:
            form["code_verifier"] = verifier
        return await self._to_token(form)

    async def revoke_request(self, token: str) -> TokenRequest:
        """The request that revokes a token; its body goes as JSON."""
        return TokenRequest((await self._endpoints.get()).revoke, {"token": token}, self._basic)

    async def _to_token(self, form: Mapping[str, str]) -> TokenRequest:
        url = (await self._endpoints.get()).token
        return TokenRequest(url, form, {**self._basic, **HARD_EXPIRY})
