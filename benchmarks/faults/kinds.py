"""What goes wrong with an endpoint, and the causes that a person may then be told.

A fault is applied to a request on its way to the stand-in. What needs a system's own words (its
error bodies, its paging) is done by the stand-in; what breaks the wire is raised here as the HTTP
client raises it, because there is no wire between them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx

from benchmarks.faults.rig import Wire
from bot.domain.model import Cause
from integrations.sandbox.faults import Fault
from integrations.sandbox.faults import FaultKind as Shape

Make = Callable[[Wire, httpx.Request], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Kind:
    """``modes`` says when it strikes: ``always``, ``once``, or ``later`` (from the second call).

    ``loses`` says that the server did what it was asked, and only its answer went astray.
    """

    name: str
    make: Make
    causes: frozenset[Cause]
    modes: tuple[str, ...] = ("always", "once")
    skew: timedelta = timedelta()
    loses: bool = False


def _told(shape: Shape, **more: object) -> Make:
    """The stand-in answers this request with a fault."""

    async def make(wire: Wire, request: httpx.Request) -> httpx.Response:
        return await wire.told(request, Fault.model_validate({"kind": shape, **more}))

    return make


def _reset_after(seconds: float) -> Make:
    async def make(wire: Wire, request: httpx.Request) -> httpx.Response:
        headers = {
            "X-Rate-Limit-Limit": "3600",
            "X-Rate-Limit-Remaining": "0",
            "X-Rate-Limit-Reset": str(int(wire.live.clock.timestamp() + seconds)),
        }
        fault = Fault(kind=Shape.STATUS, status=429, headers=headers)
        return await wire.told(request, fault)

    return make


def _raising(kind: type[httpx.TransportError]) -> Make:
    async def make(_: Wire, request: httpx.Request) -> httpx.Response:
        raise kind(f"broken while sending {request.headers}", request=request)

    return make


async def _cut(wire: Wire, request: httpx.Request) -> httpx.Response:
    """Half of the right answer, whole by its headers."""
    whole = await wire.plain(request)
    content = await whole.aread()
    return httpx.Response(whole.status_code, content=content[: max(1, len(content) // 2)])


async def _lost(wire: Wire, request: httpx.Request) -> httpx.Response:
    """The server acts, and its answer never arrives."""
    await wire.plain(request)
    raise httpx.ReadTimeout("no answer", request=request)


async def _expired(wire: Wire, request: httpx.Request) -> httpx.Response:
    """The access token has run out; what renews it is good."""
    wire.expire(request)
    return await wire.plain(request)


async def _revoked(wire: Wire, request: httpx.Request) -> httpx.Response:
    """The grant was taken back: neither the access token nor its refresh token is good."""
    wire.revoke(request)
    return await wire.plain(request)


async def _elsewhere(wire: Wire, request: httpx.Request) -> httpx.Response:
    """The request names another company than the one that the token is for."""
    return await wire.plain(wire.misdirected(request))


async def _nothing(wire: Wire, request: httpx.Request) -> httpx.Response:
    return await wire.plain(request)


_LIMITED, _DOWN, _AWAY = Cause.RATE_LIMITED, Cause.SERVER_ERROR, Cause.UNREACHABLE
_BAD, _PART, _DENIED = Cause.BAD_ANSWER, Cause.INCOMPLETE, Cause.NO_PERMISSION
_SIGN_IN = Cause.RECONNECT
_AHEAD, _BEHIND = timedelta(minutes=5), timedelta(minutes=-5)
_PAGES = ("always", "once", "later")


def _kind(
    name: str,
    make: Make,
    *causes: Cause,
    modes: tuple[str, ...] = ("always", "once"),
    skew: timedelta = timedelta(),
    loses: bool = False,
) -> Kind:
    return Kind(name, make, frozenset(causes), modes, skew, loses)


def _fault(status: int, code: str) -> Make:
    """Intuit's gateway shape, with the status that it came with."""
    error = {"message": f"message=Refused; errorCode={code:0>6}", "detail": None, "code": code}
    return _told(Shape.BODY, status=status, body={"fault": {"error": [error], "type": "SERVICE"}})


def _oauth(status: int, code: str) -> Make:
    """A token endpoint's refusal (RFC 6749, 5.2)."""
    return _told(Shape.BODY, status=status, body={"error": code})


