"""One call to the REST API: who asks, about which company, within which limits."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.sandbox.faults import Fault, FaultKind
from integrations.sandbox.procore.errors import (
    MISSING_HEADER,
    NOT_CONNECTED,
    TOO_MANY,
    ApiError,
    forbidden,
    invalid_token,
    not_found,
)
from integrations.sandbox.procore.store import ProcoreStore
from integrations.sandbox.tokens import Grant, RateWindow, TokenState
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.model_procore import ProcoreRateLimit, ProcoreUser

HEADER = "procore-company-id"


@dataclass
class Caller:
    """A request whose token is good."""

    request: Request
    live: LiveWorld
    grant: Grant
    fault: Fault | None
    headers: dict[str, str] = field(default_factory=dict)

    def stores(self) -> list[tuple[ProcoreStore, ProcoreUser]]:
        """The companies that the caller is in, with the caller's own record there."""
        found = []
        for company_id in self.live.procore_ids:
            store = self.live.procore(company_id)
            user = store and self.user_in(store)
            if store and user:
                found.append((store, user))
        return found

    def user_in(self, store: ProcoreStore) -> ProcoreUser | None:
        """The caller's active record in a company."""
        if self.grant.subject:
            user = store.user_of(self.grant.subject)
        else:
            user = store.service_user(self.grant.client)
        return user if user is not None and user.active else None

    def note(self, **fields: object) -> None:
        """Add to what the log will say of this request."""
        self.request.state.note = {**getattr(self.request.state, "note", {}), **fields}


@dataclass
class Call(Caller):
    """A request about one company that the caller is in."""

    store: ProcoreStore = field(kw_only=True)
    user: ProcoreUser = field(kw_only=True)

    def number(self, name: str) -> int:
        """A number in the path.

        Raises:
            ApiError: 404 where it is none.
        """
        text = self.request.path_params[name]
        if not text.isdecimal():
            raise not_found()
        return int(text)

    def param(self, name: str) -> str | None:
        """A query parameter."""
        return self.request.query_params.get(name)

    def filters(self, name: str) -> list[str]:
        """The values of ``filters[name]`` or ``filters[name][]``."""
        query = self.request.query_params
        return query.getlist(f"filters[{name}]") + query.getlist(f"filters[{name}][]")

    def need(self, tool: str, level: int) -> None:
        """Refuse a caller with less than ``level`` on a company tool.

        Raises:
            ApiError: 403.
        """
        if self.store.level(self.user, tool) < level:
            raise forbidden()


Handler = Callable[[Call], Response]
FreeHandler = Callable[[Caller], Response]


class Gate:
    """Checks every call before its handler sees it, and puts the limits' headers on answers."""

    def __init__(self, live: LiveWorld) -> None:
        self._live = live
        self._hour = RateWindow(live.clock, 3600)
        self._spikes: dict[int, RateWindow] = {}

    def free(self, handler: FreeHandler) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that is about no single company (``/me``, ``/companies``)."""

        async def endpoint(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                caller = self._caller(request, headers)
                self._limit(caller, "", ProcoreRateLimit())
                response = handler(caller)
            except ApiError as error:
                response = error.response()
            response.headers.update(headers)
            return response

        return endpoint

    def company(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint about one company, which the header has to name."""

        async def endpoint(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                caller = self._caller(request, headers)
                response = handler(self._call(caller))
            except ApiError as error:
                response = error.response()
            response.headers.update(headers)
            return response

        return endpoint

    def _caller(self, request: Request, headers: dict[str, str]) -> Caller:
        fault: Fault | None = getattr(request.state, "fault", None)
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        state, token = self._live.procore_tokens.look_up(value.strip())
        broken = fault is not None and fault.kind in {
            FaultKind.EXPIRED_TOKEN,
            FaultKind.REVOKED_TOKEN,
        }
        if broken and token is not None:
            token.revoked = True
        if scheme.lower() != "bearer" or token is None or broken or state is not TokenState.GOOD:
            raise invalid_token()
        caller = Caller(request, self._live, token.grant, fault, headers)
        caller.note(caller=token.grant.subject or token.grant.client)
        return caller

    def _call(self, caller: Caller) -> Call:
        store, user = self._enter(caller)
        caller.note(company=store.id)
        settings = store.company.settings
        self._limit(caller, str(store.id), settings.rate_limit)
        if not settings.app_connected:
            raise forbidden(NOT_CONNECTED)
        return Call(
            caller.request,
            caller.live,
            caller.grant,
            caller.fault,
            caller.headers,
            store=store,
            user=user,
        )

    def _enter(self, caller: Caller) -> tuple[ProcoreStore, ProcoreUser]:
        request = caller.request
        header = request.headers.get(HEADER, "").strip()
        if not header.isdecimal():
            raise ApiError(400, MISSING_HEADER)
        named = request.path_params.get("company_id") or request.query_params.get("company_id")
        if named is not None and named != header:
            raise forbidden("The Procore-Company-Id header names another company than the request.")
        store = self._live.procore(int(header))
        if store is None:
            raise not_found()
        user = caller.user_in(store)
        if user is None:
            raise forbidden(NOT_CONNECTED) if not caller.grant.subject else not_found()
        return store, user

    def _limit(self, caller: Caller, company: str, limit: ProcoreRateLimit) -> None:
        key = f"{caller.grant.client} {company}"
        spike = self._spikes.setdefault(
            limit.spike_seconds, RateWindow(self._live.clock, limit.spike_seconds)
        )
        in_hour, hour_left, hour_reset = self._hour.add(key, limit.hourly)
        in_spike, spike_left, spike_reset = spike.add(key, limit.spike)
        nearer = spike_left < hour_left
        skew = caller.fault.seconds if _skewed(caller.fault) and caller.fault else 0
        caller.headers.update(
            {
                "X-Rate-Limit-Limit": str(limit.spike if nearer else limit.hourly),
                "X-Rate-Limit-Remaining": str(spike_left if nearer else hour_left),
                "X-Rate-Limit-Reset": str(int((spike_reset if nearer else hour_reset) + skew)),
            }
        )
        if not (in_hour and in_spike):
            raise ApiError(429, TOO_MANY)


def _skewed(fault: Fault | None) -> bool:
    return fault is not None and fault.kind is FaultKind.CLOCK_SKEW


def whole(caller: Caller, body: object) -> Response:
    """An answer that does not page."""
    rows = len(body) if isinstance(body, list) else 1
    caller.note(rows=rows)
    return JSONResponse(body)
