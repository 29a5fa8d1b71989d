"""What is changed in one sandbox is read there, and nowhere else."""

from typing import Any

from benchmarks.faults.rig import Rig
from bot.domain import facets
from bot.domain.model import Present
from integrations.sandbox.world.base import Section
from integrations.sandbox.world.edits import Edit, apply
from integrations.sandbox.world.panel import Panel
from tests.small_world import acme_alone

ACTIONS = (
    "procore-company-admin",
    "merge-vendors:all",
    "merge-customers:all",
    "add-accounts",
    "activate-accounts",
    "item-expense-accounts",
)


def acme() -> Rig:
    return Rig(acme_alone(), "acme", support=False)


async def facts(rig: Rig) -> dict[str, Any]:
    """The value of every facet."""
    async with rig.reading() as reading:
        found = (await reading.read(facets.ALL)).reads
    assert all(isinstance(one, Present) for one in found.values()), found
    return {name: one.value for name, one in found.items() if isinstance(one, Present)}


def records(rig: Rig) -> list[Section]:
    """What its stand-ins hold of the kinds that refer to each other."""
    procore = rig.live.procore(rig.known.procore_company or 0)
    qbo = rig.live.qbo(rig.known.qbo_realm or "")
    assert procore is not None
    assert qbo is not None
    tables = (procore.vendors, qbo.accounts, qbo.items, qbo.customers)
    return [one for table in tables for one in table.values()]


async def test_an_edit_is_seen_in_its_own_sandbox_and_in_no_other():
    """Sandboxes of one company share its records, and the JSON that was written of them."""
    edited, other = acme(), acme()
    before = await facts(edited)
    assert before == await facts(other)
    said = [one.model_copy() for one in records(other)]
    for name in ACTIONS:
        await Panel(edited.live).run(f"acme:{name}")
    renamed = {"op": "upsert", "kind": "procore.cost_code", "in": edited.known.procore_company}
    record = {"code": before[facets.COST_CODES.name].codes[0].code, "name": "Renamed"}
    apply(edited.live, Edit.model_validate({**renamed, "record": record}))
    after = await facts(edited)
    same = {name for name in before if before[name] == after[name]}
    assert same == {facets.AUTHORISER.name}
    assert "Renamed" in {one.name for one in after[facets.COST_CODES.name].codes}
    assert records(other) == said
    assert await facts(other) == before == await facts(acme())
