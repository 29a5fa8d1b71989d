"""The daily round where nothing moves, or something breaks: others are reminded all the same."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.customer import Customer
from bot.domain.model import SupportIdentity
from bot.domain.reminders import Ladder, Step
from bot.services import remind
from bot.services.crew import Size
from bot.services.notices import (
    EscalationNotice,
    HeldNotice,
    Notice,
    ReminderNotice,
)
from bot.services.remind import ReminderService
from bot.storage.store import SqlStore
from tests.fakes.clock import no_holidays
from tests.services.world import CASEY, HOME, STAFF, SUPPORT, World, reminders, sydney

# --- no movement ---


@pytest.mark.parametrize(("lead", "asked"), [("ULEAD", "ULEAD"), ("", "")])
async def test_without_movement_owner_channel_staff_and_their_lead_are_told_once_each(
    store: SqlStore, lead: str, asked: str
):
    world = World(store, ladder=Ladder((2, 4, 6, 8), lead))
    await world.customer()
    world.break_codes()
    staff, steps, levels = [], {}, {}
    for day in range(14):
        world.clock.set(sydney(24) + timedelta(days=day))
        await world.do.reminders.tick()
        for notice in await world.said():
            if isinstance(notice, EscalationNotice):
                staff.append((notice.idle_days, notice.level, notice.channel_id, notice.lead))
            elif isinstance(notice, ReminderNotice):
                steps[notice.idle_days] = notice.step
                levels[notice.idle_days] = (await world.get()).escalation
    assert staff == [(6, Step.STAFF, HOME, ""), (8, Step.LEAD, HOME, asked)]
    assert {idle: step for idle, step in steps.items() if step} == {2: Step.OWNER, 4: Step.CHANNEL}
    assert [levels[idle] for idle in (1, 2, 3, 4, 5, 6, 7, 8, 9)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert await world.lines("escalation") == [f"step {n}, {n * 2} idle days" for n in (1, 2, 3, 4)]


async def test_steps_that_were_missed_are_taken_together(store: SqlStore):
    """After a long silence the channel is asked and staff are told, each once."""
    world = World(store)
    await world.customer()
    world.break_codes()
    world.clock.set(sydney(24))
    await world.do.reminders.tick()
    await world.deliver()
    world.clock.set(sydney(15, month=12))
    await world.do.reminders.tick()
    said = await world.said()
    (notice,) = [n for n in said if isinstance(n, EscalationNotice)]
    (reminder,) = [n for n in said if isinstance(n, ReminderNotice)]
    assert (notice.level, reminder.step) == (Step.STAFF, Step.CHANNEL)


async def test_movement_starts_the_ladder_again(world: World, open_acme: Customer):
    world.lose_support_user()
    await reminders(world)
    world.clock.set(sydney(15, month=12))
    (notice,) = await reminders(world)
    assert notice.idle_days == 15
    await world.deliver()
    world.mend()
    world.break_codes()
    world.clock.set(sydney(16, month=12))
    (notice,) = await reminders(world)
    assert notice.idle_days == 0
    assert (await world.get()).escalation == 0


async def test_an_outage_overnight_does_not_start_the_ladder_again(
    world: World, open_acme: Customer
):
    await reminders(world)
    await world.change(last_movement_at=None)
    world.clock.set(sydney(30))
    world.outage()
    await world.do.reminders.tick()
    world.mend()
    world.break_codes()
    world.clock.set(sydney(1, month=12))
    (notice,) = await reminders(world)
    assert notice.idle_days == 6


# --- trouble ---


async def test_one_customer_that_breaks_does_not_hold_up_the_others(world: World, store: SqlStore):
    for name, channel in (("Acme", HOME), ("Bondi", "CBONDI"), ("Cairns", "CCAIRNS")):
        await world.customer(name, channel)
    world.break_codes()
    read = world.source.read

    async def breaking(customer_id: int, *rest: object, **more: object) -> object:
        if customer_id == 2:
            raise RuntimeError("a bug")
        return await read(customer_id, *rest, **more)  # type: ignore[arg-type]

    world.source.read = breaking  # type: ignore[method-assign,assignment]
    world.clock.set(sydney(24))
    assert await world.do.reminders.tick() == 3
    assert sorted(m.channel for m in await world.deliver()) == ["CCAIRNS", HOME]
    world.source.read = read  # type: ignore[method-assign]
    world.clock.move(minutes=6)
    assert await world.do.reminders.tick() == 1
    assert [m.channel for m in await world.deliver()] == ["CBONDI"]


async def test_a_check_that_takes_too_long_holds_the_reminder_back(world: World, acme: Customer):
    """Yesterday's findings are no reason to remind; staff hear of it, and it is tried again."""
    world.break_codes()
    await world.do.checks.run(acme.id, None, STAFF)
    world.clock.set(sydney(24))
    world.source.gate.clear()
    hasty = ReminderService(
        world.store,
        world.do.checks,
        world.clock,
        lambda _region: no_holidays,
        SupportIdentity(),
        SUPPORT,
        "one",
        check_limit=0.01,
    )
    assert await hasty.tick() == 1
    assert [type(notice) for notice in await world.said()] == [HeldNotice]
    assert (await world.get()).next_reminder_at == sydney(24, "10:00")
    world.source.gate.set()
    world.clock.set(sydney(24, "10:00"))
    assert len(await reminders(world)) == 1


