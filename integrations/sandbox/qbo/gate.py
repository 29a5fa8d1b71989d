"""What a call to the Accounting API has to pass: token, company, role, throttles."""

from dataclasses import dataclass

from starlette.requests import Request

from integrations.sandbox.faults import Fault, FaultKind
from integrations.sandbox.qbo.errors import (
    ApiFaultError,
    access_lost,
    not_authorised,
    throttled,
    token_bad,
)
from integrations.sandbox.qbo.store import QboStore
from integrations.sandbox.tokens import RateWindow, TokenState
from integrations.sandbox.world.live import LiveWorld

ACCOUNTING = "com.intuit.quickbooks.accounting"
_PAID_UP = {"PAID", "TRIAL"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request about one company by somebody who may make it."""

    request: Request
    store: QboStore
    fault: Fault | None

    def note(self, **fields: object) -> None:
        """Add to what the log will say of this request."""
        self.request.state.note = {**getattr(self.request.state, "note", {}), **fields}


class Gate:
    """Checks every call before its handler sees it."""

    def __init__(self, live: LiveWorld) -> None:
        self._live = live
        self._minute = RateWindow(live.clock, 60)
        self._second = RateWindow(live.clock, 1)
        self._batches = RateWindow(live.clock, 60)

    def enter(self, request: Request) -> Call:
        """Let a request in.

        Raises:
            GatewayFaultError: 401 for the token or a person who left, 403 for the wrong company,
                scope or role, 429 over the throttles.
            ApiFaultError: The company's subscription has lapsed.
        """
        fault: Fault | None = getattr(request.state, "fault", None)
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        value = value.strip() if scheme.lower() == "bearer" else ""
        state, token = self._live.qbo_tokens.look_up(value)
        if fault is not None and fault.kind in {FaultKind.EXPIRED_TOKEN, FaultKind.REVOKED_TOKEN}:
            if token is not None:
                token.revoked = True
            raise token_bad(value, expired=fault.kind is FaultKind.EXPIRED_TOKEN)
        if token is None or state is not TokenState.GOOD:
            raise token_bad(value, expired=state is not TokenState.REVOKED)
        grant = token.grant
        realm = request.path_params["realm"]
        request.state.note = {"caller": grant.subject, "company": realm}
        store = self._live.qbo(realm)
        if store is None or grant.realm != realm or ACCOUNTING not in grant.scopes:
            raise not_authorised()
        self._check_person(store, grant.subject)
        self._throttle(store, grant.client)
        return Call(request, store, fault)

    def batch(self, call: Call, items: int) -> None:
        """Count a batch, whose every item is a request.

        Raises:
            GatewayFaultError: 429.
        """
        limits = call.store.company.settings
        batches, _, _ = self._batches.add(call.store.id, limits.batch_per_minute)
        minute, _, _ = self._minute.add(call.store.id, limits.per_minute, cost=max(items - 1, 0))
        if not (batches and minute):
            raise throttled()

    def _check_person(self, store: QboStore, email: str) -> None:
        user = store.user_of(email)
        if user is None or user.status != "active":
            raise access_lost()
        if not user.role.may_authorise:
            raise not_authorised()
        if store.company.settings.subscription not in _PAID_UP:
            detail = "Subscription period has ended or canceled or there was a billing problem"
            raise ApiFaultError("6190", detail, status=403, kind="AuthorizationFault")

    def _throttle(self, store: QboStore, client: str) -> None:
        limits = store.company.settings
        minute, _, _ = self._minute.add(store.id, limits.per_minute)
        second, _, _ = self._second.add(f"{store.id} {client}", limits.per_second)
        if not (minute and second):
            raise throttled()
