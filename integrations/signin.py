"""Signing in to Procore and QuickBooks: the implementation of ``gateway.Gateway``.

Both use OAuth 2's authorisation code. PKCE (RFC 7636) goes along where the server offers it:
QuickBooks says so in its discovery document. Procore does not say, and a server that does not know
the challenge has to ignore it (RFC 6749, 3.1), so Procore always gets one.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlencode

import httpx

from bot.domain.customer import Connection, Tokens
from bot.domain.model import System
from bot.domain.records import Identity
from bot.domain.signin import Company
from bot.services.gateway import SignInRefusedError
from integrations.connector import Connector
from integrations.decode import Row, as_row, flag, ident, text
from integrations.errors import ReadError, ReconnectError
from integrations.http import Answer, Transport, plain_errors
from integrations.oauth import InvalidGrantError, TokenRequest, exchange
from integrations.procore.paging import Page, page_of, read_pages
from integrations.qbo import rows as qbo_rows
from integrations.qbo.api import QboApi

QBO_SCOPES = "openid profile email com.intuit.quickbooks.accounting"
LABEL = "Procore"


class _Fresh:
    """The authority of tokens that nobody has stored yet: they are used as they are."""

    def __init__(self, system: System, tokens: Tokens) -> None:
        self._system = system
        self._tokens = tokens

    async def token(self) -> str:
        return self._tokens.access_token

    async def renew(self, rejected: str) -> None:  # noqa: ARG002 - the protocol's shape.
        raise ReconnectError(f"{self._system.label} doesn't accept the sign-in that just ended.")


class SignInGateway:
    """The sign-ins of both systems over the connector's endpoints, budgets and renewer."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._config = connector.config

    def is_set_up(self, system: System) -> bool:
        """Whether this app has a client id and secret for the system."""
        config = self._config
        if system is System.PROCORE:
            return bool(config.procore_client_id and config.procore_client_secret)
        return bool(config.qbo_client_id and config.qbo_client_secret)

    async def address(self, system: System, redirect_uri: str, state: str, verifier: str) -> str:
        """Where a person signs in.

        Raises:
            SignInRefusedError: Intuit's discovery document could not be read.
        """
        asked = {"response_type": "code", "redirect_uri": redirect_uri, "state": state}
        challenge = {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
        if system is System.PROCORE:
            asked |= {"client_id": self._config.procore_client_id, **challenge}
            return f"{self._connector.procore.authorise_url}?{urlencode(asked)}"
        async with _in_plain_words(system):
            endpoints = await self._connector.endpoints.get()
        asked |= {"client_id": self._config.qbo_client_id, "scope": QBO_SCOPES}
        asked |= challenge if endpoints.pkce else {}
        return f"{endpoints.authorise}?{urlencode(asked)}"

    async def redeem(self, system: System, code: str, redirect_uri: str, verifier: str) -> Tokens:
        """The tokens that a code stands for; a code is good once.

        Raises:
            SignInRefusedError: the code is refused, or there was no usable answer.
        """
        async with _in_plain_words(system):
            if system is System.PROCORE:
                request = self._connector.procore.code_request(code, redirect_uri, verifier)
            else:
                request = await self._connector.qbo.code_request(code, redirect_uri, verifier)
            return await self._exchange(request, system)

    async def service_tokens(self) -> Tokens:
        """An access token of this app's own service account in Procore.

        Raises:
            SignInRefusedError: Procore refuses, or there was no usable answer.
        """
        async with _in_plain_words(System.PROCORE):
            return await self._exchange(self._connector.procore.service_request(), System.PROCORE)

    async def whose(self, system: System, tokens: Tokens) -> Identity:
        """Who signed in; Procore vouches for its own logins, so they count as verified.

        Raises:
            SignInRefusedError: the system does not say.
        """
        transport = self._open(system, tokens)
        async with _in_plain_words(system):
            if system is System.PROCORE:
                row = await transport.get(self._procore("me"), {}, _object)
                login = text(row, "login")
                return Identity(text(row, "id"), login, email_verified=bool(login))
            endpoints = await self._connector.endpoints.get()
            api = QboApi(transport, self._config.qbo_api_url, "", _untold)
            return qbo_rows.identity(await api.userinfo(endpoints.userinfo))

    async def companies(
        self, system: System, tokens: Tokens, company_id: str = ""
    ) -> Sequence[Company]:
        """The companies that the tokens open; QuickBooks' are good for ``company_id`` alone.

        Raises:
            SignInRefusedError: the list, or the company's own record, could not be read.
        """
        transport = self._open(system, tokens, company_id)
        async with _in_plain_words(system):
            if system is System.PROCORE:
                return await self._procore_companies(transport, company_id)
            api = QboApi(transport, self._config.qbo_api_url, company_id, _untold)
            info = await api.company_info()
            return [Company(company_id, text(info, "CompanyName"))] if info else []

    async def revoke(self, system: System, tokens: Tokens) -> None:
        """End the tokens at the server; tokens that are dead already are no error.

        Raises:
            SignInRefusedError: the server could not be asked, or had a fault of its own.
        """
        token = tokens.refresh_token or tokens.access_token
        if not token:
            return
        client = self._connector.client
        async with _in_plain_words(system), plain_errors(system.label, again=False):
            if system is System.PROCORE:
                asked = self._connector.procore.revoke_request(token)
                response = await client.post(asked.url, data=dict(asked.form))
            else:
                asked = await self._connector.qbo.revoke_request(token)
                response = await client.post(
                    asked.url,
                    json=dict(asked.form),
                    headers={"Accept": "application/json", **asked.headers},
                )
        # 400 and 401 are how Intuit says that it does not know the token any more.
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise SignInRefusedError(
                f"{system.label} reports a fault of its own ({response.status_code})."
            )

    async def keep(self, connection: Connection) -> None:
        """Renew a connection's tokens unless they are fresh.

        Raises:
            SignInRefusedError: they could not be renewed; a dead sign-in is marked as broken.
        """
        async with _in_plain_words(connection.system):
            await self._connector.renewed(connection)

    async def _exchange(self, request: TokenRequest, system: System) -> Tokens:
        client, clock = self._connector.client, self._connector.clock
        return await exchange(client, clock, request, Tokens(), system.label)

    def _open(self, system: System, tokens: Tokens, company_id: str = "") -> Transport:
        return self._connector.transport(system, company_id, _Fresh(system, tokens))

    def _procore(self, path: str) -> str:
        return f"{self._config.procore_api_url.rstrip('/')}/rest/v1.0/{path}"

    async def _procore_companies(self, transport: Transport, company_id: str) -> Sequence[Company]:
        """Active companies only; the list is documented without paging, and read to its end."""
        headers = {"Procore-Company-Id": company_id} if company_id else {}

        async def fetch(number: int) -> Page[Company | None]:
            params = {"page": str(number)} if number > 1 else {}
            unpack = partial(page_of, make=_company)
            page = await transport.get(self._procore("companies"), params, unpack, headers)
            return Page(page.rows, page.ids, total=len(page.rows)) if page.is_silent else page

        return [company for company in await read_pages(fetch) if company is not None]


async def _object(answer: Answer) -> Row:
    return as_row(answer.body)


def _company(row: Row) -> Company | None:
    if flag(row, "is_active") is False:
        return None
    company_id = ident(row, "id", LABEL)
    return Company(company_id, text(row, "name") or company_id)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def _untold(_phrase: str) -> None:
    """One row has no progress to tell of."""


@asynccontextmanager
async def _in_plain_words(system: System) -> AsyncIterator[None]:
    try:
        yield
    except InvalidGrantError:
        raise SignInRefusedError(
            f"{system.label} doesn't accept the sign-in: it was used already, or took longer than "
            "ten minutes."
        ) from None
    except ReadError as error:
        detail = error.detail[:1].upper() + error.detail[1:]
        raise SignInRefusedError(detail) from None