async def test_a_slow_customer_keeps_nobody_waiting(world: World, monkeypatch: pytest.MonkeyPatch):
    """Far more hang than there are places; all others are reminded meanwhile."""
    monkeypatch.setattr(remind, "SIZE", Size(brisk=2, slow=20, patience=0.02, ask=0.01))
    hanging = set(range(1, 11))
    for number in range(1, 21):
        await world.customer(f"Customer {number}", f"C{number}")
    world.break_codes()
    read, gate = world.source.read, asyncio.Event()

    async def slowly(customer_id: int, *rest: object, **more: object) -> object:
        if customer_id in hanging:
            await gate.wait()
        return await read(customer_id, *rest, **more)  # type: ignore[arg-type]

    world.source.read = slowly  # type: ignore[method-assign,assignment]
    world.clock.set(sydney(24))
    tick = asyncio.create_task(world.do.reminders.tick())
    told: list[str] = []
    async with asyncio.timeout(60):
        while len(told) < 10:
            await asyncio.sleep(0.02)
            told += [m.channel for m in await world.deliver()]
    assert sorted(told) == sorted(f"C{number}" for number in range(11, 21))
    assert not tick.done()
    gate.set()
    assert await tick == 20
    assert len(await world.deliver()) == 10


async def test_a_customer_without_a_channel_is_passed_over(world: World):
    acme = await world.customer(channel="")
    world.break_codes()
    world.clock.set(sydney(24))
    assert await world.do.reminders.tick() == 1
    assert await world.deliver() == []
    assert (await world.get(acme.id)).next_reminder_at == sydney(25)


async def test_many_customers_are_handled_in_one_round(world: World):
    for number in range(25):
        await world.customer(f"Customer {number}", f"C{number}")
    world.break_codes()
    world.clock.set(sydney(24))
    assert [await world.do.reminders.tick() for _ in range(2)] == [25, 0]
    assert len(await world.deliver()) == 25


async def test_each_customer_is_reminded_by_its_own_clock(world: World):
    await world.customer("Perth", "CPERTH")
    await world.change(timezone="Australia/Perth")
    await world.do.decisions.remind(1, CASEY, on=False)
    settings = await world.do.decisions.remind(1, CASEY, on=True)
    assert settings.next_at == sydney(23, "12:00")
    world.break_codes()
    for at, sent in (("09:00", 0), ("11:59", 0), ("12:00", 1)):
        world.clock.set(sydney(23, at))
        assert len([n for n in await _tick(world) if n.kind == "reminder"]) == sent


async def _tick(world: World) -> list[Notice]:
    await world.do.reminders.tick()
    return await world.said()
