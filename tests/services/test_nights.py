"""Without webhooks everything is looked at once a night, quietly."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.customer import Connection, Customer, Grant
from bot.domain.hook import Hook
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.tick import NIGHT, next_night
from bot.services.notices import ReadyNotice, load
from bot.services.ticks import TickService
from tests.services.world import CASEY, CODES, HOME, World, sydney

ZONE = "Australia/Sydney"
FRIDAY_EVENING = sydney(20, "19:00")


async def begin(world: World) -> None:
    """Connected in both systems, one code open: no reminder comes before Monday."""
    acme = await world.customer()
    evening(world)
    await world.do.checks.run(acme.id, None, CASEY)
    for system in System:
        async with world.store.transaction() as tx:
            await tx.connections.put(Connection(acme.id, system, "1", Grant.REFRESH_TOKEN))
    await world.change(next_reminder_at=sydney(23))
    await world.said()


@pytest.fixture(autouse=True)
def evening_comes(world: World) -> None:
    """As it was in ``begin``."""
    evening(world)


def evening(world: World) -> None:
    world.clock.set(FRIDAY_EVENING)
    world.break_codes()


async def night(world: World, moment: datetime) -> int:
    """How many reads the rounds up to this moment make."""
    before = len(world.source.calls)
    await world.do.ticks.plan()
    world.clock.set(moment)
    await world.do.ticks.tick()
    return len(world.source.calls) - before


SATURDAY, SUNDAY, MONDAY = (sydney(day, "06:30") for day in (21, 22, 23))


async def test_once_a_night_everything_and_nothing_is_posted(world: World, acme: Customer):
    assert await night(world, SATURDAY) == 1
    assert await night(world, SATURDAY + timedelta(hours=10)) == 0
    assert await night(world, SUNDAY) == 1
    assert await world.said() == []
    assert len(await world.lines("check")) == 3


async def test_a_gate_that_opens_at_night_is_told_once_in_the_working_morning(
    world: World, acme: Customer
):
    world.fill_chart()
    assert await night(world, SATURDAY) == 1
    assert await world.kind(CODES) == "verified"
    assert (await world.get()).stage is Stage.READY
    assert await world.said() == []
    assert await night(world, SUNDAY) == 1
    world.clock.set(sydney(23, "08:59"))
    assert await world.said() == []
    world.clock.set(sydney(23, "09:00"))
    (told,) = await world.deliver()
    assert (type(load(told.payload)), told.channel) == (ReadyNotice, HOME)


async def test_a_gate_that_closes_before_the_morning_is_not_told_of(world: World, acme: Customer):
    """Else people would read on Monday that they are ready, which stopped being true on Sunday."""
    world.fill_chart()
    await night(world, SATURDAY)
    world.lose_support_user()
    await night(world, SUNDAY)
    assert (await world.get()).stage is Stage.PREPARING
    world.clock.set(sydney(23, "09:00"))
    assert await world.deliver() == []


async def test_who_hands_over_before_the_morning_hears_of_that_at_once(
    world: World, acme: Customer
):
    world.fill_chart()
    await night(world, SATURDAY)
    await world.do.handoff.request(acme.id, CASEY)
    assert HOME in [told.channel for told in await world.deliver()]
    world.clock.set(sydney(23, "09:00"))
    assert await world.deliver() == []


async def test_who_is_reminded_this_morning_is_looked_at_then(world: World, acme: Customer):
    await night(world, SUNDAY)
    assert await night(world, MONDAY) == 0
    await world.change(reminders_on=False)
    assert await night(world, MONDAY + timedelta(days=1)) == 1


async def test_after_the_hand_off_too_but_for_the_mornings_that_verify_anyway(
    world: World, acme: Customer
):
    world.fill_chart()
    await world.do.handoff.request(acme.id, CASEY)
    assert await night(world, SATURDAY) == 1
    await night(world, SUNDAY)
    assert await night(world, MONDAY) == 0


@pytest.mark.parametrize("stage", [Stage.ACCEPTED, Stage.PAUSED, Stage.ARCHIVED])
async def test_nobody_looks_where_nobody_waits_and_who_comes_back_is_planned(
    world: World, acme: Customer, stage: Stage
):
    await world.change(stage=stage)
    assert await night(world, SATURDAY) == 0
    await world.change(stage=Stage.PREPARING)
    assert await night(world, SUNDAY) == 1


async def test_who_has_nothing_connected_is_left_alone(world: World, acme: Customer):
    async with world.store.transaction() as tx:
        for one in await tx.connections.of(acme.id):
            await tx.connections.delete(acme.id, one.system, one.purpose)
    assert await night(world, SATURDAY) == 0


async def test_whose_systems_tell_is_left_alone(world: World, acme: Customer):
    """QuickBooks tells of every company; Procore only once its webhook was set up."""
    told = TickService(
        world.store, world.do.checks, world.clock, lambda _: set().__contains__, [System.QBO]
    )
    world.do = replace(world.do, ticks=told)
    assert await night(world, SATURDAY) == 1
    async with world.store.transaction() as tx:
        await tx.hooks.put(Hook(acme.id, None, world.clock.now()))
    assert await night(world, SUNDAY) == 1
    async with world.store.transaction() as tx:
        await tx.hooks.put(Hook(acme.id, None, world.clock.now(), "43", problem=""))
    await world.change(reminders_on=False)
    assert await night(world, MONDAY) == 0


async def test_a_change_that_is_told_of_by_day_does_not_cost_the_night(
    world: World, acme: Customer
):
    await world.do.ticks.plan()
    async with world.store.transaction() as tx:
        await tx.ticks.note(acme.id, {CODES}, world.clock.now())
    await world.do.ticks.tick()
    (by_day,) = world.source.calls
    assert await night(world, SATURDAY) == 1
    assert set(by_day.facets) < set(world.source.calls[-1].facets)


def test_thousands_do_not_start_at_once():
    """Each in its own minute of the night, the same every night, in its own time zone."""
    after = datetime(2026, 11, 20, 12, tzinfo=UTC)
    dues = [next_night(one, ZONE, after) for one in range(2_000)]
    first = min(dues)
    hours = Counter(int((due - first) / timedelta(minutes=10)) for due in dues)
    assert max(dues) - first <= NIGHT
    assert max(hours.values()) < 2 * 2_000 / (NIGHT / timedelta(minutes=10))
    assert next_night(7, ZONE, dues[7]) == dues[7] + timedelta(days=1)
    perth = next_night(7, "Australia/Perth", after)
    assert (perth.astimezone(UTC) - dues[7].astimezone(UTC)) == timedelta(hours=3)
