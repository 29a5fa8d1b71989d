"""Why a read failed, in words a bookkeeper understands, and what a server's error body said.

The tree; each class names the :class:`~bot.domain.model.Cause` that people are shown::

    ReadError
    ├── NotConnectedError     nobody has connected the system yet
    ├── ReconnectError        the sign-in is dead; a person has to sign in again
    ├── NoPermissionError     the login may not see it (403, 404, app not connected)
    ├── RateLimitedError      the request allowance is used up; ``retry_at`` says until when
    ├── UnreachableError      no answer: connect or read time-out, connection cut
    ├── ServerFaultError      the system answered 5xx
    ├── BadAnswerError        an answer that makes no sense (HTML, cut JSON, unknown shape)
    └── IncompleteError       the pages do not add up

``TokenRefusedError`` is internal: it makes the transport renew the access token once.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.domain.model import Cause, Facet, Failed

_LONGEST_QUOTE = 200
_LONGEST_ERROR_BODY = 20_000
_TOKEN_LIKE = re.compile(r"[A-Za-z0-9_\-.+/=~]{20,}")
_AFTER_KEYWORD = re.compile(
    r"(?i)\b(bearer|basic|token expired:|refresh_token=|access_token=|client_secret=)\s*\S+"
)
_GATEWAY = re.compile(r"message=(\w+); errorCode=0*(\d+)(?:; statusCode=\d+)?")
"""How Intuit's gateway words a refusal; people are told its name and its code."""
_XML_ERROR = re.compile(r"<Error\b[^>]*?\bcode=\"(\d+)\"", re.IGNORECASE)
_XML_WORDS = re.compile(r"<(?:Message|Detail)>([^<]*)</", re.IGNORECASE)
_TITLE = re.compile(r"<title>([^<]*)</title>", re.IGNORECASE)


class ReadError(Exception):
    """A read failed for a reason that a person can be told.

    ``detail`` is a clause that ends with a full stop; it holds no secret. ``retry_at`` is when
    another attempt makes sense, where that is known. ``again`` says that the same GET may be
    repeated at once.
    """

    cause: ClassVar[Cause] = Cause.SERVER_ERROR
    stands_alone: ClassVar[bool] = False

    def __init__(
        self, detail: str, *, retry_at: datetime | None = None, again: bool = False
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_at = retry_at
        self.again = again

    def failed(self, facet: Facet[object], at: datetime) -> Failed:
        """This error as the reading of ``facet``."""
        if self.stands_alone:
            return Failed(self.detail, self.cause, at, self.retry_at)
        what = facet.label[0].lower() + facet.label[1:]
        reason = f"I couldn't read {what} just now: {self.detail}"
        return Failed(reason, self.cause, at, self.retry_at)


class NotConnectedError(ReadError):
    """Nobody has connected the system."""

    cause = Cause.NOT_CONNECTED
    stands_alone = True


class ReconnectError(ReadError):
    """The sign-in no longer works."""

    cause = Cause.RECONNECT
    stands_alone = True


class NoPermissionError(ReadError):
    """The login may not see it. A 404 counts too: Procore hides what a login may not see."""

    cause = Cause.NO_PERMISSION


class RateLimitedError(ReadError):
    """The system's request allowance is used up."""

    cause = Cause.RATE_LIMITED


class UnreachableError(ReadError):
    """No usable connection to the system."""

    cause = Cause.UNREACHABLE


class ServerFaultError(ReadError):
    """The system reported an error of its own."""

    cause = Cause.SERVER_ERROR


class OwnFaultError(ReadError):
    """This app's own set-up is refused: an outage, because nobody at the customer can mend it."""

    cause = Cause.SERVER_ERROR


class BadAnswerError(ReadError):
    """The answer could not be understood."""

    cause = Cause.BAD_ANSWER


class IncompleteError(ReadError):
    """What arrived is not all of it."""

    cause = Cause.INCOMPLETE


class TokenRefusedError(Exception):
    """The access token was not accepted; ``detail`` is what the server said, redacted."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """``text`` without secrets: the given ones, and everything that looks like a token.

    QuickBooks' 401 echoes the access token in its detail, so nothing a server says is shown
    before it went through here.
    """
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[hidden]")
    text = _AFTER_KEYWORD.sub(lambda found: f"{found.group(1)} [hidden]", text)
    return _TOKEN_LIKE.sub(_hide_token, text)


def _hide_token(found: re.Match[str]) -> str:
    word = found.group(0)
    plain = word.isalpha() or "errorCode=" in word
    return word if plain else "[hidden]"


@dataclass(frozen=True, slots=True)
class Said:
    """What an error body said: its words (redacted, at most 200 characters) and its codes."""

    words: str = ""
    codes: frozenset[str] = frozenset()

    @property
    def quoted(self) -> str:
        """`` ("…")`` to be put behind a statement, or nothing."""
        return f' ("{self.words}")' if self.words else ""


def parse_error(body: bytes, secrets: Iterable[str] = ()) -> Said:
    """Read an error body in any shape that Procore and Intuit are known to send.

    JSON in both cases of Intuit's ``Fault``, Procore's ``errors`` (list, object, list of
    objects), ``error`` (text or object) and ``message``, Intuit's XML, HTML and bare text.
    """
    text = body[:_LONGEST_ERROR_BODY].decode("utf-8", "replace").strip()
    try:
        found = json.loads(text) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        found = None
    if found is not None:
        return said_by(found, secrets)
    codes = frozenset(_XML_ERROR.findall(text))
    if codes:
        return _said(_XML_WORDS.findall(text), codes, secrets)
    title = _TITLE.search(text)
    if title:
        return _said([title.group(1)], codes, secrets)
    return _said([re.sub(r"<[^>]*>", " ", text)], codes, secrets)


def said_by(found: object, secrets: Iterable[str] = ()) -> Said:
    """What a decoded JSON error body said."""
    codes: set[str] = set()
    words = list(_collect(found, codes))
    return _said(words, frozenset(codes), secrets)


_WORDED = ("fault", "error", "errors", "error_description", "message", "detail", "details")


def _collect(node: object, codes: set[str], depth: int = 0) -> Iterator[str]:
    """The texts of an error body, outermost first; ``codes`` is added to on the way."""
    if depth > 6:
        return
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from _collect(one, codes, depth + 1)
    elif isinstance(node, dict):
        lowered = {str(key).lower(): value for key, value in node.items()}
        if isinstance(lowered.get("code"), str | int):
            codes.add(str(lowered["code"]).lstrip("0"))
        known = [lowered[key] for key in _WORDED if lowered.get(key)]
        for value in known:
            yield from _collect(value, codes, depth + 1)
        if depth and not known:
            yield from _field_errors(node)


def _field_errors(node: dict[object, object]) -> Iterator[str]:
    """``{"name": ["can't be blank"]}`` as "name can't be blank"."""
    for key, value in node.items():
        if isinstance(value, list):
            yield from (f"{key} {one}" for one in value if isinstance(one, str))


def _said(words: Iterable[str], codes: frozenset[str], secrets: Iterable[str]) -> Said:
    cleaned = [_GATEWAY.sub(r"\1, code \2", " ".join(word.split())) for word in words]
    text = redact("; ".join(dict.fromkeys(word for word in cleaned if word)), secrets)
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 1] + "…"
    return Said(text, codes)
