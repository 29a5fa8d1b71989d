"""Checking: what is read, stored, shared, shown and moved."""

import asyncio

import pytest

from bot.domain import facets
from bot.domain.catalogue import catalogue
from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import Cause, Gate
from tests.services.world import CASEY, STAFF, World

EVERY = tuple(facet.name for facet in facets.ALL)


async def test_a_full_check_stores_findings_reads_each_facet_once_and_notes_it(
    world: World, acme: Customer
):
    world.break_codes()
    outcome = await world.do.checks.run(acme.id, None, CASEY)
    assert sorted(world.source.calls[0].facets) == sorted(EVERY)
    assert len(world.source.calls) == 1
    assert outcome.checked == tuple(sorted(known.id for known in catalogue()))
    assert outcome.view.report.gate is Gate.NOT_READY
    assert outcome.view == await world.do.customers.view(acme.id)
    assert await world.kind("cost-code-coverage") == "unmet"
    assert await world.kind("procore-support-user") == "verified"
    (line,) = await world.lines("check")
    assert line.startswith("everything. ")
    assert "cost-code-coverage: not checked → unmet" in line


async def test_one_item_reads_its_facets_only_and_leaves_the_others(world: World, acme: Customer):
    outcome = await world.do.checks.run(acme.id, ["cost-code-coverage"], CASEY)
    assert set(world.source.calls[0].facets) == {
        "procore.cost_codes",
        "qbo.accounts",
        "qbo.items",
    }
    assert outcome.checked == ("cost-code-coverage",)
    assert await world.kind("cost-code-coverage") == "verified"
    assert await world.kind("procore-support-user") == "not checked"


async def test_two_items_on_one_fact_read_it_once(world: World, acme: Customer):
    await world.do.checks.run(acme.id, ["qbo-support-user", "qbo-company-admin"], CASEY)
    assert world.source.calls[0].facets == ("qbo.authoriser",)


async def test_the_gate_moves_the_stage_both_ways(world: World, acme: Customer):
    await world.do.checks.run(acme.id, None, CASEY)
    assert (await world.get()).stage is Stage.READY
    world.break_codes()
    world.clock.move(minutes=5)
    await world.do.checks.run(acme.id, None, CASEY)
    moved = await world.get()
    assert moved.stage is Stage.PREPARING
    assert moved.stage_since == world.clock.now()
    assert await world.lines("gate opened", "gate closed") == [
        "preparing → ready: ready",
        "ready → preparing: not ready",
    ]


@pytest.mark.parametrize("cause", [Cause.UNREACHABLE, Cause.RATE_LIMITED, Cause.RECONNECT])
async def test_an_outage_moves_nothing(world: World, acme: Customer, cause: Cause):
    await world.do.checks.run(acme.id, None, CASEY)
    before = await world.get()
    world.clock.move(hours=1)
    world.outage(cause=cause)
    outcome = await world.do.checks.run(acme.id, None, CASEY)
    assert outcome.view.report.gate is Gate.CANNOT_TELL
    assert await world.get() == before
    world.mend()
    world.clock.move(hours=1)
    await world.do.checks.run(acme.id, None, CASEY)
    after = await world.get()
    if cause is Cause.RECONNECT:
        # Somebody signed in again: that is movement.
        assert after.last_movement_at == world.clock.now()
    else:
        assert after == before


async def test_the_cause_of_a_failure_survives_the_store(world: World, acme: Customer):
    world.outage(cause=Cause.RATE_LIMITED)
    await world.do.checks.run(acme.id, None, CASEY)
    finding = (await world.do.customers.view(acme.id)).report.status("qbo-support-user").finding
    assert finding is not None
    assert finding.cause is Cause.RATE_LIMITED
    assert finding.outage


