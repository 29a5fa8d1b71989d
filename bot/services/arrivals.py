"""What follows a sign-in: whose it is, which company, store it, check again.

Tokens that wait for a choice lie encrypted in the sign-in's own row, and go when it is answered.
Tokens that nobody keeps are revoked, unless a live connection here could die of it: Procore may end
every sign-in that a person gave an app, QuickBooks every one that the app has to a company.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import words
from bot.domain.catalogue import catalogue
from bot.domain.customer import Connection, Customer, Grant, HistoryEntry, Purpose, Tokens
from bot.domain.facets import AUTHORISER, COMPANY_ACCESS, PROJECT_ACCESS
from bot.domain.model import SupportIdentity, System
from bot.domain.records import Identity
from bot.domain.signin import LIFE, Company, SignIn, Step, hash_of
from bot.services import signin_pages as pages
from bot.services.checks import CheckService
from bot.services.errors import UserError
from bot.services.gateway import Gateway, SignInRefusedError
from bot.services.hooks import HookService
from bot.services.ports import Clock, Store
from bot.services.reading import existing
from bot.services.replacing import Moved, at_stake, follow
from bot.services.signin_pages import NO, YES, Page

log = logging.getLogger(__name__)

PROOFS = frozenset({AUTHORISER.name, COMPANY_ACCESS.name, PROJECT_ACCESS.name})
"""The facets that the support user's own sign-in can decide."""
SERVICE_ACCOUNT = words.connections.SERVICE_ACCOUNT


@dataclass(frozen=True, slots=True)
class _Kept:
    """What came of storing: the connection in the way with what it holds, or what moved."""

    in_the_way: Connection | None
    moved: Moved


@dataclass(frozen=True, slots=True)
class _Pending:
    """Tokens that wait for an answer: who signed in, and what there is to choose from."""

    tokens: Tokens
    who: str
    companies: tuple[Company, ...]

    def dump(self) -> str:
        """As JSON, for the sign-in's encrypted row."""
        times = (
            self.tokens.expires_at,
            self.tokens.refresh_expires_at,
            self.tokens.hard_expires_at,
        )
        return json.dumps(
            {
                "access": self.tokens.access_token,
                "refresh": self.tokens.refresh_token,
                "times": [one.isoformat() if one else None for one in times],
                "who": self.who,
                "companies": [[one.id, one.name] for one in self.companies],
            }
        )

    @staticmethod
    def load(text: str) -> "_Pending":
        """From that JSON."""
        row = json.loads(text)
        times = [datetime.fromisoformat(one) if one else None for one in row["times"]]
        companies = tuple(Company(*one) for one in row["companies"])
        return _Pending(Tokens(row["access"], row["refresh"], *times), row["who"], companies)


