"""Connecting a customer's Procore and QuickBooks: private link, sign-in, company, disconnect.

A link carries a random token; the database knows its hash only. The same token, signed together
with whom it is for, is OAuth's ``state``. It is good once, for ten minutes, in the browser that
opened the private link (which got a cookie), and for the system that it was made for.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot import words
from bot.domain.customer import Connection, Customer, HistoryEntry, Purpose
from bot.domain.model import System
from bot.domain.signin import LIFE, SignIn, Step, hash_of
from bot.services import signin_pages as pages
from bot.services.arrivals import Arrivals
from bot.services.errors import UserError
from bot.services.gateway import Gateway, Signer, SignInRefusedError
from bot.services.hooks import HookService
from bot.services.ports import Clock, Store
from bot.services.reading import existing
from bot.services.signin_pages import Away, Page

SPOKEN = {System.PROCORE: "procore", System.QBO: "quickbooks"}
"""The systems as people type them, and as they stand in our addresses."""
LINK_PATH = "/connect"
CALLBACK_PATH = "/oauth/{system}/callback"
NOT_SET_UP = words.connections.NOT_SET_UP


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a disconnect: what was connected, and whether the server could be told.

    ``shared``: it was not told, because it would have ended another connection as well.
    """

    was: Connection
    told: bool
    shared: bool = False