async def test_movement_is_from_open_to_met_and_resets_the_escalation(world: World, acme: Customer):
    world.break_codes()
    await world.do.checks.run(acme.id, None, CASEY)
    await world.change(last_movement_at=None, escalation=3)
    world.clock.move(days=1)
    world.lose_support_user()
    await world.do.checks.run(acme.id, None, CASEY)
    assert (await world.get()).last_movement_at is None
    assert (await world.get()).escalation == 3
    world.clock.move(days=1)
    world.fill_chart()
    outcome = await world.do.checks.run(acme.id, None, CASEY)
    assert [(c.item, c.was, c.now, c.better) for c in outcome.changes] == [
        ("cost-code-coverage", "unmet", "verified", True)
    ]
    moved = await world.get()
    assert (moved.last_movement_at, moved.escalation) == (world.clock.now(), 0)


async def test_a_repair_made_during_an_outage_is_movement(world: World, acme: Customer):
    world.break_codes()
    await world.do.checks.run(acme.id, None, CASEY)
    world.outage()
    await world.do.checks.run(acme.id, None, CASEY)
    world.mend()
    world.clock.move(days=1)
    await world.do.checks.run(acme.id, None, CASEY)
    assert (await world.get()).last_movement_at == world.clock.now()


async def test_an_outage_gives_a_refuted_word_no_force(world: World, acme: Customer):
    """Marked as done, proved wrong, then unreadable: the gate must not open on that."""
    world.authorised_by_dana()
    await world.do.checks.run(acme.id, None, CASEY)
    await world.do.decisions.attest(acme.id, "qbo-support-user", CASEY)
    await world.do.decisions.attest(acme.id, "qbo-company-admin", CASEY)
    await world.do.decisions.attest(acme.id, "procore-support-user", CASEY)
    assert (await world.get()).stage is Stage.READY
    world.clock.move(hours=1)
    world.lose_support_user()
    await world.do.checks.run(acme.id, None, CASEY)
    assert await world.kind("procore-support-user") == "unmet"
    for _ in range(2):
        world.clock.move(hours=1)
        world.source.fail(facets.SUPPORT_USER, "Procore is down.")
        await world.do.checks.run(acme.id, None, CASEY)
        assert await world.kind("procore-support-user") == "unknown"
        assert (await world.get()).stage is Stage.PREPARING
    await world.do.decisions.attest(acme.id, "procore-support-user", CASEY)
    assert await world.kind("procore-support-user") == "attested"


async def test_simultaneous_callers_share_one_run(world: World, acme: Customer):
    world.source.gate.clear()
    every = [asyncio.create_task(world.do.checks.run(acme.id, None, CASEY)) for _ in range(5)]
    await world.source.called()
    one = asyncio.create_task(world.do.checks.run(acme.id, ["cost-code-coverage"], STAFF))
    await asyncio.sleep(0)
    world.source.gate.set()
    outcomes = await asyncio.gather(*every, one)
    assert len(world.source.calls) == 1
    assert all(outcome is outcomes[0] for outcome in outcomes)
    assert len(await world.lines("check")) == 1


async def test_a_wider_check_does_not_make_do_with_a_narrower_one(world: World, acme: Customer):
    world.source.gate.clear()
    narrow = asyncio.create_task(world.do.checks.run(acme.id, ["cost-code-coverage"], CASEY))
    await world.source.called()
    wide = asyncio.create_task(world.do.checks.run(acme.id, None, CASEY))
    await world.source.called(2)
    world.source.gate.set()
    await asyncio.gather(narrow, wide)
    assert await world.gate() is Gate.READY


async def test_customers_do_not_share_runs(world: World, acme: Customer):
    other = await world.customer("Bondi Build", "CBONDI")
    await asyncio.gather(*(world.do.checks.run(c.id, None, CASEY) for c in (acme, other)))
    assert sorted(call.customer_id for call in world.source.calls) == [acme.id, other.id]