KINDS: tuple[Kind, ...] = (
    _kind("429 with reset header", _reset_after(1800), _LIMITED),
    _kind("429 with reset header, our clock behind", _reset_after(1800), _LIMITED, skew=_BEHIND),
    _kind("429 with reset header, our clock ahead", _reset_after(1800), _LIMITED, skew=_AHEAD),
    _kind(
        "429 with Retry-After",
        _told(Shape.STATUS, status=429, headers={"Retry-After": "120"}),
        _LIMITED,
    ),
    _kind("429 as XML", _told(Shape.XML, status=429), _LIMITED),
    _kind("500", _told(Shape.STATUS, status=500), _DOWN),
    _kind("502", _told(Shape.STATUS, status=502), _DOWN),
    _kind("503", _told(Shape.STATUS, status=503, headers={"Retry-After": "900"}), _DOWN),
    _kind("connect time-out", _raising(httpx.ConnectTimeout), _AWAY),
    _kind("read time-out", _raising(httpx.ReadTimeout), _AWAY),
    _kind("reset mid-body", _raising(httpx.ReadError), _AWAY),
    _kind("truncated JSON", _cut, _BAD),
    _kind("HTML 200", _told(Shape.HTML200), _BAD),
    _kind("XML body", _told(Shape.BODY, status=200, body="<?xml version='1.0'?><a/>"), _BAD),
    _kind("fault on 200", _fault(200, "4001"), _BAD),
    _kind("401 expired", _expired, _SIGN_IN),
    _kind("401 revoked", _revoked, _SIGN_IN),
    _kind("401 access lost", _fault(401, "120"), _SIGN_IN, modes=("always",)),
    _kind(
        "401 as GraphQL says it",
        _told(Shape.BODY, status=401, body={"errors": [{"message": "Unauthorized"}]}),
        _SIGN_IN,
        modes=("always",),
    ),
    _kind("403", _told(Shape.STATUS, status=403), _DENIED),
    _kind("403 for a throttle", _fault(403, "3001"), _LIMITED, _DENIED, modes=("always",)),
    _kind("404", _told(Shape.STATUS, status=404), _DENIED, _BAD),
    _kind("wrong company header", _elsewhere, _DENIED),
    _kind("empty page", _told(Shape.EMPTY_PAGE), _PART, modes=_PAGES),
    _kind("repeated page", _told(Shape.REPEAT_PAGE), _PART, modes=_PAGES),
    _kind("page cap lowered", _told(Shape.PAGE_CAP, rows=5), _PART, modes=_PAGES),
    _kind("page cap lowered oddly", _told(Shape.PAGE_CAP, rows=37), _PART, modes=_PAGES),
    _kind("clock 5 minutes behind", _nothing, skew=_BEHIND, modes=("always",)),
    _kind("clock 5 minutes ahead", _nothing, skew=_AHEAD, modes=("always",)),
)

TOKEN_KINDS: tuple[Kind, ...] = (
    _kind("token 429", _told(Shape.STATUS, status=429, headers={"Retry-After": "120"}), _LIMITED),
    _kind("token 500", _told(Shape.STATUS, status=500), _DOWN),
    _kind("token 503", _told(Shape.STATUS, status=503, headers={"Retry-After": "900"}), _DOWN),
    _kind("token connect time-out", _raising(httpx.ConnectTimeout), _AWAY),
    _kind("token read time-out", _raising(httpx.ReadTimeout), _AWAY),
    _kind("token answer lost", _lost, _AWAY, loses=True),
    _kind("token reset mid-body", _raising(httpx.ReadError), _AWAY),
    _kind("token truncated JSON", _cut, _BAD, loses=True),
    _kind("token HTML 200", _told(Shape.HTML200), _BAD),
    _kind("token XML body", _told(Shape.BODY, status=200, body="<?xml version='1.0'?><a/>"), _BAD),
    _kind("token empty object", _told(Shape.BODY, status=200, body={}), _BAD),
    _kind("invalid_grant", _oauth(400, "invalid_grant"), _SIGN_IN, _DOWN),
    _kind("invalid_client", _oauth(401, "invalid_client"), _DOWN),
)
"""What goes wrong when a sign-in is renewed.

That this app itself is refused (``invalid_client``, or any refusal of its service account) is no
lack of rights that a customer could mend.
"""
