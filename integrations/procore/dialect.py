"""Procore's limits, its words for errors, and its token endpoint.

Rate limiting: an hourly window and one of ten seconds; ``X-Rate-Limit-*`` tell of whichever is
nearer, with ``Reset`` an absolute Unix second. A 429 may carry ``Retry-After`` too; the later of
both counts. Sizes vary by company and are never assumed.
"""

import httpx

from bot.domain.customer import Connection, Grant
from integrations.errors import NoPermissionError, RateLimitedError, ServerFaultError
from integrations.http import Reply
from integrations.limits import Heard, Limits, as_float, reset_in, retry_after
from integrations.oauth import TokenRequest

LABEL = "Procore"
_SPIKE_WINDOW = 10.0


class ProcoreDialect:
    """What the transport has to know about Procore."""

    label = LABEL
    limits = Limits(concurrency=8)

    fault_keys: frozenset[str] = frozenset()

    def heard(self, reply: Reply) -> Heard:
        """The allowance that an answer's headers tell of."""
        reset = reset_in(reply.headers, reply.at)
        if reply.status == httpx.codes.TOO_MANY_REQUESTS:
            asked = retry_after(reply.headers, reply.at)
            known = [seconds for seconds in (reset, asked) if seconds is not None]
            detail = "Procore says we've used up our requests for now."
            # At least a second: a reset that lies in the past would mean hammering.
            silence = max(1.0, *known) if known else _SPIKE_WINDOW
            return Heard(silent_for=silence, why=RateLimitedError(detail))
        if reply.status == httpx.codes.SERVICE_UNAVAILABLE:
            detail = "Procore is out of service for the moment (503)."
            silence = retry_after(reply.headers, reply.at) or 0.0
            return Heard(silent_for=silence, why=ServerFaultError(detail))
        remaining = as_float(reply.headers.get("X-Rate-Limit-Remaining", ""))
        if remaining is None or reset is None:
            return Heard()
        return Heard(remaining=int(remaining), reset_in=reset)

    def refusal(self, reply: Reply) -> Exception | None:
        """Procore's own words where they say more than the status."""
        if "not connected to this company" in reply.said.words.lower():
            return NoPermissionError(
                "the Interfy app isn't installed in this Procore company. A Procore "
                "administrator has to install it under Company Admin > App Management."
            )
        return None


class ProcoreTokens:
    """Procore's token endpoint: the same path for both grants, credentials in the form."""

    def __init__(self, auth_url: str, client_id: str, client_secret: str) -> None:
        self._base = f"{auth_url.rstrip('/')}/oauth"
        self._url = f"{self._base}/token"
        self._credentials = {"client_id": client_id, "client_secret": client_secret}

    async def request(self, connection: Connection) -> TokenRequest:
        """The request that renews a connection's tokens."""
        form = {"grant_type": connection.grant.value, **self._credentials}
        if connection.grant is Grant.REFRESH_TOKEN:
            form["refresh_token"] = connection.tokens.refresh_token
        return TokenRequest(self._url, form)

    def code_request(self, code: str, redirect_uri: str, verifier: str) -> TokenRequest:
        """The request that turns a code into tokens."""
        form = {
            "grant_type": "authorization_code",
            **self._credentials,
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return TokenRequest(self._url, form)

    def service_request(self) -> TokenRequest:
        """The request for a token of the app's own service account."""
        form = {"grant_type": Grant.CLIENT_CREDENTIALS.value, **self._credentials}
        return TokenRequest(self._url, form)

    def revoke_request(self, token: str) -> TokenRequest:
        """The request that revokes a token."""
        return TokenRequest(f"{self._base}/revoke", {**self._credentials, "token": token})

    @property
    def authorise_url(self) -> str:
        """The page where people sign in."""
        return f"{self._base}/authorize"
