"""The clients over real sockets against the stand-ins of both systems, for every demo customer."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import httpx
import pytest

from bot.domain import facets
from bot.domain.customer import Connection, Grant, Purpose, Tokens
from bot.domain.model import Cause, Failed, Present, Snapshot, System
from integrations.sandbox.faults import Fault, FaultKind, FaultMatch, FaultRule
from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.world.model import Customer
from integrations.snapshot import SystemsConfig, SystemsReader, make_client
from tests.fakes.keeper import MemoryKeeper
from tests.fakes.pauses import Pauses
from tests.integrations.systems import SUPPORT
from tests.small_world import small_demo

SLUGS = ("acme", "bondi", "cairns", "darwin")


@dataclass
class Wired:
    """A reader whose customers' connections are those of the demo world, by position."""

    sandbox: Sandbox
    reader: SystemsReader
    keeper: MemoryKeeper
    http: httpx.AsyncClient

    def customer(self, slug: str) -> tuple[int, Customer]:
        found = enumerate(self.sandbox.world.customers)
        return next((n, one) for n, one in found if one.slug == slug)

    async def read(self, slug: str, *wanted) -> Snapshot:
        return await self.reader.read(self.customer(slug)[0], wanted or facets.ALL)

    async def sign_in(self, slug: str, system: System, email: str, purpose: Purpose) -> None:
        """Connect as ``email``, as if that person had signed in."""
        number, known = self.customer(slug)
        if system is System.PROCORE:
            url, external_id = self.sandbox.procore_url, str(known.procore_company)
            body = {"company_id": known.procore_company, "email": email}
        else:
            url, external_id = self.sandbox.qbo_url, str(known.qbo_realm)
            body = {"realm_id": known.qbo_realm, "email": email}
        granted = (await self.http.post(f"{url}/_world/grants", json=body)).json()
        tokens = Tokens(refresh_token=granted["refresh_token"])
        found = Connection(number, system, external_id, Grant.REFRESH_TOKEN, tokens, purpose)
        self.keeper.connections[(number, system, purpose)] = found


@asynccontextmanager
async def wired() -> AsyncIterator[Wired]:
    async with run_sandbox(small_demo()) as sandbox, httpx.AsyncClient() as http:
        procore, qbo = sandbox.world.procore.clients[0], sandbox.world.qbo.clients[0]
        config = SystemsConfig(
            procore_api_url=sandbox.procore_url,
            procore_auth_url=sandbox.procore_url,
            procore_client_id=procore.id,
            procore_client_secret=procore.secret,
            qbo_api_url=sandbox.qbo_url,
            qbo_auth_url=sandbox.qbo_url,
            qbo_client_id=qbo.id,
            qbo_client_secret=qbo.secret,
            qbo_userinfo_url="",
            support_email=SUPPORT,
        )
        keeper = MemoryKeeper(
            *(
                Connection(n, System.PROCORE, str(one.procore_company), Grant.CLIENT_CREDENTIALS)
                for n, one in enumerate(sandbox.world.customers)
            )
        )
        async with make_client() as client:
            reader = SystemsReader(
                keeper=keeper,
                clock=sandbox.clock,
                config=config,
                client=client,
                timing=Pauses().timing(sandbox.clock),
            )
            found = Wired(sandbox, reader, keeper, http)
            for known in sandbox.world.customers:
                assert known.qbo_authorised_by
                await found.sign_in(
                    known.slug, System.QBO, known.qbo_authorised_by, Purpose.CUSTOMER
                )
            yield found


def value(snapshot: Snapshot, facet):
    found = snapshot.get(facet)
    assert isinstance(found, Present), found
    return found.value


def calls(sandbox: Sandbox) -> Counter:
    """How often each read was asked, by method, path and query."""
    logs = (sandbox.live.procore_log, sandbox.live.qbo_log)
    entries = [one for log in logs for one in log.entries() if one["kind"] == "request"]
    return Counter(
        (one["method"], one["path"], str(one.get("query")))
        for one in entries
        if "token" not in one["path"] and "well-known" not in one["path"]
    )


@dataclass
class Whole:
    """All that was read of one customer, by which calls, and the ids that its systems hold."""

    snapshot: Snapshot
    calls: Counter
    authorised_by: str | None
    held: dict[str, set[str]]


@cache
def readings() -> dict[str, Whole]:
    """Every customer read whole, over one pair of stand-ins for all who look at it."""

    async def run() -> dict[str, Whole]:
        found = {}
        async with wired() as rig:
            for slug in SLUGS:
                before = calls(rig.sandbox)
                snapshot = await rig.read(slug)
                asked = calls(rig.sandbox) - before
                known = rig.customer(slug)[1]
                found[slug] = Whole(snapshot, asked, known.qbo_authorised_by, held(rig, known))
        return found

    return asyncio.run(run())


