"""The daily round: who is reminded, of what, once, and what becomes of the others."""

import asyncio
from datetime import time, timedelta

import pytest

from bot.domain import facets
from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.services.notices import (
    HeldNotice,
    ReopenedNotice,
)
from bot.services.ports import Outgoing
from tests.services.world import CASEY, CODES, HOME, STAFF, SUPPORT, World, reminders, sydney


async def test_what_is_open_after_a_fresh_check_is_sent_once(world: World, open_acme: Customer):
    (notice,) = await reminders(world)
    assert [line.item for line in notice.lines] == [CODES]
    assert notice.lines[0].summary.startswith("2 of 3 cost codes matched")
    assert (notice.day, notice.ready, notice.changes) == ("2026-11-24", False, ())
    assert len(world.source.calls) == 1
    assert (await world.get()).next_reminder_at == sydney(25)
    assert await world.lines("reminder") == ["1 open"]


async def test_before_the_time_nobody_is_looked_at(world: World, open_acme: Customer):
    world.clock.set(sydney(24, "08:59"))
    assert await world.do.reminders.tick() == 0
    assert world.source.calls == []


async def test_twice_on_one_day_is_once(world: World, open_acme: Customer):
    assert len(await reminders(world)) == 1
    for _ in range(3):
        world.clock.move(minutes=10)
        assert await reminders(world) == []
    await world.change(next_reminder_at=world.clock.now())
    assert await reminders(world) == []
    later = await world.do.decisions.remind(open_acme.id, CASEY, at=time(14))
    assert later.next_at == sydney(24, "14:00")
    world.clock.set(sydney(24, "14:00"))
    assert await reminders(world) == []
    assert (await world.get()).next_reminder_at == sydney(25, "14:00")
    assert await world.lines("reminder") == ["1 open"]


async def test_five_rounds_at_once_in_two_processes_send_once(world: World, open_acme: Customer):
    other = World(world.store, owner="two", clock=world.clock)
    other.break_codes()
    handled = await asyncio.gather(
        *(w.do.reminders.tick() for w in (world, other, world, other, world))
    )
    assert sum(handled) == 1
    assert [m.kind for m in await world.deliver()] == ["reminder"]


async def test_a_round_that_lost_its_lease_midway_does_not_double(
    world: World, open_acme: Customer
):
    """Two processes both in the middle of the same customer: the database knows the day."""
    other = World(world.store, owner="two", clock=world.clock)
    other.break_codes()
    other.source.gate.clear()
    slow = asyncio.create_task(other.do.reminders.tick())
    await other.source.called()
    world.clock.move(minutes=6)
    assert await world.do.reminders.tick() == 1
    other.source.gate.set()
    assert await slow == 1
    assert [m.kind for m in await world.deliver()] == ["reminder"]


async def test_every_day_brings_one_and_weekends_and_holidays_none(
    world: World, open_acme: Customer
):
    world.holidays.add(sydney(26, "12:00").date())
    days = []
    for hour in range(0, 24 * 14, 4):
        world.clock.set(sydney(24, "01:30") + timedelta(hours=hour))
        days += [notice.day for notice in await reminders(world)]
    expected = [24, 25, 27, 30]
    assert days == [f"2026-11-{day}" for day in expected] + [
        f"2026-12-0{day}" for day in (1, 2, 3, 4, 7)
    ]


async def test_owners_are_mentioned_and_else_the_customers_own(world: World, open_acme: Customer):
    world.lose_support_user()
    await world.change(owner="UOWNER")
    (notice,) = await reminders(world)
    assert notice.mentions == ("UOWNER",)
    await world.do.decisions.assign(open_acme.id, CODES, STAFF, CASEY, None)
    await world.do.decisions.assign(open_acme.id, "procore-support-user", STAFF, CASEY, None)
    world.clock.set(sydney(25))
    (notice,) = await reminders(world)
    assert notice.mentions == (CASEY,)
    assert {line.owner for line in notice.lines} == {CASEY}


async def test_what_changed_since_the_last_reminder_is_said(world: World, open_acme: Customer):
    await reminders(world)
    world.fill_chart()
    world.lose_support_user()
    world.clock.set(sydney(25))
    (notice,) = await reminders(world)
    assert notice.changes == ("Done: cost codes.", "New: Procore support user.")
    world.clock.set(sydney(26))
    (notice,) = await reminders(world)
    assert notice.changes == ()


async def test_what_could_not_be_read_today_is_not_called_done(world: World, open_acme: Customer):
    world.lose_support_user()
    await reminders(world)
    world.source.fail(facets.COST_CODES, "Procore is slow.")
    world.clock.set(sydney(25))
    (notice,) = await reminders(world)
    assert [line.item for line in notice.lines] == ["procore-support-user"]
    assert notice.changes == ()


async def test_a_reminder_of_an_older_version_stops_no_later_one(world: World, open_acme: Customer):
    now = world.clock.now()
    async with world.store.transaction() as tx:
        await tx.reminders.claim(open_acme.id, sydney(23, "12:00").date(), "daily", now)
        key = f"reminder:{open_acme.id}:2026-11-23"
        await tx.outbox.add(Outgoing(key, "reminder", HOME, '{"kind":"reminder"}'), now)
        claimed = await tx.outbox.claim(now, "one", timedelta(minutes=1), 1)
        await tx.outbox.sent(claimed[0].id, "one", "1.0", now)
    (notice,) = await reminders(world)
    assert notice.changes == ()