async def test_a_check_right_after_another_reads_afresh(world: World, acme: Customer):
    """Without a pause between them: the finished run must not be handed out again."""
    for kind in ("verified", "unmet", "verified"):
        world.mend() if kind == "verified" else world.break_codes()
        outcome = await world.do.checks.run(acme.id, None, CASEY)
        assert outcome.view.report.status("cost-code-coverage").kind.value == kind
    assert len(world.source.calls) == 3


async def test_the_run_goes_on_when_one_of_its_callers_gives_up(world: World, acme: Customer):
    world.source.gate.clear()
    first = asyncio.create_task(world.do.checks.run(acme.id, None, CASEY))
    await world.source.called()
    second = asyncio.create_task(world.do.checks.run(acme.id, None, STAFF))
    await asyncio.sleep(0)
    first.cancel()
    world.source.gate.set()
    assert (await second).view.report.gate is Gate.READY
    with pytest.raises(asyncio.CancelledError):
        await first
    assert len(world.source.calls) == 1


async def test_what_rests_on_older_facts_does_not_overwrite_newer(world: World, acme: Customer):
    """Two processes: the slower one read while a cost code was missing, and comes last."""
    slow = World(world.store, owner="two", clock=world.clock)
    slow.break_codes()
    slow.source.gate.clear()
    late = asyncio.create_task(slow.do.checks.run(acme.id, None, CASEY))
    await slow.source.called()
    world.clock.move(minutes=1)
    await world.do.checks.run(acme.id, None, CASEY)
    slow.source.gate.set()
    await late
    assert await world.kind("cost-code-coverage") == "verified"
    assert (await world.get()).stage is Stage.READY


async def test_a_choice_made_while_the_systems_are_read_counts_already(
    world: World, acme: Customer
):
    world.break_codes()
    world.source.gate.clear()
    run = asyncio.create_task(world.do.checks.run(acme.id, None, CASEY))
    await world.source.called()
    async with world.store.transaction() as tx:
        await tx.decisions.choose(acme.id, "1/26-100", "account/09-900", CASEY, world.clock.now())
    world.source.gate.set()
    await run
    assert await world.kind("cost-code-coverage") == "verified"


async def test_the_card_shows_what_is_busy_with_its_progress_and_ends_not_busy(
    world: World, acme: Customer
):
    world.source.progress = ("page 1 of 2", "page 2 of 2")
    await world.do.checks.run(acme.id, ["cost-code-coverage"], CASEY)
    assert world.board.shown == [
        (acme.id, {"cost-code-coverage": ""}),
        (acme.id, {"cost-code-coverage": "page 1 of 2"}),
        (acme.id, {"cost-code-coverage": "page 2 of 2"}),
        (acme.id, None),
    ]


async def test_the_card_keeps_showing_the_run_that_is_still_under_way(world: World, acme: Customer):
    world.source.gate.clear()
    narrow = asyncio.create_task(world.do.checks.run(acme.id, ["cost-code-coverage"], CASEY))
    await world.source.called()
    world.source.gate = asyncio.Event()
    wide = asyncio.create_task(world.do.checks.run(acme.id, None, CASEY))
    await world.source.called(2)
    world.source.gate.set()
    await wide
    assert world.board.last == {"cost-code-coverage": ""}
    narrow.cancel()


async def test_a_source_that_breaks_leaves_no_busy_card_and_the_stored_findings(
    world: World, acme: Customer
):
    await world.do.checks.run(acme.id, None, CASEY)
    world.source.error = RuntimeError("a bug")
    with pytest.raises(RuntimeError, match="a bug"):
        await world.do.checks.run(acme.id, None, CASEY)
    assert world.board.last is None
    assert await world.gate() is Gate.READY
    world.source.error = None
    await world.do.checks.run(acme.id, None, CASEY)


async def test_an_unknown_customer_is_not_read(world: World):
    with pytest.raises(KeyError):
        await world.do.checks.run(7, None, CASEY)
    assert world.source.calls == []
