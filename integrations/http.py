"""The one transport for both systems: time-outs, turns, retries, renewed tokens, plain errors.

Only GET is repeated. An answer is judged here and nowhere else: what comes back from
:meth:`Transport.get` is a success whose JSON was read whole, or a
:class:`~integrations.errors.ReadError` in words for people.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol, TypeVar, cast

import httpx

from bot.domain.matching.collector import collector_paused
from bot.services.way import give_way
from integrations.abreast import more, unpacking
from integrations.decode import as_row, loads
from integrations.errors import (
    BadAnswerError,
    NoPermissionError,
    RateLimitedError,
    ReadError,
    ReconnectError,
    Said,
    ServerFaultError,
    TokenRefusedError,
    UnreachableError,
    parse_error,
    redact,
)
from integrations.limits import Budget, Heard, Limits, Timing, Turns

log = logging.getLogger(__name__)

S = TypeVar("S")
T = TypeVar("T")

ATTEMPTS = 3
"""How often one GET is sent at most, not counting the repeat with a renewed token."""

LONGEST_TRY = 45.0
"""Seconds after which a failed GET is not repeated any more."""

_BACKOFF = 0.5
_ANSWER_IDS = ("intuit_tid", "X-Request-Id")
"""Intuit asks for the first in its review of apps; the second is usual elsewhere."""
_SERVER_ERRORS = frozenset({500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Reply:
    """What a dialect judges: status, headers, what an error body said, and our own time."""

    status: int
    headers: Mapping[str, str]
    said: Said
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: its headers and its decoded JSON."""

    headers: Mapping[str, str]
    body: object


Unpack = Callable[[Answer], Awaitable[T]]
"""Makes something of an answer; a ``ReadError`` with ``again`` has the GET repeated."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, without the token; ``later``: no other request waits for its answer."""

    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    later: bool = False
    method: str = "GET"
    body: object = None


class Dialect(Protocol):
    """What differs between the systems: limits, and what their refusals mean."""

    @property
    def label(self) -> str:
        """The system's name as people know it."""
        ...

    @property
    def limits(self) -> Limits:
        """What we allow ourselves before any header has been seen."""
        ...

    @property
    def fault_keys(self) -> frozenset[str]:
        """Keys that mark an error in the body of a 200."""
        ...

    def heard(self, reply: Reply) -> Heard:
        """What an answer means for the next requests."""
        ...

    def refusal(self, reply: Reply) -> Exception | None:
        """The error that this system's own words or codes name, or None to go by the status."""
        ...


class Authority(Protocol):
    """Gives the access token of one connection, and renews it."""

    async def token(self) -> str:
        """An access token that is good for a while."""
        ...

    async def renew(self, rejected: str) -> None:
        """Replace a token that was refused."""
        ...


