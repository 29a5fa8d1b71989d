"""Every read endpoint with every kind of fault: the truth, or unknown with the right cause.

``make claim NAME=faults`` has each single fault at each endpoint, against the stand-ins.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from itertools import cycle

import httpx
import pytest

from bot.domain import facets
from bot.domain.customer import Purpose
from bot.domain.model import Facet, Failed, Present, System
from bot.domain.records import (
    Accounts,
    CompanyAccess,
    CostCodes,
    ProjectAccess,
    SupportUserLookup,
)
from tests.integrations import worlds
from tests.integrations.faults import DENIED, KINDS, PART, FaultKind
from tests.integrations.systems import SUPPORT, FakeSystems, Rig, World, connection, make_rig

SIZE = {"codes": 15, "parties": 13}
"""Several pages under every lowered cap, one of the lists a round number of rows long."""


def proven() -> World:
    """Rights set one by one, and the support user signed in to both systems itself."""
    world = worlds.bare(**SIZE)
    world.me_login = SUPPORT
    world.userinfo["*"] |= {"email": SUPPORT}
    return world


def paged() -> World:
    """Lists of many small pages."""
    world = worlds.right(codes=12)
    world.procore_cap = 5
    world.qbo_cap = 10
    return world


WORLDS = {
    "right": partial(worlds.right, **SIZE),
    "absent": worlds.absent,
    "silent": partial(worlds.silent, **SIZE),
    "proven": proven,
    "paged": paged,
}
CASES = [
    (world, alike)
    for alike in KINDS
    for world in WORLDS
    # How the wire breaks does not depend on what the company holds; what a list lacks does.
    if world == "right"
    or (PART if world == "paged" else DENIED) in alike[0].causes
    or (PART in alike[0].causes and world != "proven")
]
OF_SUPPORT = (facets.COMPANY_ACCESS, facets.PROJECT_ACCESS, facets.AUTHORISER)
"""The facets for which the support user's own sign-in makes a difference."""

TRUTHS: dict[tuple[str, str], tuple[object, list[str]]] = {}
SAID: dict[tuple[object, ...], httpx.Response] = {}


@cache
def world_of(name: str) -> World:
    """Made once: whatever goes wrong, goes wrong on the way and not in the company."""
    return WORLDS[name]()


class Repeating(FakeSystems):
    """Says the same again, with another date; in its own words when it pages in another way."""

    def found(self, request: httpx.Request, token: str) -> httpx.Response:
        if request.url.path == "/userinfo":
            return super().found(request, token)
        paging = (self.page_cap, self.repeat_page, self.empty_page)
        company = request.headers.get("Procore-Company-Id")
        asked = (id(self.world), str(request.url), company, *paging)
        if asked not in SAID:
            SAID[asked] = super().found(request, token)
        said = SAID[asked]
        stream = httpx.ByteStream(said.content)
        again = httpx.Response(said.status_code, headers=said.headers, stream=stream)
        again.read()
        if "Date" in said.headers:
            again.headers["Date"] = self.date()
        return again


def rig_of(name: str) -> Rig:
    own = [connection(system) for system in System]
    if name == "proven":
        own += [connection(system, purpose=Purpose.SUPPORT) for system in System]
    return make_rig(world_of(name), *own, kind=Repeating)


async def read(rig: Rig, facet: Facet) -> Present | Failed:
    return (await rig.reader.read(1, [facet])).get(facet)


def same_or_less(truth: object, found: object) -> bool:
    """Whether ``found`` is the truth, or the truth with a part that says it is not known."""
    if isinstance(found, CostCodes) and isinstance(truth, CostCodes):
        blind = tuple(replace(code, active=None) for code in truth.codes)
        return found in (truth, CostCodes(truth.lists, blind))
    if isinstance(found, CompanyAccess) and isinstance(truth, CompanyAccess):
        hidden = found.template is None and bool(found.template_hidden)
        unsigned = replace(truth, signed_in_directory_level=None)
        return found in (truth, unsigned) or (hidden and found.user == truth.user)
    if isinstance(found, ProjectAccess) and isinstance(truth, ProjectAccess):
        return found in (truth, replace(truth, company_admin=None))
    if isinstance(found, Accounts) and isinstance(truth, Accounts):
        return found.rows == truth.rows and found.numbering_on in (truth.numbering_on, None)
    if isinstance(truth, SupportUserLookup):
        return found in (truth, replace(truth, inactive=None))
    if isinstance(truth, tuple) and isinstance(found, tuple):
        # Whether a list of inactive vendors that came empty without any header is really empty
        # cannot be told; no check looks at inactive vendors.
        return found in (truth, tuple(one for one in truth if one.active))
    return found == truth


async def truth_of(world: str, facet: Facet) -> tuple[object, list[str]]:
    """What a reading without faults finds, and the endpoints that it asks."""
    key = (world, facet.name)
    if key not in TRUTHS:
        rig = rig_of(world)
        found = await read(rig, facet)
        assert isinstance(found, Present), found
        TRUTHS[key] = found.value, sorted(set(rig.systems.reads()))
    return TRUTHS[key]


@pytest.mark.parametrize(
    ("world", "alike"), CASES, ids=[f"{w}-{a[0].name.replace(' ', '-')}" for w, a in CASES]
)
async def test_a_fault_gives_the_truth_or_unknown_with_its_cause(
    world: str, alike: tuple[FaultKind, ...]
):
    """Nothing partial, nothing wrong, no token in a reason, and right again afterwards."""
    kinds = cycle(alike)
    wanted = OF_SUPPORT if world == "proven" else facets.ALL
    asking: dict[str, list[Facet]] = {}
    for facet in wanted:
        for endpoint in (await truth_of(world, facet))[1]:
            asking.setdefault(endpoint, []).append(facet)
    rig = rig_of(world)
    for endpoint, asked in asking.items():
        await _check(rig, world, asked, endpoint, next(kinds))
    snapshot = await rig.reader.read(1, wanted)
    for facet in wanted:
        again = snapshot.get(facet)
        assert isinstance(again, Present), f"{facet.name} afterwards: {again}"
        assert again.value == (await truth_of(world, facet))[0], f"{facet.name} afterwards"
    assert sum(map(len, asking.values())) > 8


async def _check(
    rig: Rig, world: str, asked: Sequence[Facet], endpoint: str, kind: FaultKind
) -> None:
    """Strike an endpoint for all facets that ask it, and let the fault and its time pass."""
    with kind.on(rig.systems, f"^{re.escape(endpoint)}$") as fault:
        snapshot = await rig.reader.read(1, asked)
    assert fault.seen, f"{endpoint} was not asked"
    failed = False
    for facet in asked:
        case = f"{facet.name} at {endpoint} with {kind.name}"
        truth, _ = await truth_of(world, facet)
        found = snapshot.get(facet)
        if isinstance(found, Present):
            assert same_or_less(truth, found.value), f"{case}: {found}"
            continue
        assert isinstance(found, Failed), case
        assert found.cause in kind.causes, f"{case}: {found}"
        assert not re.search("token-|Bearer|secret|refresh-", found.reason), case
        assert found.reason.endswith("."), found.reason
        failed = True
    if failed:
        await _pass_time(rig)


async def _pass_time(rig: Rig) -> None:
    """Long enough for every limit to have turned over, and for whoever has to, to sign in."""
    rig.clock.at += timedelta(hours=1, minutes=5)
    later = rig.clock.at + timedelta(hours=1)
    for one in rig.keeper.connections.values():
        fresh = connection(one.system, purpose=one.purpose, expires_at=later)
        await rig.keeper.store(one, fresh.tokens)