def held(rig: Wired, known: Customer) -> dict[str, set[str]]:
    """The ids that a customer's stand-ins hold, by what they are of."""
    procore = rig.sandbox.live.procore(known.procore_company)
    qbo = rig.sandbox.live.qbo(known.qbo_realm)
    return {
        "lists": {str(one) for one in procore.lists},
        "codes": {f"{one}/{code.id}" for one in procore.lists for code in procore.tree(one)},
        "vendors": {str(one) for one in procore.vendors},
        "accounts": set(qbo.accounts),
        "items": set(qbo.items),
        "customers": set(qbo.customers),
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_every_demo_customer_is_read_whole_and_nothing_twice(slug):
    """What arrives is all that the world holds, by id; no call is made twice."""
    whole = readings()[slug]
    codes = value(whole.snapshot, facets.COST_CODES)
    assert all(one.active is not None for one in codes.codes)
    arrived = {
        "lists": {one.id for one in codes.lists},
        "codes": {one.key for one in codes.codes},
        "vendors": {one.id for one in value(whole.snapshot, facets.VENDORS)},
        "accounts": {one.id for one in value(whole.snapshot, facets.ACCOUNTS).rows},
        "items": {one.id for one in value(whole.snapshot, facets.ITEMS)},
        "customers": {one.id for one in value(whole.snapshot, facets.CUSTOMERS)},
    }
    assert arrived == whole.held
    assert value(whole.snapshot, facets.AUTHORISER).email == whole.authorised_by
    assert set(whole.calls.values()) == {1}


def test_who_has_which_rights_in_the_demo_world():
    """Read-only at acme, admin at bondi, set one by one at cairns, inactive at darwin."""
    found = {slug: whole.snapshot for slug, whole in readings().items()}
    access = {slug: value(found[slug], facets.COMPANY_ACCESS) for slug in SLUGS}
    assert access["acme"].template.level("directory") == 2
    assert access["bondi"].template.level("directory") == 4
    assert access["cairns"].user is not None
    assert access["cairns"].template is None
    assert access["darwin"].user is None
    darwin = value(found["darwin"], facets.SUPPORT_USER)
    assert (darwin.active, darwin.inactive.is_active) == (None, False)


async def test_the_support_users_sign_in_proves_rights_set_one_by_one():
    """Cairns: the template tells nothing, the sign-in does."""
    async with wired() as rig:
        await rig.sign_in("cairns", System.PROCORE, SUPPORT, Purpose.SUPPORT)
        found = value(await rig.read("cairns", facets.COMPANY_ACCESS), facets.COMPANY_ACCESS)
        assert found.signed_in_directory_level is not None


async def test_a_person_sees_projects_and_a_service_account_only_permitted_ones():
    """A company admin's login sees them all and says so; seeing none is no verdict."""
    async with wired() as rig:
        found = (await rig.read("bondi", facets.PROJECT_ACCESS)).get(facets.PROJECT_ACCESS)
        assert isinstance(found, Failed)
        assert found.cause is Cause.NO_PERMISSION
        await rig.sign_in("bondi", System.PROCORE, SUPPORT, Purpose.CUSTOMER)
        found = (await rig.read("bondi", facets.PROJECT_ACCESS)).get(facets.PROJECT_ACCESS)
        assert isinstance(found, Present)
        assert found.value.assignments
        assert "login can see" in found.scope


PATHS = {
    System.PROCORE: "/rest/",
    System.QBO: "/v3/company/",
}
CAUSES = {
    FaultKind.RESET: Cause.UNREACHABLE,
    FaultKind.TRUNCATE: Cause.UNREACHABLE,
    FaultKind.HTML200: Cause.BAD_ANSWER,
    FaultKind.REVOKED_TOKEN: Cause.RECONNECT,
}


async def test_faults_of_the_wire_are_named_and_end_when_they_are_lifted():
    """Over real sockets: the cause, and the truth again as soon as the fault is gone."""
    wanted = (facets.VENDORS, facets.ITEMS)
    async with wired() as rig:
        books = {
            System.PROCORE: rig.sandbox.live.procore_faults,
            System.QBO: rig.sandbox.live.qbo_faults,
        }
        # The revoked token comes last: nothing is read after it until somebody signs in.
        for kind, cause in CAUSES.items():
            for system, book in books.items():
                match = FaultMatch(path=PATHS[system], times=None)
                book.add(FaultRule(match=match, fault=Fault(kind=kind)))
            snapshot = await rig.read("acme", *wanted)
            for facet in wanted:
                found = snapshot.get(facet)
                assert isinstance(found, Failed), (kind, found)
                assert found.cause is cause, (kind, found)
            for book in books.values():
                book.clear()
            if kind is not FaultKind.REVOKED_TOKEN:
                again = (await rig.read("acme", *wanted)).reads
                assert all(isinstance(one, Present) for one in again.values()), (kind, again)


async def test_readings_side_by_side_share_one_renewal():
    """Twenty readings over sockets need one token from each system."""
    async with wired() as rig:
        await asyncio.gather(*(rig.read("bondi", facets.AUTHORISER) for _ in range(20)))
        tokens = [
            one
            for one in rig.sandbox.live.qbo_log.entries()
            if one["kind"] == "request" and one["path"].endswith("tokens/bearer")
        ]
        assert len(tokens) == 1