class Transport:
    """Sends requests for one connection.

    ``unpacking`` is held while a page is decoded and turned into records, over all connections:
    pages that are unpacked side by side finish no earlier, take more memory, and together hold up
    the event loop although each gives way often.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        dialect: Dialect,
        budget: Budget,
        authority: Authority,
        timing: Timing,
        unpacking: Turns,
    ) -> None:
        self._client = client
        # httpx would put the client's address, parameters, cookies and headers together with each
        # request's anew, of which ours has only headers: half of what making a request costs.
        self._headers = {**client.headers, "accept": "application/json"}
        self._extensions = {"timeout": client.timeout.as_dict()}
        self._dialect = dialect
        self._budget = budget
        self._authority = authority
        self._timing = timing
        self._rng = timing.rng()
        self._unpacking = unpacking

    async def get(
        self,
        url: str,
        params: Mapping[str, str],
        unpack: Unpack[T],
        headers: Mapping[str, str] | None = None,
        *,
        later: bool = False,
    ) -> T:
        """What ``unpack`` makes of one GET, which is repeated where that is harmless and useful.

        ``later`` lets everything pass that other requests wait for: a list's second page can wait,
        its first one tells how many there are.

        Raises:
            ReadError: there is no good answer; it says why.
        """
        asked = _Question(url, params, headers or {}, later)
        started = self._timing.monotonic()
        attempt = 0
        while True:
            attempt += 1
            try:
                return await self._authorised(asked, unpack)
            except ReadError as error:
                elapsed = self._timing.monotonic() - started
                if not error.again or attempt >= ATTEMPTS or elapsed > LONGEST_TRY:
                    raise
            await self._timing.sleep(self._pause(attempt))

    async def write(
        self,
        method: str,
        url: str,
        params: Mapping[str, str],
        body: object,
        headers: Mapping[str, str],
    ) -> object:
        """The JSON of one POST or DELETE, None where there is none.

        It is sent once, and again only with a renewed token where the first one was refused.

        Raises:
            ReadError: it was refused, or nobody knows whether it arrived.
        """

        async def unpack(answer: Answer) -> object:
            return answer.body

        return await self._authorised(_Question(url, params, headers, False, method, body), unpack)

    def _pause(self, attempt: int) -> float:
        return _BACKOFF * attempt * (0.5 + self._rng.random())

    async def _authorised(self, asked: _Question, unpack: Unpack[T]) -> T:
        """One GET with the present token and, should that be refused, one with a new one."""
        token = await self._authority.token()
        try:
            return await self._send(asked, unpack, token)
        except TokenRefusedError:
            await self._authority.renew(token)
        token = await self._authority.token()
        try:
            return await self._send(asked, unpack, token)
        except TokenRefusedError as error:
            label = self._dialect.label
            detail = f"{label} does not accept our sign-in any more{_quoted(error.detail)}."
            raise ReconnectError(f"{detail} Somebody has to connect {label} again.") from None

    async def _send(self, asked: _Question, unpack: Unpack[T], token: str) -> T:
        if asked.later:
            await more()
        async with self._budget.turn(later=asked.later):
            async with plain_errors(self._dialect.label):
                response = await self._client.send(self._request(asked, token))
            # httpx ties an answer to its stream in a circle, which would keep megabytes of it in
            # memory until the garbage collector comes by.
            response.stream = httpx.ByteStream(b"")
            reply = self._reply(response, token if response.is_error else None)
        with unpacking():
            async with self._unpacking.turn(later=asked.later):
                await give_way()
                with collector_paused():
                    return await unpack(await self._judge(response, reply, token))

    def _request(self, asked: _Question, token: str) -> httpx.Request:
        url = _address(asked.url, tuple(asked.params.items()))
        headers = {
            "Host": url.netloc.decode(),
            **self._headers,
            **asked.headers,
            "authorization": f"Bearer {token}",
        }
        if asked.method != "GET":
            return httpx.Request(
                asked.method, url, headers=headers, json=asked.body, extensions=self._extensions
            )
        # With a stream of its own httpx does not look which headers a body would need.
        nothing = httpx.ByteStream(b"")
        request = httpx.Request(
            "GET", url, headers=headers, stream=nothing, extensions=self._extensions
        )
        request.read()
        return request

    def _reply(self, response: httpx.Response, token: str | None) -> Reply:
        """The answer as the dialect sees it; where ``token`` is given it is an error, and told."""
        said = Said()
        if token is not None:
            said = parse_error(response.content, (token,))
            note_refusal(self._dialect.label, response)
        now = self._timing.clock.now()
        reply = Reply(response.status_code, response.headers, said, now)
        self._budget.heed(self._dialect.heard(reply))
        return reply

    async def _judge(self, response: httpx.Response, reply: Reply, token: str) -> Answer:
        if response.is_success:
            if response.status_code == httpx.codes.NO_CONTENT:
                return Answer(response.headers, None)
            body = await self._decoded(response, token)
            found = self._dialect.fault_keys & as_row(body).keys()
            if not any(as_row(body)[key] for key in found):
                return Answer(response.headers, body)
            reply = self._reply(response, token)
        error = self._dialect.refusal(reply) or refusal_by_status(self._dialect.label, reply)
        raise self._dated(error)

    async def _decoded(self, response: httpx.Response, token: str) -> object:
        try:
            return await loads(response.content)
        except ValueError:
            # JSONDecodeError and UnicodeDecodeError quote the text, so they go no further.
            reply = self._reply(response, token)
        label = self._dialect.label
        detail = f"{label} answered with something that isn't data, such as a web page."
        own = self._dialect.refusal(reply) if reply.said.codes else None
        raise self._dated(own or BadAnswerError(detail, again=True))

    def _dated(self, error: Exception) -> Exception:
        """``error`` with the time at which the budget opens again, where it is closed."""
        if isinstance(error, ReadError) and error.retry_at is None:
            error.retry_at = self._budget.free_at()
        return error


@lru_cache(512)
def _address(url: str, params: tuple[tuple[str, str], ...]) -> httpx.URL:
    """An address with its parameters; what a re-check asks was asked before."""
    return httpx.URL(url, params=dict(params))


def note_refusal(label: str, response: httpx.Response) -> None:
    """Log a refusal with the number by which the system's own support finds it again."""
    names = [name for name in _ANSWER_IDS if name in response.headers]
    number = f"{names[0]} {response.headers[names[0]][:80]}" if names else "no number"
    log.info("%s refused with %d (%s)", label, response.status_code, number)