async def test_a_ready_customer_is_told_that_one_step_is_left(world: World, acme: Customer):
    world.clock.set(sydney(24))
    (notice,) = await reminders(world)
    assert (notice.ready, notice.lines) == (True, ())


async def test_after_the_hand_off_there_are_no_reminders_but_a_daily_look(
    world: World, acme: Customer
):
    await world.do.handoff.request(acme.id, CASEY)
    await world.deliver()
    for day in (24, 25):
        world.clock.set(sydney(day))
        reads = len(world.source.calls)
        assert await reminders(world) == []
        assert len(world.source.calls) == reads + 1
    await world.do.handoff.accept(acme.id, STAFF)
    world.clock.set(sydney(26))
    assert await world.do.reminders.tick() == 0


async def test_the_daily_look_reopens_a_hand_off_that_regressed(world: World, acme: Customer):
    await world.do.handoff.request(acme.id, CASEY)
    await world.deliver()
    world.lose_support_user()
    world.clock.set(sydney(24))
    await world.do.reminders.tick()
    said = await world.said(HOME)
    # The reopening says what is open; a reminder beside it would say the same again.
    assert [type(notice) for notice in said] == [ReopenedNotice]
    assert (await world.get()).stage is Stage.PREPARING
    world.clock.set(sydney(25))
    assert len(await reminders(world)) == 1


@pytest.mark.parametrize("why", ["stuck", "off", "paused", "snoozed"])
async def test_resting_customers_are_left_alone(world: World, open_acme: Customer, why: str):
    decide = world.do.decisions
    if why == "stuck":
        await decide.stuck(open_acme.id, CASEY, "?")
        await world.deliver()
    elif why == "off":
        await decide.remind(open_acme.id, CASEY, on=False)
    elif why == "paused":
        await decide.pause(open_acme.id, STAFF)
    else:
        await decide.snooze(open_acme.id, 2, CASEY)
    for day in (24, 25):
        world.clock.set(sydney(day))
        await world.change(next_reminder_at=world.clock.now())
        assert await reminders(world) == []
    if why == "snoozed":
        world.clock.set(sydney(26))
        assert len(await reminders(world)) == 1
    else:
        assert world.source.calls == []


async def test_a_snooze_pressed_while_the_round_is_checking_is_respected(
    world: World, open_acme: Customer
):
    world.source.gate.clear()
    tick = asyncio.create_task(world.do.reminders.tick())
    await world.source.called()
    await world.do.decisions.snooze(open_acme.id, 3, CASEY)
    world.source.gate.set()
    await tick
    assert await world.deliver() == []
    assert (await world.get()).next_reminder_at == sydney(27)


# --- held back ---


async def test_our_own_outage_nags_nobody_and_tells_staff_once_a_day(world: World, acme: Customer):
    world.outage()
    said = []
    for hour in range(9, 24):
        world.clock.set(sydney(24, f"{hour:02}:00"))
        await world.do.reminders.tick()
        said += await world.said()
    (held,) = said
    assert isinstance(held, HeldNotice)
    assert {line.status for line in held.lines} == {"unknown"}
    assert len(world.source.calls) == 9
    assert (await world.get()).next_reminder_at == sydney(25)
    world.clock.set(sydney(25))
    await world.do.reminders.tick()
    assert [m.channel for m in await world.deliver()] == [SUPPORT]


async def test_an_outage_for_many_is_told_in_few_messages_that_name_them_all(world: World):
    names = [f"Acme {number}" for number in range(12)]
    for number, name in enumerate(names):
        await world.customer(name, f"C{number}")
    world.outage()
    told: list[str] = []
    messages = 0
    for hour in range(2):
        world.clock.set(sydney(24) + timedelta(hours=hour))
        await world.do.reminders.tick()
        for notice in await world.said(SUPPORT):
            assert isinstance(notice, HeldNotice)
            told += [notice.customer, *notice.others]
            messages += 1
    assert sorted(told) == sorted(names)
    assert messages <= 3


async def test_when_the_system_answers_again_the_held_reminder_goes_out_that_day(
    world: World, open_acme: Customer
):
    world.outage()
    assert await reminders(world) == []
    assert (await world.get()).next_reminder_at == sydney(24, "10:00")
    world.mend()
    world.break_codes()
    world.clock.set(sydney(24, "10:00"))
    assert len(await reminders(world)) == 1
    assert (await world.get()).next_reminder_at == sydney(25)


async def test_half_an_outage_reminds_of_what_is_known_to_be_open(
    world: World, open_acme: Customer
):
    world.lose_support_user()
    world.outage(System.QBO)
    (notice,) = await reminders(world)
    assert [line.item for line in notice.lines] == ["procore-support-user"]


# --- asleep ---


async def test_after_a_day_and_a_half_asleep_one_reminder_comes_and_not_at_night(
    world: World, open_acme: Customer
):
    assert len(await reminders(world)) == 1
    # Asleep from Tuesday morning; awake again 36 hours later, at 21:00 on Wednesday.
    woken = sydney(24) + timedelta(hours=36)
    sent = []
    for minutes in range(0, 24 * 60, 20):
        world.clock.set(woken + timedelta(minutes=minutes))
        if await reminders(world):
            sent.append(world.clock.now())
    assert sent == [sydney(26)]


async def test_a_reminder_missed_in_the_morning_is_caught_up_in_the_afternoon(
    world: World, open_acme: Customer
):
    world.clock.set(sydney(25, "15:40"))
    assert [notice.day for notice in await reminders(world)] == ["2026-11-25"]
    world.clock.set(sydney(26))
    assert len(await reminders(world)) == 1
