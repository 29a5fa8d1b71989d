"""What can go wrong with one endpoint, and the causes that a person may then be told.

``None`` in a fault's causes means that the reading may succeed; it must then be the truth.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bot.domain.model import Cause
from tests.integrations.systems import FakeSystems, Fault, fault_json

Answer = Callable[[], httpx.Response]
Make = Callable[[FakeSystems, httpx.Request, Answer], httpx.Response]

HTML = "<!doctype html><html><head><title>Down for maintenance</title></head><body>…</body></html>"
THROTTLED_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><IntuitResponse><Fault type="SERVICE">'
    '<Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429'
    "</Message><Detail>The request limit was reached.</Detail></Error></Fault></IntuitResponse>"
)


@dataclass(frozen=True)
class FaultKind:
    """``make`` answers a matching request; ``times`` None means for as long as it lasts."""

    name: str
    make: Make
    causes: frozenset[Cause | None]
    times: int | None = None
    first: int = 1
    skew: timedelta = timedelta()

    @contextmanager
    def on(self, systems: FakeSystems, pattern: str) -> Iterator[Fault]:
        """The fault in force at the endpoints that match ``pattern``."""
        tokens, refreshers = set(systems.tokens), set(systems.refresh_tokens)
        systems.skew = self.skew
        fault = Fault(
            pattern,
            lambda request, answer: self.make(systems, request, answer),
            self.times,
            self.first,
        )
        systems.faults.append(fault)
        try:
            yield fault
        finally:
            systems.faults.clear()
            systems.skew = timedelta()
            systems.tokens |= tokens
            systems.refresh_tokens |= refreshers


def status(code: int, text: str = "", **headers: str) -> Make:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda *_: httpx.Response(code, text=text, headers=named)


def reset_after(seconds: float) -> Make:
    def make(systems: FakeSystems, *_: object) -> httpx.Response:
        reset = (systems.clock.now() + systems.skew).timestamp() + seconds
        headers = {
            "Date": systems.date(),
            "X-Rate-Limit-Limit": "3600",
            "X-Rate-Limit-Remaining": "0",
            "X-Rate-Limit-Reset": str(int(reset)),
        }
        return httpx.Response(429, text="You have surpassed the max number.", headers=headers)

    return make


def raising(kind: type[httpx.TransportError]) -> Make:
    def make(_: FakeSystems, request: httpx.Request, __: Answer) -> httpx.Response:
        raise kind(f"broken while sending {request.headers['Authorization']}", request=request)

    return make


def cut(_: FakeSystems, __: httpx.Request, answer: Answer) -> httpx.Response:
    whole = answer()
    kept = whole.content[: max(1, len(whole.content) // 2)]
    return httpx.Response(whole.status_code, content=kept)


def paging(name: str, value: int | bool) -> Make:
    def make(systems: FakeSystems, _: httpx.Request, answer: Answer) -> httpx.Response:
        setattr(systems, name, value)
        try:
            return answer()
        finally:
            setattr(systems, name, type(value)() if isinstance(value, bool) else None)

    return make


def expired(systems: FakeSystems, request: httpx.Request, answer: Answer) -> httpx.Response:
    """Every token that was issued before is refused from now on; renewing works."""
    token = request.headers["Authorization"].removeprefix("Bearer ")
    if token.endswith("token-0"):
        systems.tokens.discard(token)
    return answer()


def revoked(systems: FakeSystems, request: httpx.Request, answer: Answer) -> httpx.Response:
    """The access token and what would renew it are refused."""
    systems.tokens.clear()
    systems.refresh_tokens.clear()
    return answer()


def wrong_company(systems: FakeSystems, request: httpx.Request, _: Answer) -> httpx.Response:
    if request.url.host == "procore.test":
        return httpx.Response(403, json={"errors": ["App is not connected to this company."]})
    return fault_json(403, "3100")


def _kind(
    name: str,
    make: Make,
    *causes: Cause | None,
    times: int | None = None,
    first: int = 1,
    skew: timedelta = timedelta(),
) -> FaultKind:
    return FaultKind(name, make, frozenset(causes), times, first, skew)


LIMITED, DOWN, AWAY = Cause.RATE_LIMITED, Cause.SERVER_ERROR, Cause.UNREACHABLE
BAD, PART, DENIED = Cause.BAD_ANSWER, Cause.INCOMPLETE, Cause.NO_PERMISSION
SIGN_IN = Cause.RECONNECT
FIVE = timedelta(minutes=5)

_ALIKE: tuple[tuple[FaultKind, ...], ...] = (
    (
        _kind("429 with reset", reset_after(1800), LIMITED),
        _kind("429 with reset, their clock ahead", reset_after(1800), LIMITED, skew=FIVE),
        _kind("429 with reset, their clock behind", reset_after(1800), LIMITED, skew=-FIVE),
        _kind("429 with Retry-After", status(429, Retry_After="120"), LIMITED),
        _kind("429 without a word", status(429), LIMITED),
        _kind("429 as XML", status(429, THROTTLED_XML, Content_Type="application/xml"), LIMITED),
    ),
    (
        _kind("500", status(500), DOWN),
        _kind("502 as a web page", status(502, HTML), DOWN),
        _kind("503 with Retry-After", status(503, Retry_After="900"), DOWN),
    ),
    (
        _kind("500 once", status(500), None, times=1),
        _kind("503 for a moment", status(503, Retry_After="3"), None, times=1),
        _kind("reset once", raising(httpx.RemoteProtocolError), None, times=1),
        _kind("half a JSON once", cut, None, times=1),
    ),
    (
        _kind("connect time-out", raising(httpx.ConnectTimeout), AWAY),
        _kind("read time-out", raising(httpx.ReadTimeout), AWAY),
        _kind("refused connection", raising(httpx.ConnectError), AWAY),
        _kind("reset in the body", raising(httpx.ReadError), AWAY),
    ),
    (
        _kind("half a JSON", cut, BAD),
        _kind("a web page as 200", status(200, HTML, Content_Type="text/html"), BAD),
        _kind("XML as 200", status(200, "<IntuitResponse/>", Content_Type="text/xml"), BAD),
    ),
    (
        _kind("their clock ahead", lambda _, __, answer: answer(), None, skew=FIVE),
        _kind("their clock behind", lambda _, __, answer: answer(), None, skew=-FIVE),
    ),
)
"""Those of one row become the same error (or none) in the transport, before any reader sees it."""

_APART: tuple[FaultKind, ...] = (
    _kind("429 for a moment", reset_after(4), LIMITED, None, times=1),
    _kind("null", status(200, "null"), BAD),
    _kind("fault on 200", lambda *_: httpx.Response(200, json=fault_json(200, "4001").json()), BAD),
    _kind("401 expired", expired, None),
    _kind("401 revoked", revoked, SIGN_IN, None),
    _kind("401 whatever we send", status(401, '{"error":"Invalid Token"}'), SIGN_IN, None),
    _kind("403", status(403), DENIED, None),
    _kind("404", status(404, '{"message":"","exception":""}'), DENIED, None),
    _kind("another company's header", wrong_company, DENIED, None),
    _kind("400", status(400, "Missing Procore-Company-Id header!"), BAD),
    _kind("empty page", paging("empty_page", True), PART, None),
    _kind("empty page later", paging("empty_page", True), PART, None, first=2),
    _kind("repeated page", paging("repeat_page", True), PART, None),
    _kind("page cap lowered", paging("page_cap", 5), PART, None),
    _kind("page cap lowered oddly", paging("page_cap", 7), PART, None),
)

KINDS: tuple[tuple[FaultKind, ...], ...] = (*_ALIKE, *((one,) for one in _APART))
"""Of those that are alike an endpoint meets one, the next endpoint the next one."""