def refusal_by_status(label: str, reply: Reply) -> Exception:
    """The error for an HTTP status, where the body says nothing more precise."""
    status, said = reply.status, reply.said
    if status == httpx.codes.UNAUTHORIZED:
        return TokenRefusedError(said.words)
    if status == httpx.codes.FORBIDDEN:
        return NoPermissionError(f"{label} doesn't let this login see it{said.quoted}.")
    if status == httpx.codes.NOT_FOUND:
        detail = f"{label} says it isn't there, or hides it from this login{said.quoted}."
        return NoPermissionError(detail)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RateLimitedError(f"{label} says we've used up our requests for now.", again=True)
    if status in _SERVER_ERRORS:
        return ServerFaultError(f"{label} reports a fault of its own ({status}).", again=True)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ServerFaultError(f"{label} reports a fault of its own ({status}).")
    return BadAnswerError(f"{label} didn't accept the question ({status}){said.quoted}.")


def _quoted(words: str) -> str:
    return f' ("{words}")' if words else ""


class plain_errors:  # noqa: N801 - Used as contextlib's own.
    """Turn httpx's errors into sentences, without their texts, which may quote a header.

    Raises:
        UnreachableError: time-out, refused or broken connection, broken HTTP.
    """

    __slots__ = ("_again", "_label")

    def __init__(self, label: str, *, again: bool = True) -> None:
        self._label, self._again = label, again

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is not None and (plain := self._plain(error)) is not None:
            raise plain from None

    def _plain(self, error: BaseException) -> ReadError | None:
        label = self._label
        match error:
            case httpx.ConnectTimeout():
                detail = f"{label} couldn't be reached in time."
            case httpx.TimeoutException():
                detail = f"{label} took too long to answer."
            case httpx.ConnectError():
                detail = f"{label} can't be reached."
            case httpx.TransportError() | httpx.DecodingError():
                detail = f"the connection to {label} broke off in the middle of an answer."
            case httpx.InvalidURL():
                return BadAnswerError(f"the address of {label} isn't valid: {redact(str(error))}.")
            case _:
                return None
        return UnreachableError(detail, again=self._again)


async def together(work: Sequence[Awaitable[T]]) -> list[T]:
    """All results in order; the first error ends the others before it is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def both(first: Awaitable[T], second: Awaitable[S]) -> tuple[T, S]:
    """Two results of different kinds, as :func:`together`."""
    work: list[Awaitable[T | S]] = [first, second]
    found, other = await together(work)
    return cast("T", found), cast("S", other)
