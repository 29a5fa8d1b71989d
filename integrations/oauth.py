"""Access tokens: kept fresh, renewed by one renewer at a time, stored before they are used.

Both systems give a *new* refresh token with every renewal (Procore at once, Intuit about once a
day) and refuse the old one, so a renewed pair that is lost cannot be had again. What is done about
it: the store's lock is held while renewing, the stored pair is read again first (another process
may have been faster), the new pair is written before its first use, and none of this is cut off
when the read that started it is cancelled.

What cannot be done: if this process dies, or the connection breaks, between the server's answer
and the write, the server has moved on and we hold the old pair. A refresh is therefore never
repeated blindly. The next read tries the old token; Intuit often still accepts it (it keeps the
same value for about a day), Procore answers ``invalid_grant``, and then a person has to sign in
again. Service accounts (``client_credentials``) cannot get into this state: they ask for a new
token with the app's own credentials.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import httpx

from bot.domain.customer import Connection, Grant, Purpose, Tokens
from bot.domain.model import System
from bot.services.ports import Clock, TokenKeeper
from integrations.decode import Row, as_row, number, text
from integrations.errors import (
    BadAnswerError,
    NotConnectedError,
    OwnFaultError,
    RateLimitedError,
    ReadError,
    ReconnectError,
    ServerFaultError,
    said_by,
)
from integrations.http import note_refusal, plain_errors
from integrations.limits import retry_after

EARLY = timedelta(minutes=2)
"""How long before its expiry an access token is renewed."""

_SHORTEST_LIFE = 300.0
_LONGEST_LIFE = 10 * 365 * 86400.0
_ROLLING = "x_refresh_token_expires_in"
_HARD = "x_refresh_token_hard_expires_in"
_ANSWER_LIMIT = 1_000_000


class InvalidGrantError(Exception):
    """The token endpoint refused the refresh token (or the service account)."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """One POST to a token endpoint."""

    url: str
    form: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class TokenEndpoint(Protocol):
    """How one system is asked for tokens."""

    async def request(self, connection: Connection) -> TokenRequest:
        """The request that renews this connection's tokens.

        Raises:
            ReadError: the endpoint's address cannot be found out.
        """
        ...


class Renewer:
    """Renews connections of both systems."""

    def __init__(
        self,
        keeper: TokenKeeper,
        clock: Clock,
        client: httpx.AsyncClient,
        endpoints: Mapping[System, TokenEndpoint],
    ) -> None:
        self._keeper = keeper
        self._clock = clock
        self._client = client
        self._endpoints = endpoints
        self._running: set[asyncio.Task[Connection]] = set()

    async def load(self, customer_id: int, system: System, purpose: Purpose) -> Connection:
        """The stored connection.

        Raises:
            NotConnectedError: there is none.
            ReconnectError: it is known to be dead.
        """
        found = await self._keeper.load(customer_id, system, purpose)
        if found is None:
            raise NotConnectedError(
                f"{system.label} isn't connected yet. Say “connect {_spoken(system)}” and "
                "I'll give you a private link."
            )
        if found.broken:
            raise ReconnectError(_sentence(found.broken))
        return found

    def usable(self, connection: Connection, rejected: str = "") -> bool:
        """Whether the access token is there, not the rejected one, and good for a while."""
        tokens = connection.tokens
        if not tokens.access_token or tokens.access_token == rejected:
            return False
        return tokens.expires_at is None or tokens.expires_at - EARLY > self._clock.now()

    async def renewed(self, connection: Connection, rejected: str = "") -> Connection:
        """The connection with a usable access token, renewed at most once across processes.

        Raises:
            ReconnectError: the grant is dead; a person has to sign in again.
            ReadError: the token endpoint could not be asked.
        """
        # Shielded: a refresh token that was spent for an answer nobody kept would be lost.
        task = asyncio.ensure_future(self._renew(connection, rejected))
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _finished(self, task: asyncio.Task[Connection]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Marks the error as seen in case the read that waited for it was cancelled.
            task.exception()

    async def _renew(self, connection: Connection, rejected: str) -> Connection:
        async with self._keeper.renewing(connection):
            stored = await self._stored(connection)
            if self.usable(stored, rejected):
                return stored
            try:
                tokens = await self._exchange(stored)
            except InvalidGrantError:
                stored = await self._second_chance(stored, rejected)
                if self.usable(stored, rejected):
                    return stored
                tokens = await self._exchange_again(stored)
            await self._keeper.store(stored, tokens)
            return replace(stored, tokens=tokens, broken="")

    async def _stored(self, connection: Connection) -> Connection:
        return await self.load(connection.customer_id, connection.system, connection.purpose)

    async def _second_chance(self, used: Connection, rejected: str) -> Connection:
        """The stored connection, if it changed since ``used`` was read; else the end of it."""
        stored = await self._stored(used)
        changed = stored.tokens.refresh_token != used.tokens.refresh_token
        if not changed and not self.usable(stored, rejected):
            await self._give_up(stored)
        return stored

    async def _exchange_again(self, stored: Connection) -> Tokens:
        try:
            return await self._exchange(stored)
        except InvalidGrantError:
            await self._give_up(stored)
            raise

    async def _give_up(self, connection: Connection) -> None:
        label = connection.system.label
        if connection.grant is Grant.CLIENT_CREDENTIALS:
            raise OwnFaultError(
                f"{label} doesn't accept the service account of this app. "
                "An operator has to look at its client id and secret."
            ) from None
        reason = (
            f"{label} ended our sign-in: it no longer accepts the key that renews it. "
            f"Somebody has to connect {label} again."
        )
        await self._keeper.mark_broken(connection, reason)
        raise ReconnectError(reason) from None

    async def _exchange(self, connection: Connection) -> Tokens:
        request = await self._endpoints[connection.system].request(connection)
        label = connection.system.label
        return await exchange(self._client, self._clock, request, connection.tokens, label)


async def exchange(
    client: httpx.AsyncClient, clock: Clock, request: TokenRequest, old: Tokens, label: str
) -> Tokens:
    """Ask a token endpoint, once; what its answer leaves out stays as in ``old``.

    Raises:
        InvalidGrantError: the code, refresh token or service account is refused.
        ReadError: there was no usable answer.
    """
    # Asked before the call, so that the token is never believed to live longer than it does.
    asked_at = clock.now()
    async with plain_errors(label, again=False):
        response = await client.post(
            request.url,
            data=dict(request.form),
            headers={"Accept": "application/json", **request.headers},
        )
    answer = _json_of(response)
    if not response.is_success:
        note_refusal(label, response)
        raise _refused(response, answer, label, clock.now())
    return read_tokens(answer, old, asked_at, label)


def _refused(response: httpx.Response, answer: object, label: str, now: datetime) -> Exception:
    status, code = response.status_code, text(as_row(answer), "error")
    if code == "invalid_grant":
        return InvalidGrantError()
    if status == httpx.codes.TOO_MANY_REQUESTS:
        seconds = retry_after(response.headers, now) or 60.0
        return RateLimitedError(
            f"{label} says we ask for sign-ins too often.",
            retry_at=now + timedelta(seconds=seconds),
        )
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ServerFaultError(f"{label}'s sign-in service reports a fault ({status}).")
    if code in ("invalid_client", "unauthorized_client") or status in (401, 403):
        return OwnFaultError(
            f"{label} doesn't accept this app's own client id and secret. "
            "An operator has to check them."
        )
    said = said_by(answer)
    return BadAnswerError(f"{label}'s sign-in service refused ({status}){said.quoted}.")


def _json_of(response: httpx.Response) -> object:
    if len(response.content) > _ANSWER_LIMIT:
        return None
    try:
        return response.json()
    except ValueError:
        return None


def read_tokens(answer: object, old: Tokens, asked_at: datetime, label: str) -> Tokens:
    """The tokens of a token endpoint's answer.

    ``expires_in`` counts from ``asked_at`` by our own clock: ``created_at`` is the server's, and
    clocks differ. A refresh token that the answer leaves out stays the old one.

    Raises:
        BadAnswerError: the answer holds no access token.
    """
    row: Row = as_row(answer)
    access = text(row, "access_token")
    if not access:
        raise BadAnswerError(f"{label}'s sign-in service answered without a token.")
    # An answer is spent once it is given: no number in it may keep the pair from being stored.
    life, rolling, hard = (
        min(number(row, name), _LONGEST_LIFE) for name in ("expires_in", _ROLLING, _HARD)
    )
    hard_end = asked_at + timedelta(seconds=hard) if hard > 0 else old.hard_expires_at
    refresh_end = asked_at + timedelta(seconds=rolling) if rolling > 0 else old.refresh_expires_at
    return Tokens(
        access_token=access,
        refresh_token=text(row, "refresh_token") or old.refresh_token,
        expires_at=asked_at + timedelta(seconds=life if life > 0 else _SHORTEST_LIFE),
        refresh_expires_at=refresh_end,
        hard_expires_at=hard_end,
    )


class Session:
    """The authority over one connection for the length of one read."""

    def __init__(self, renewer: Renewer, connection: Connection) -> None:
        self._renewer = renewer
        self._lock = asyncio.Lock()
        self._failure: ReadError | None = None
        self.connection = connection

    async def token(self) -> str:
        """An access token that is good for two minutes at least."""
        if not self._renewer.usable(self.connection):
            async with self._lock:
                if not self._renewer.usable(self.connection):
                    await self._replace()
        return self.connection.tokens.access_token

    async def renew(self, rejected: str) -> None:
        """Replace an access token that the server refused, unless that has happened already."""
        async with self._lock:
            if self.connection.tokens.access_token == rejected:
                await self._replace(rejected)

    async def _replace(self, rejected: str = "") -> None:
        """Renew; a failure stands for the rest of the read, however many requests wait for it."""
        if self._failure is not None:
            raise self._failure
        try:
            self.connection = await self._renewer.renewed(self.connection, rejected)
        except ReadError as error:
            self._failure = error
            raise


def _spoken(system: System) -> str:
    return "procore" if system is System.PROCORE else "quickbooks"


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
