"""A reminder now, because staff ask for it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.customer import Customer, Stuck
from bot.domain.lifecycle import Stage
from bot.services.errors import UserError
from bot.services.notices import ReminderNotice
from tests.services.world import HOME, STAFF, World, sydney


async def test_it_comes_now_after_a_fresh_check_and_once_a_day(
    world: World, acme: Customer
) -> None:
    """A snooze does not hold it back, and it is that day's reminder: no second one comes."""
    world.break_codes()
    await world.change(snoozed_until=date(2026, 12, 1))
    await world.do.nudges.nudge(acme.id, STAFF)
    (notice,) = await world.said(HOME)
    assert isinstance(notice, ReminderNotice)
    assert "cost-code-coverage" in [line.item for line in notice.lines]
    assert len(await world.lines("check")) == len(await world.lines("nudge")) == 1
    with pytest.raises(UserError, match="nudged today already"):
        await world.do.nudges.nudge(acme.id, STAFF)
    assert await world.said(HOME) == []
    world.clock.move(days=1)
    await world.do.nudges.nudge(acme.id, STAFF)
    assert len(await world.said(HOME)) == 1


async def test_before_nine_it_is_the_days_reminder_and_tomorrows_is_compared_with_it(
    world: World, acme: Customer
) -> None:
    """Nobody gets two; whoever was reminded at nine may still be nudged at four."""
    world.break_codes()
    world.clock.set(sydney(24, "08:30"))
    await world.do.nudges.nudge(acme.id, STAFF)
    (nudged,) = await world.said(HOME)
    assert isinstance(nudged, ReminderNotice)
    assert (nudged.hour, nudged.by) == (8, STAFF)
    world.clock.set(sydney(24, "09:01"))
    await world.do.reminders.tick()
    assert await world.said(HOME) == []
    world.mend()
    world.clock.set(sydney(25, "09:01"))
    await world.do.reminders.tick()
    (daily,) = await world.said(HOME)
    assert isinstance(daily, ReminderNotice)
    assert any(change.startswith("Done: ") for change in daily.changes)
    world.clock.set(sydney(25, "16:00"))
    await world.do.nudges.nudge(acme.id, STAFF)
    (later,) = await world.said(HOME)
    assert isinstance(later, ReminderNotice)
    assert later.hour == 16


async def test_where_it_makes_no_sense_nothing_is_sent(world: World, acme: Customer) -> None:
    world.break_codes()
    await world.change(stage=Stage.PAUSED)
    with pytest.raises(UserError, match="Acme is paused"):
        await world.do.nudges.nudge(acme.id, STAFF)
    await world.change(stage=Stage.PREPARING)
    async with world.store.transaction() as tx:
        (channel,) = await tx.customers.channels(acme.id)
        await tx.customers.save_channel(replace(channel, closed="archived"))
    with pytest.raises(UserError, match="no channel that takes messages"):
        await world.do.nudges.nudge(acme.id, STAFF)
    await world.change(stuck=Stuck(STAFF, world.clock.now(), "?"))
    with pytest.raises(UserError, match="stuck and waits for Interfy"):
        await world.do.nudges.nudge(acme.id, STAFF)
    await world.change(stuck=None)
    world.outage()
    with pytest.raises(UserError, match="couldn't read Acme's systems"):
        await world.do.nudges.nudge(acme.id, STAFF)
    assert await world.said() == []
