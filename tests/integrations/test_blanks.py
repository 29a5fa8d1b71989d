"""Procore leaves out keys without a value, or sends them as null: the facts are the same."""

import pytest

from benchmarks.faults.matrix import _facts
from benchmarks.faults.rig import Rig
from benchmarks.faults.worlds import thinned
from bot.domain import facets
from bot.domain.model import Failed, Snapshot
from integrations.sandbox.procore.shapes import vendor_row
from integrations.sandbox.procore.store import ProcoreStore
from integrations.sandbox.world.model import World
from tests.small_world import small_demo


def blank(world: World, way: str) -> World:
    """The world, thinned, with every Procore company's blanks sent this way."""
    world = thinned(world)
    companies = [
        one.model_copy(update={"settings": one.settings.model_copy(update={"blanks": way})})
        for one in world.procore.companies
    ]
    procore = world.procore.model_copy(update={"companies": companies})
    return world.model_copy(update={"procore": procore})


async def read(way: str, slug: str, *, support: bool) -> Snapshot:
    async with Rig(blank(small_demo(), way), slug, support=support).reading() as reading:
        return await reading.read(facets.ALL)


@pytest.mark.parametrize(("slug", "support"), [("acme", False), ("bondi", False), ("cairns", True)])
async def test_the_facts_are_the_same_however_blanks_are_sent(slug: str, support: bool):
    """Whole checks of three customers, one of them with the support user signed in."""
    plain = await read("left_out", slug, support=support)
    assert not [one for one in plain.reads.values() if isinstance(one, Failed)]
    for way in ("null", "mixed"):
        assert _facts(await read(way, slug, support=support)) == _facts(plain), way


def test_mixed_rows_have_nulls_and_gaps():
    """Some vendors' keys are null and other vendors' same keys are missing, always the same."""
    rows = [
        [vendor_row(store, vendor, {}) for vendor in store.vendors.values()] for store in _stores()
    ]
    assert rows[0] == rows[1]
    empty = {key for row in rows[0] for key, value in row.items() if value is None}
    missing = {key for row in rows[0] for key in set().union(*rows[0]) - set(row)}
    assert {"business_register", "mobile_phone", "website"} <= empty & missing


def _stores() -> list[ProcoreStore]:
    """The same company of two worlds."""
    rigs = [Rig(blank(small_demo(), "mixed"), "acme", support=False) for _ in range(2)]
    found = [rig.live.procore(rig.known.procore_company or 0) for rig in rigs]
    return [store for store in found if store is not None]