class ConnectService:
    """Connects and disconnects. ``public_url`` "" means that browsers cannot reach this app."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        arrivals: Arrivals,
        gateway: Gateway,
        hooks: HookService,
        signer: Signer,
        public_url: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._arrivals = arrivals
        self._gateway = gateway
        self._hooks = hooks
        self._signer = signer
        self._public_url = public_url.rstrip("/")

    async def start(self, customer_id: int, system: System, purpose: Purpose, by: str) -> str:
        """A private link for one person: good once, for ten minutes.

        Raises:
            UserError: the app is not set up for it.
        """
        self._need(system, in_browser=True)
        token, now = secrets.token_urlsafe(32), self._clock.now()
        verifier = secrets.token_urlsafe(48)
        signin = SignIn(
            hash_of(token),
            customer_id,
            system,
            purpose,
            by,
            Step.CONSENT,
            now,
            now + LIFE,
            verifier,
        )
        async with self._store.transaction() as tx:
            await tx.signins.add(signin)
        return f"{self._public_url}{LINK_PATH}/{token}"

    async def open(self, token: str) -> Away | Page:
        """Where the private link leads: the system's sign-in page, or why not."""
        async with self._store.transaction() as tx:
            signin = await tx.signins.get(hash_of(token))
        problem = self._problem(signin)
        if problem is not None or signin is None or signin.step is not Step.CONSENT:
            return problem or pages.unknown_link()
        state = f"{token}.{self._signer.sign(_bound(signin))}"
        callback = self._callback(signin.system)
        try:
            url = await self._gateway.address(signin.system, callback, state, signin.secret)
        except SignInRefusedError as error:
            return pages.refused(signin.system, str(error))
        return Away(url, cookie_of(signin.key), self._browser(signin))

    async def finish(
        self, system: System, params: Mapping[str, str], cookies: Mapping[str, str]
    ) -> Page:
        """The system sent the browser back to us."""
        token, _, signature = params.get("state", "").partition(".")
        async with self._store.transaction() as tx:
            signin = await tx.signins.get(hash_of(token))
        if (
            signin is None
            or signin.step is not Step.CONSENT
            or signin.system is not system
            or not self._signer.signed(_bound(signin), signature)
        ):
            return pages.unknown_link()
        problem = self._problem(signin)
        if problem is not None:
            return problem
        brought = cookies.get(cookie_of(signin.key), "")
        if not self._signer.signed(f"browser {signin.key}", brought):
            return pages.other_browser()
        if not await self._use(signin):
            return pages.used_link()
        return await self._returned(signin, params)

    async def answer(self, token: str, value: str) -> Page:
        """The person answered a question of ours: which company, or whether to replace."""
        async with self._store.transaction() as tx:
            signin = await tx.signins.get(hash_of(token))
        problem = self._problem(signin)
        if problem is not None or signin is None or signin.step is Step.CONSENT:
            return problem or pages.unknown_link()
        if not await self._use(signin):
            return pages.used_link()
        return await self._arrivals.answered(signin, value)

    async def service_account(
        self, customer_id: int, company_id: str, by: str, *, replace: bool = False
    ) -> Connection:
        """Connect a Procore company through the app's own service account.

        Raises:
            UserError: the account does not see the company, or another one is connected.
        """
        self._need(System.PROCORE)
        return await self._arrivals.service_account(customer_id, company_id, by, replace=replace)

    async def disconnect(
        self, customer_id: int, system: System, purpose: Purpose, by: str
    ) -> Settled:
        """End a connection at the server, and delete it here whatever the server says.

        A sign-in that another connection here would die with is only deleted.

        Raises:
            UserError: there was none.
        """
        # While there is still a sign-in to do it with.
        await self._hooks.remove(customer_id, system, purpose)
        async with self._store.transaction() as tx:
            customer = await existing(tx, customer_id)
            was = await tx.connections.lock(customer_id, system, purpose)
            if was is None:
                raise UserError(_not_connected(customer, system, purpose))
            await tx.connections.delete(customer_id, system, purpose)
            detail = f"{pages.named(was)}{_as_support(purpose)}"
            now = self._clock.now()
            await tx.history.append(HistoryEntry(customer_id, now, by, "disconnect", detail))
        shared = await self._arrivals.is_shared(system, was.external_id, was.connected_by)
        told = not shared and await self._arrivals.revoke(system, was.tokens)
        self._arrivals.check(customer_id, system, purpose, by)
        return Settled(was, told, shared)

    def _need(self, system: System, *, in_browser: bool = False) -> None:
        prefix = "PROCORE" if system is System.PROCORE else "QBO"
        missing = []
        if not self._gateway.is_set_up(system):
            missing += [f"{prefix}_CLIENT_ID", f"{prefix}_CLIENT_SECRET"]
        if in_browser and not self._public_url:
            missing.append("PUBLIC_URL")
        if missing:
            settings = " and ".join(missing)
            raise UserError(NOT_SET_UP.format(label=system.label, settings=settings))

    def _problem(self, signin: SignIn | None) -> Page | None:
        """Why a known link is of no use any more."""
        if signin is None:
            return pages.unknown_link()
        if signin.used_at is not None:
            return pages.used_link()
        return pages.expired_link() if signin.expires_at <= self._clock.now() else None

    async def _use(self, signin: SignIn) -> bool:
        async with self._store.transaction() as tx:
            return await tx.signins.use(signin.key, self._clock.now())

    async def _returned(self, signin: SignIn, params: Mapping[str, str]) -> Page:
        system = signin.system
        if params.get("error") == "access_denied":
            return pages.cancelled(system)
        code, realm = params.get("code", ""), params.get("realmId", "")
        if params.get("error") or not code:
            return pages.refused(system, words.signing.NO_CODE.format(label=system.label))
        if system is System.QBO and not realm:
            return pages.refused(system, words.signing.NO_REALM)
        try:
            tokens = await self._gateway.redeem(system, code, self._callback(system), signin.secret)
            return await self._arrivals.arrived(signin, tokens, realm)
        except SignInRefusedError as error:
            return pages.refused(system, str(error))

    def _callback(self, system: System) -> str:
        return f"{self._public_url}{CALLBACK_PATH.format(system=SPOKEN[system])}"

    def _browser(self, signin: SignIn) -> str:
        return self._signer.sign(f"browser {signin.key}")


def cookie_of(key: str) -> str:
    """The name of the cookie that goes with a link; one for each, so that several can be open."""
    return f"onecore_signin_{key[:16]}"


def _bound(signin: SignIn) -> str:
    """Everything that a state is for; none of it can be exchanged for something else."""
    parts = ("state", signin.key, signin.customer_id, signin.system, signin.purpose, signin.by)
    return " ".join(str(part) for part in parts)


def _as_support(purpose: Purpose) -> str:
    return words.history.AS_SUPPORT if purpose is Purpose.SUPPORT else ""


def _not_connected(customer: Customer, system: System, purpose: Purpose) -> str:
    whose = words.connections.SUPPORTS_OWN if purpose is Purpose.SUPPORT else system.label
    return words.connections.NOT_CONNECTED.format(name=customer.name, whose=whose)