class Arrivals:
    """Takes in what a sign-in brought."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        checks: CheckService,
        gateway: Gateway,
        hooks: HookService,
        support: SupportIdentity,
    ) -> None:
        self._store = store
        self._clock = clock
        self._checks = checks
        self._gateway = gateway
        self._hooks = hooks
        self._support = support
        self._checking: set[asyncio.Task[object]] = set()

    async def arrived(self, signin: SignIn, tokens: Tokens, realm: str) -> Page:
        """Somebody signed in.

        Raises:
            SignInRefusedError: the system could not be asked who, or for which company.
        """
        system = signin.system
        identity = await self._gateway.whose(system, tokens)
        doubt = self._doubt(signin, identity)
        if doubt is not None:
            await self._drop(system, tokens, realm, _who(identity))
            return doubt
        companies = tuple(await self._gateway.companies(system, tokens, realm))
        pending = _Pending(tokens, _who(identity), companies)
        customer, old, own = await self._standing(signin)
        if not companies:
            await self._drop(system, tokens, realm, pending.who)
            return pages.no_company(system)
        if signin.purpose is Purpose.SUPPORT and own is not None:
            return await self._proof(signin, pending, customer, own)
        if len(companies) == 1:
            return await self._settle(signin, pending)
        now = old.external_id if old is not None else ""
        token = await self._ask(signin, Step.COMPANY, pending)
        return pages.which_company(system, customer.name, companies, now, token)

    async def answered(self, signin: SignIn, value: str) -> Page:
        """A question was answered; ``signin`` still has what it held before it was used."""
        pending = _Pending.load(signin.secret)
        if signin.step is Step.COMPANY:
            chosen = tuple(one for one in pending.companies if one.id == value)
            if not chosen:
                return pages.unknown_link()
            return await self._settle(signin, replace(pending, companies=chosen))
        if value == YES:
            return await self._settle(signin, pending, sure=True)
        customer, old, _ = await self._standing(signin)
        await self._drop(signin.system, pending.tokens, pending.companies[0].id, pending.who)
        if value != NO or old is None:
            return pages.unknown_link()
        return pages.kept(customer.name, old)

    async def service_account(
        self, customer_id: int, company_id: str, by: str, *, replace: bool
    ) -> Connection:
        """Connect through the service account; staff name the company.

        Raises:
            UserError: the account does not see the company, or another one is connected.
        """
        try:
            tokens = await self._gateway.service_tokens()
            seen = await self._gateway.companies(System.PROCORE, tokens, company_id)
        except SignInRefusedError as error:
            raise UserError(words.connections.NOTHING_CHANGED.format(why=error)) from error
        company = next((one for one in seen if one.id == company_id), None)
        if company is None:
            raise UserError(words.connections.SERVICE_SEES_NOT.format(company=company_id))
        made = self._connection(customer_id, System.PROCORE, Purpose.CUSTOMER, company)
        made = _with(made, tokens, SERVICE_ACCOUNT, Grant.CLIENT_CREDENTIALS)
        kept = await self._keep(made, by, sure=replace)
        if kept.in_the_way is not None:
            async with self._store.transaction() as tx:
                slug = (await existing(tx, customer_id)).slug
            raise UserError(
                words.connections.IN_THE_WAY.format(
                    old=pages.named(kept.in_the_way),
                    company=company_id,
                    stake=pages.at_stake(kept.moved.away),
                ).rstrip(),
                words.commands.REPLACE_SERVICE.format(customer=slug, company=company_id),
            )
        return made

    async def revoke(self, system: System, tokens: Tokens) -> bool:
        """End tokens at the server; False when it could not be told."""
        try:
            await self._gateway.revoke(system, tokens)
        except SignInRefusedError as error:
            log.warning("%s was not told of a disconnect: %s", system.label, error)
            return False
        return True

    def check(self, customer_id: int, system: System, purpose: Purpose, by: str) -> None:
        """Check what hangs on a connection, without anybody waiting for it; the card follows."""
        items = [
            known.id
            for known in catalogue()
            if any(
                need.system is system and (purpose is Purpose.CUSTOMER or need.name in PROOFS)
                for need in known.needs
            )
        ]
        task = asyncio.ensure_future(self._checks.run(customer_id, items, by, fresh=True))
        self._checking.add(task)
        task.add_done_callback(self._checked)

    async def drain(self) -> None:
        """Wait for the checks that sign-ins began."""
        await asyncio.gather(*self._checking, return_exceptions=True)

    def _checked(self, task: "asyncio.Task[object]") -> None:
        self._checking.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("the check after a sign-in broke", exc_info=task.exception())

    def _doubt(self, signin: SignIn, identity: Identity) -> Page | None:
        """Why a sign-in as the support user is none."""
        if signin.purpose is not Purpose.SUPPORT:
            return None
        email = self._support.email
        same = identity.email.strip().casefold() == email.casefold()
        if same and identity.email_verified:
            return None
        return pages.not_support(signin.system, identity.email, email, verified=not same)

    async def _proof(
        self, signin: SignIn, pending: _Pending, customer: Customer, own: Connection
    ) -> Page:
        """The support user proves something about the customer's own company only."""
        chosen = tuple(one for one in pending.companies if one.id == own.external_id)
        if not chosen:
            found = pending.companies[0].id
            await self._drop(signin.system, pending.tokens, found, pending.who)
            name = own.account_name or customer.name
            return pages.other_company(name, self._support.email)
        return await self._settle(signin, replace(pending, companies=chosen), sure=True)

    async def _settle(self, signin: SignIn, pending: _Pending, *, sure: bool = False) -> Page:
        """Store the connection to the one company that is left; or ask, where one is replaced."""
        company = pending.companies[0]
        made = self._connection(signin.customer_id, signin.system, signin.purpose, company)
        made = _with(made, pending.tokens, pending.who, Grant.REFRESH_TOKEN)
        kept = await self._keep(made, signin.by, sure=sure)
        if kept.in_the_way is not None:
            token = await self._ask(signin, Step.REPLACE, pending)
            customer, _, _ = await self._standing(signin)
            stake = kept.moved.away
            return pages.replace_it(customer.name, kept.in_the_way, company, stake, token)
        async with self._store.transaction() as tx:
            customer = await existing(tx, signin.customer_id)
            there = await tx.connections.of(signin.customer_id)
        connected = {one.system for one in there if one.purpose is Purpose.CUSTOMER}
        missing = [system for system in System if system not in connected]
        return pages.connected(customer.name, made, missing, kept.moved)

    async def _keep(self, made: Connection, by: str, *, sure: bool) -> _Kept:
        """Store a connection, note it, check; not while one is in the way that was not asked of."""
        key = (made.customer_id, made.system, made.purpose)
        if sure:
            # While the old sign-in is still there to do it with.
            await self._hooks.remove(*key)
        async with self._store.transaction() as tx:
            await tx.customers.lock(made.customer_id)
            old = await tx.connections.lock(*key)
            other = old is not None and old.external_id != made.external_id
            if old is not None and other and not sure:
                return _Kept(old, Moved(away=await at_stake(tx, old)))
            await tx.connections.put(made)
            action = words.history.PROVED if made.purpose is Purpose.SUPPORT else "connect"
            was = (
                words.history.IN_PLACE_OF.format(old=pages.named(old))
                if other and old is not None
                else ""
            )
            detail = f"{pages.named(made)} by {made.connected_by}{was}"
            now = self._clock.now()
            await tx.history.append(HistoryEntry(made.customer_id, now, by, action, detail))
            moved = await follow(tx, made, old, by, now)
        if other and old is not None:
            await self._drop(old.system, old.tokens, old.external_id, old.connected_by)
        self.check(made.customer_id, made.system, made.purpose, by)
        return _Kept(None, moved)

    async def _standing(
        self, signin: SignIn
    ) -> tuple[Customer, Connection | None, Connection | None]:
        """The customer, the connection that would be replaced, and the customer's own one."""
        async with self._store.transaction() as tx:
            customer = await existing(tx, signin.customer_id)
            old = await tx.connections.get(customer.id, signin.system, signin.purpose)
            own = await tx.connections.get(customer.id, signin.system)
        return customer, old, own

    async def _ask(self, signin: SignIn, step: Step, pending: _Pending) -> str:
        """Keep the tokens until a question is answered; the token that the answer brings."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        question = replace(
            signin,
            key=hash_of(token),
            step=step,
            made_at=now,
            expires_at=now + LIFE,
            secret=pending.dump(),
            used_at=None,
        )
        async with self._store.transaction() as tx:
            await tx.signins.add(question)
        return token

    async def _drop(self, system: System, tokens: Tokens, external_id: str, who: str) -> None:
        """Revoke tokens that nobody keeps, unless a live connection could die of it."""
        if not await self.is_shared(system, external_id, who):
            await self.revoke(system, tokens)

    async def is_shared(self, system: System, external_id: str, who: str) -> bool:
        """Whether a live connection could die with the sign-in of ``who`` to this company."""
        async with self._store.transaction() as tx:
            live: Sequence[Connection] = await tx.connections.all()
        # A service account gets its next token whatever became of the last one.
        kin = [
            one
            for one in live
            if one.system is system and not one.broken and one.grant is Grant.REFRESH_TOKEN
        ]
        if system is System.QBO:
            return any(one.external_id == external_id for one in kin)
        return any(one.connected_by == who for one in kin)

    def _connection(
        self, customer_id: int, system: System, purpose: Purpose, company: Company
    ) -> Connection:
        return Connection(
            customer_id,
            system,
            company.id,
            Grant.REFRESH_TOKEN,
            purpose=purpose,
            account_name=company.name,
            connected_at=self._clock.now(),
        )


def _with(made: Connection, tokens: Tokens, who: str, grant: Grant) -> Connection:
    return replace(made, tokens=tokens, connected_by=who, grant=grant)


def _who(identity: Identity) -> str:
    """Who authorised, by address, with a word where nobody vouches for it."""
    if not identity.email:
        return (
            f"{identity.given_name} {identity.family_name}".strip()
            or words.connections.UNKNOWN_LOGIN
        )
    return identity.email if identity.email_verified else f"{identity.email} (not verified)"
