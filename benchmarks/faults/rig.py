"""The real reader over the real stand-ins, without a wire between them and in the world's time."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx

from bot.domain.customer import Connection, Grant, Purpose, Tokens
from bot.domain.model import Facet, Snapshot, System
from bot.services.ports import ListKeeper
from integrations.limits import Timing
from integrations.sandbox.clock import WorldClock
from integrations.sandbox.faults import Fault, FaultMatch, FaultRule
from integrations.sandbox.procore.app import create_procore_app
from integrations.sandbox.qbo.app import create_qbo_app
from integrations.sandbox.qbo.oauth import SCOPES
from integrations.sandbox.tokens import Grant as WorldGrant
from integrations.sandbox.tokens import TokenBook
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.model import Customer, World
from integrations.snapshot import SystemsConfig, SystemsReader, make_client
from tests.fakes.keeper import MemoryKeeper, key_of

SUPPORT = "support@interfy.com.au"
CUSTOMER_ID = 1
PROCORE, QBO = "procore.test", "qbo.test"
AFTERWARDS = timedelta(hours=2)
"""Long enough for every limit to have turned over."""
BETWEEN = timedelta(minutes=20)
"""From a reading to a change, and from a change to the next reading."""


def endpoint_of(request: httpx.Request) -> str:
    """The endpoint that a request asks, whatever company or record it is about."""
    path = re.sub(r"/\d+(?=/|$)", "/{id}", request.url.path)
    query = request.url.params.get("query", "")
    entity = re.search(r"FROM (\w+)", query)
    if entity is None:
        return f"{request.url.host.split('.')[0]} {path}"
    return f"qbo {path} {entity.group(1)}{' count' if 'COUNT' in query else ''}"


@dataclass
class Strike:
    """A fault in force at one endpoint, by ``mode``; ``hits`` counts what it touched."""

    endpoint: str
    make: "Callable[[Wire, httpx.Request], Awaitable[httpx.Response]]"
    mode: str
    seen: int = 0
    hits: int = 0

    def takes(self, request: httpx.Request) -> bool:
        """Whether this request is hit."""
        if endpoint_of(request) != self.endpoint:
            return False
        self.seen += 1
        hit = {"always": True, "once": self.seen == 1, "later": self.seen > 1}[self.mode]
        self.hits += hit
        return hit


class Wire(httpx.AsyncBaseTransport):
    """Hands requests to the stand-ins' applications, with a fault in between where one is set."""

    def __init__(self, live: LiveWorld) -> None:
        self.live = live
        self.strike: Strike | None = None
        self.asked: set[str] = set()
        self._apps = {
            PROCORE: httpx.ASGITransport(create_procore_app(live)),
            QBO: httpx.ASGITransport(create_qbo_app(live)),
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.add(endpoint_of(request))
        if self.strike is not None and self.strike.takes(request):
            return await self.strike.make(self, request)
        return await self.plain(request)

    async def plain(self, request: httpx.Request) -> httpx.Response:
        """The stand-in's own answer."""
        return await self._apps[request.url.host].handle_async_request(request)

    async def told(self, request: httpx.Request, fault: Fault) -> httpx.Response:
        """The stand-in's answer under a fault, which this request is the first to take."""
        at_procore = request.url.host == PROCORE
        book = self.live.procore_faults if at_procore else self.live.qbo_faults
        book.clear()
        book.add(FaultRule(match=FaultMatch(times=1), fault=fault))
        return await self.plain(request)

    def expire(self, request: httpx.Request) -> None:
        """Have the request's token run out."""
        self.run_out(self._tokens(request), _bearer(request))

    def run_out(self, tokens: TokenBook, access_token: str) -> None:
        """End an access token's life."""
        _, token = tokens.look_up(access_token)
        if token is not None:
            token.expires = self.live.clock.now() - timedelta(seconds=1)

    def revoke(self, request: httpx.Request) -> None:
        """Take back the grant that the request's token came of."""
        self._tokens(request).revoke(_bearer(request))

    def misdirected(self, request: httpx.Request) -> httpx.Request:
        """The same request about another company."""
        url, headers = request.url, request.headers.copy()
        named = headers.get("Procore-Company-Id")
        if named is not None:
            headers["Procore-Company-Id"] = str(
                next((i for i in self.live.procore_ids if str(i) != named), 1)
            )
        found = re.match(r"/v3/company/(\d+)/", url.path)
        if found is not None:
            own = found.group(1)
            other = next((one for one in self.live.qbo_realms if one != own), "1")
            url = url.copy_with(raw_path=url.raw_path.replace(own.encode(), other.encode()))
        return httpx.Request(request.method, url, headers=headers)

    def _tokens(self, request: httpx.Request) -> TokenBook:
        at_procore = request.url.host == PROCORE
        return self.live.procore_tokens if at_procore else self.live.qbo_tokens


def _bearer(request: httpx.Request) -> str:
    given: str = request.headers.get("Authorization", "")
    return given.removeprefix("Bearer ")


@dataclass
class OurClock:
    """The bot's clock, which may be wrong."""

    world: WorldClock
    skew: timedelta = timedelta()

    def now(self) -> datetime:
        """The time that the bot believes in."""
        return self.world.now() + self.skew

    async def sleep(self, seconds: float) -> None:
        """Let the world's time pass instead of ours."""
        self.world.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    def timing(self) -> Timing:
        """Sleeping and measuring in the world's time."""
        return Timing(self, self.sleep, self.world.timestamp)


class Rig:
    """One customer of one world, read by fresh readers."""

    def __init__(
        self, world: World, slug: str, *, support: bool, kept: ListKeeper | None = None
    ) -> None:
        self.live = LiveWorld(world, WorldClock(world.clock, ticking=False))
        self.known: Customer = next(one for one in world.customers if one.slug == slug)
        self.wire = Wire(self.live)
        self._support = support
        self.kept = kept

    @asynccontextmanager
    async def reading(
        self, skew: timedelta = timedelta(), *, stale: bool = False
    ) -> "AsyncIterator[Reading]":
        """A reader that knows nothing yet, over fresh sign-ins or ``stale`` ones."""
        clock = OurClock(self.live.clock, skew)
        keeper = MemoryKeeper(*(self._stale(one) if stale else one for one in self.sign_ins()))
        async with make_client(self.wire) as client:
            reader = SystemsReader(
                keeper=keeper,
                clock=clock,
                config=_config(self.live.world),
                client=client,
                timing=clock.timing(),
                kept=self.kept,
            )
            yield Reading(self, reader, keeper)
        # The stand-ins remember this reader's calls; the next one shall not pay for them.
        self.live.clock.advance(AFTERWARDS)

    def unsettle(self) -> None:
        """Have one record of each of QuickBooks' lists go out of use, or come back into it."""
        store = self.live.qbo(str(self.known.qbo_realm))
        if store is not None:
            for entity in ("Account", "Item", "Customer"):
                for one in list(store.rows(entity).values())[-1:]:
                    changed = one.model_copy(update={"active": not one.active})
                    store.put(entity, changed, self.live.clock.now())
        self.live.clock.advance(BETWEEN)

    def sign_ins(self) -> list[Connection]:
        """Fresh connections of the customer and, where asked for, of the support user."""
        known, found = self.known, []
        if known.procore_company is not None:
            found.append(self._procore(known.procore_authorised_by or "", Purpose.CUSTOMER))
        if known.qbo_realm is not None and known.qbo_authorised_by:
            found.append(self._qbo(known.qbo_authorised_by, Purpose.CUSTOMER))
        if self._support:
            found.append(self._procore(SUPPORT, Purpose.SUPPORT))
            found.append(self._qbo(SUPPORT, Purpose.SUPPORT))
        return found

    def _stale(self, fresh: Connection) -> Connection:
        """The sign-in an access token's life later, here as there."""
        at_procore = fresh.system is System.PROCORE
        book = self.live.procore_tokens if at_procore else self.live.qbo_tokens
        self.wire.run_out(book, fresh.tokens.access_token)
        return replace(fresh, tokens=replace(fresh.tokens, expires_at=self.live.clock.now()))

    def _procore(self, email: str, purpose: Purpose) -> Connection:
        client = self.live.world.procore.clients[0].id
        pair = self.live.procore_tokens.issue(WorldGrant(client, email), refresh=bool(email))
        grant = Grant.REFRESH_TOKEN if email else Grant.CLIENT_CREDENTIALS
        tokens = Tokens(
            pair.access.value, pair.refresh.value if pair.refresh else "", pair.access.expires
        )
        company = str(self.known.procore_company)
        return Connection(CUSTOMER_ID, System.PROCORE, company, grant, tokens, purpose)

    def _qbo(self, email: str, purpose: Purpose) -> Connection:
        client, realm = self.live.world.qbo.clients[0].id, str(self.known.qbo_realm)
        pair = self.live.qbo_tokens.issue(WorldGrant(client, email, realm, SCOPES))
        assert pair.refresh is not None
        tokens = Tokens(pair.access.value, pair.refresh.value, pair.access.expires)
        return Connection(CUSTOMER_ID, System.QBO, realm, Grant.REFRESH_TOKEN, tokens, purpose)


@dataclass
class Reading:
    """A reader and the connections that it uses."""

    rig: Rig
    reader: SystemsReader
    keeper: MemoryKeeper

    async def read(self, needs: Sequence[Facet[object]]) -> Snapshot:
        """The facts."""
        return await self.reader.read(CUSTOMER_ID, needs)

    @property
    def is_dead(self) -> bool:
        """Whether somebody has to sign in again."""
        return any(one.broken for one in self.keeper.connections.values())

    def lift(self) -> None:
        """End the fault: time passes, and whoever has to sign in again has done so."""
        self.rig.wire.strike = None
        self.rig.live.procore_faults.clear()
        self.rig.live.qbo_faults.clear()
        self.rig.live.clock.advance(AFTERWARDS)
        dead = {key for key, one in self.keeper.connections.items() if one.broken}
        for fresh in self.rig.sign_ins():
            if key_of(fresh) in dead:
                self.keeper.connections[key_of(fresh)] = replace(fresh, broken="")


def _config(world: World) -> SystemsConfig:
    procore, qbo = world.procore.clients[0], world.qbo.clients[0]
    return SystemsConfig(
        procore_api_url=f"http://{PROCORE}",
        procore_auth_url=f"http://{PROCORE}",
        procore_client_id=procore.id,
        procore_client_secret=procore.secret,
        qbo_api_url=f"http://{QBO}",
        qbo_auth_url=f"http://{QBO}",
        qbo_client_id=qbo.id,
        qbo_client_secret=qbo.secret,
        qbo_userinfo_url="",
        support_email=SUPPORT,
    )
