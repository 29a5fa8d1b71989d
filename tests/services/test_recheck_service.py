"""A press on *Re-check*: ten seconds in which nothing is read twice, and when they don't hold."""

import asyncio

import pytest

from bot.domain.catalogue import catalogue
from bot.domain.customer import Customer
from bot.domain.model import Cause
from bot.services.recheck import Cooling
from bot.services.views import CheckOutcome
from tests.services.world import CASEY, STAFF, World

KEY = "cost-code-coverage"
EVERY = tuple(sorted(known.id for known in catalogue()))


async def press(world: World, *items: str, by: str = CASEY) -> CheckOutcome | Cooling:
    return await world.do.rechecks.press(1, items or None, by)


async def cools(world: World, *items: str, by: str = CASEY) -> Cooling:
    answer = await press(world, *items, by=by)
    assert isinstance(answer, Cooling)
    return answer


async def reads(world: World, *items: str) -> CheckOutcome:
    """A press that is a check at once."""
    before = len(world.source.calls)
    answer = await press(world, *items)
    assert isinstance(answer, CheckOutcome)
    assert len(world.source.calls) == before + 1
    return answer


@pytest.fixture(autouse=True)
async def pressed(world: World, acme: Customer) -> Customer:
    """Casey has pressed *Re-check everything*."""
    world.break_codes()
    await reads(world)
    return acme


async def test_a_second_press_is_told_how_old_the_answer_is_and_reads_nothing(world: World):
    world.clock.move(seconds=4)
    answer = await cools(world, by=STAFF)
    assert (answer.ago, answer.wait, answer.checked) == (4, 6, EVERY)
    assert answer.view.report.status(KEY).kind.value == "unmet"
    assert len(world.source.calls) == 1
    await world.do.stop()


async def test_a_click_is_no_decision_and_holds_no_answer_up_for_question(world: World):
    """However many buttons were pressed that only open something, the answer still stands."""
    for label in ["How to fix"] * 30:
        await world.do.customers.clicked(1, STAFF, label, world.clock.now())
    await cools(world)
    assert len(world.source.calls) == 1
    await world.do.stop()


async def test_what_was_mended_meanwhile_is_seen_without_another_press(world: World):
    """One more run when the ten seconds are over, for everybody who pressed."""
    world.clock.move(seconds=2)
    world.mend()
    first = await cools(world, KEY)
    await asyncio.sleep(0)
    world.clock.move(seconds=3)
    second = await cools(world, KEY, by=STAFF)
    assert second.later is first.later
    assert second.wait == 5
    world.go_on.set()
    found = await first.later
    assert world.paused == [8.0]
    assert len(world.source.calls) == 2
    assert found.checked == (KEY,)
    assert await world.kind(KEY) == "verified"
    assert world.board.last is None


async def test_the_run_that_follows_covers_all_that_was_pressed(world: World):
    first = await cools(world, KEY)
    await cools(world, "procore-support-user")
    world.go_on.set()
    assert (await first.later).checked == (KEY, "procore-support-user")
    assert len(world.source.calls) == 2


async def test_the_run_that_follows_counts_as_pressed(world: World):
    answer = await cools(world)
    world.go_on.set()
    await answer.later
    again = await cools(world)
    assert again.later is not answer.later
    await again.later


async def test_after_ten_seconds_a_press_is_a_check(world: World):
    world.clock.move(seconds=10)
    await reads(world)


async def test_an_item_that_was_not_pressed_is_read(world: World):
    world.clock.move(seconds=10)
    await reads(world, KEY)
    await reads(world, KEY, "procore-support-user")


async def test_a_decision_ends_it(world: World):
    await world.do.decisions.assign(1, KEY, CASEY, STAFF, None)
    await reads(world)


async def test_an_outage_ends_it(world: World):
    """Whoever reads that a system could not be reached presses again at once, and rightly."""
    world.clock.move(seconds=10)
    world.outage(cause=Cause.UNREACHABLE)
    await reads(world)
    await reads(world)


async def test_what_only_a_person_can_mend_is_no_outage(world: World):
    world.clock.move(seconds=10)
    world.outage(cause=Cause.NOT_CONNECTED)
    await reads(world)
    await cools(world)
    await world.do.stop()


async def test_a_clock_that_was_set_back_holds_nobody_up(world: World):
    world.clock.move(days=-1)
    await reads(world)


async def test_the_hand_off_and_the_round_read_at_once(world: World):
    world.mend()
    await world.do.handoff.request(1, CASEY)
    assert len(world.source.calls) == 2
    await world.change(next_reminder_at=world.clock.now())
    await world.do.reminders.tick()
    assert len(world.source.calls) == 3


async def test_other_checks_start_no_cool_down(world: World):
    world.clock.move(seconds=10)
    await world.do.checks.run(1, None, STAFF)
    await reads(world)


async def test_a_broken_run_is_logged_and_the_next_press_reads(
    world: World, caplog: pytest.LogCaptureFixture
):
    answer = await cools(world)
    world.source.error = RuntimeError("no source raises")
    world.go_on.set()
    with pytest.raises(RuntimeError):
        await answer.later
    await asyncio.sleep(0)
    assert "followed a press" in caplog.text
    world.source.error = None
    await reads(world)


async def test_a_shutdown_forgets_the_run_that_was_to_follow(world: World):
    answer = await cools(world)
    await world.do.stop()
    assert answer.later.cancelled()
    assert len(world.source.calls) == 1
