"""The daily round: who is reminded, of what, once, and what becomes of the others."""

import asyncio
from datetime import time, timedelta

import pytest

from bot.domain import facets
from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import SupportIdentity, System
from bot.domain.reminders import Ladder, Step
from bot.services import remind
from bot.services.crew import Size
from bot.services.notices import (
    EscalationNotice,
    HeldNotice,
    Notice,
    ReminderNotice,
    ReopenedNotice,
)
from bot.services.ports import Outgoing
from bot.services.remind import ReminderService
from bot.storage.store import SqlStore
from tests.fakes.clock import no_holidays
from tests.services.world import CASEY, HOME, STAFF, SUPPORT, World, sydney

CODES = "cost-code-coverage"


@pytest.fixture
async def open_acme(world: World, acme: Customer) -> Customer:
    """One cost code without a target; it is Tuesday, nine o'clock, and the reminder is due."""
    world.break_codes()
    world.clock.set(sydney(24))
    return acme


async def reminders(world: World) -> list[ReminderNotice]:
    """What a round sends to the customer's channel now."""
    await world.do.reminders.tick()
    return [n for n in await world.said(HOME) if isinstance(n, ReminderNotice)]


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


# --- trouble ---


async def test_one_customer_that_breaks_does_not_hold_up_the_others(world: World, store: SqlStore):
    for name, channel in (("Acme", HOME), ("Bondi", "CBONDI"), ("Cairns", "CCAIRNS")):
        await world.customer(name, channel)
    world.break_codes()
    read = world.source.read

    async def breaking(customer_id: int, *rest: object) -> object:
        if customer_id == 2:
            raise RuntimeError("a bug")
        return await read(customer_id, *rest)  # type: ignore[arg-type]

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

    async def slowly(customer_id: int, *rest: object) -> object:
        if customer_id in hanging:
            await gate.wait()
        return await read(customer_id, *rest)  # type: ignore[arg-type]

    world.source.read = slowly  # type: ignore[method-assign,assignment]
    world.clock.set(sydney(24))
    tick = asyncio.create_task(world.do.reminders.tick())
    told: list[str] = []
    async with asyncio.timeout(20):
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
