"""What people decide: done, waived, assigned, stuck, snoozed, reminded, paused, put away."""

from datetime import UTC, date, datetime, time

import pytest

from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import Assignment
from bot.services.errors import UserError
from bot.services.notices import StuckNotice
from tests.services.world import CASEY, HOME, STAFF, SUPPORT, World, sydney

ITEM = "qbo-support-user"


@pytest.fixture
async def waiting(world: World, acme: Customer) -> Customer:
    """Checked: the two QuickBooks user items are left, and nobody but a person can tell."""
    world.authorised_by_dana()
    await world.do.checks.run(acme.id, None, CASEY)
    return acme


async def test_a_persons_word_counts_is_named_and_moves_the_stage(world: World, waiting: Customer):
    world.clock.move(hours=1)
    await world.do.decisions.attest(waiting.id, ITEM, CASEY, " Dana added it ")
    status = (await world.do.customers.view(waiting.id)).report.status(ITEM)
    assert status.kind.value == "attested"
    assert status.attestation is not None
    assert (status.attestation.by, status.attestation.note) == (CASEY, "Dana added it")
    assert await world.lines("done") == ["qbo-support-user Dana added it"]
    assert (await world.get()).stage is Stage.PREPARING
    assert (await world.get()).last_movement_at == world.clock.now()
    await world.do.decisions.attest(waiting.id, "qbo-company-admin", CASEY)
    assert (await world.get()).stage is Stage.READY
    assert world.board.last is None


async def test_a_word_can_be_taken_back_once(world: World, waiting: Customer):
    await world.do.decisions.attest(waiting.id, ITEM, CASEY)
    await world.do.decisions.withdraw(waiting.id, ITEM, CASEY)
    assert await world.kind(ITEM) == "unknown"
    assert await world.lines("done withdrawn") == [ITEM]
    with pytest.raises(UserError, match="nothing changed"):
        await world.do.decisions.withdraw(waiting.id, ITEM, CASEY)
    assert await world.lines("done withdrawn") == [ITEM]


async def test_the_hand_off_is_no_matter_of_anybodys_word_or_waiver(world: World, acme: Customer):
    with pytest.raises(UserError, match="Press Contact Interfy support"):
        await world.do.decisions.attest(acme.id, "contact-support", CASEY)
    with pytest.raises(UserError, match="can't be waived"):
        await world.do.decisions.waive(acme.id, "contact-support", STAFF, "why not", None)
    assert await world.kind("contact-support") == "not checked"


async def test_an_item_that_does_not_exist_is_decided_about_by_nobody(world: World, acme: Customer):
    with pytest.raises(KeyError):
        await world.do.decisions.attest(acme.id, "no-such-item", CASEY)
    with pytest.raises(KeyError):
        await world.do.decisions.waive(acme.id, "no-such-item", STAFF, "fine", None)
    with pytest.raises(KeyError):
        await world.do.decisions.assign(acme.id, "no-such-item", STAFF, CASEY, None)


async def test_a_waiver_counts_until_its_day_and_can_be_taken_back(world: World, acme: Customer):
    world.break_codes()
    await world.do.checks.run(acme.id, None, CASEY)
    until = date(2026, 11, 24)
    await world.do.decisions.waive(acme.id, "cost-code-coverage", STAFF, " small job ", until)
    assert await world.kind("cost-code-coverage") == "waived"
    assert (await world.get()).stage is Stage.READY
    assert await world.lines("waive") == ["cost-code-coverage until 24 Nov 2026: small job"]
    world.clock.set(sydney(24, "23:59"))
    assert await world.kind("cost-code-coverage") == "waived"
    world.clock.set(sydney(25, "00:00"))
    assert await world.kind("cost-code-coverage") == "unmet"
    await world.do.decisions.unwaive(acme.id, "cost-code-coverage", STAFF)
    assert (await world.get()).stage is Stage.PREPARING
    with pytest.raises(UserError, match="isn't waived"):
        await world.do.decisions.unwaive(acme.id, "cost-code-coverage", STAFF)


@pytest.mark.parametrize("why", ["", "   "])
async def test_a_waiver_needs_a_reason(world: World, acme: Customer, why: str):
    with pytest.raises(UserError, match="needs a reason"):
        await world.do.decisions.waive(acme.id, ITEM, STAFF, why, None)
    assert await world.lines("waive") == []


@pytest.mark.parametrize(
    ("timezone", "now", "last_day"),
    [
        # 08:00 on the 23rd in Sydney is still the 22nd in UTC.
        ("Australia/Sydney", datetime(2026, 11, 22, 21, tzinfo=UTC), date(2026, 11, 23)),
        # 20:00 on the 22nd in Los Angeles is the 23rd in UTC already.
        ("America/Los_Angeles", datetime(2026, 11, 23, 4, tzinfo=UTC), date(2026, 11, 22)),
    ],
)
async def test_whether_a_waivers_day_is_over_is_decided_on_the_customers_calendar(
    world: World, acme: Customer, timezone: str, now: datetime, last_day: date
):
    await world.change(timezone=timezone)
    world.clock.set(now)
    over = date.fromordinal(last_day.toordinal() - 1)
    with pytest.raises(UserError, match="is over already"):
        await world.do.decisions.waive(acme.id, ITEM, STAFF, "fine", over)
    assert await world.kind(ITEM) == "not checked"
    await world.do.decisions.waive(acme.id, ITEM, STAFF, "fine", last_day)
    assert await world.kind(ITEM) == "waived"


async def test_an_owner_and_a_day_are_shown_and_noted(world: World, acme: Customer):
    due = date(2026, 11, 27)
    await world.do.decisions.assign(acme.id, ITEM, STAFF, CASEY, due)
    status = (await world.do.customers.view(acme.id)).report.status(ITEM)
    assert status.assignment == Assignment(CASEY, due)
    assert await world.lines("assign") == ["qbo-support-user to UCASEY by 27 Nov 2026"]
    assert world.board.shown == [(acme.id, None)]
    # Nothing was done by that yet.
    assert (await world.get()).last_movement_at is None


async def test_stuck_tells_staff_at_once_and_rests_reminders(world: World, acme: Customer):
    await world.do.decisions.stuck(acme.id, CASEY, " which template? ")
    stuck = (await world.get()).stuck
    assert stuck is not None
    assert (stuck.by, stuck.at, stuck.why) == (CASEY, world.clock.now(), "which template?")
    assert await world.said(SUPPORT) == [
        StuckNotice("Acme", "acme", acme.id, CASEY, "which template?", HOME)
    ]
    settings = await world.do.decisions.remind(acme.id, CASEY, at=time(10))
    assert settings.next_at is None
    assert await world.lines("stuck") == ["which template?"]


async def test_help_before_everything_is_done_is_the_same_as_being_stuck(
    world: World, acme: Customer
):
    await world.do.handoff.help(acme.id, CASEY, "please call")
    (notice,) = await world.said()
    assert isinstance(notice, StuckNotice)
    assert (await world.get()).stuck is not None


async def test_two_cries_for_help_are_two_messages(world: World, acme: Customer):
    await world.do.decisions.stuck(acme.id, CASEY, "one")
    world.clock.move(minutes=1)
    await world.do.decisions.stuck(acme.id, CASEY, "two")
    assert [n.why for n in await world.said(SUPPORT)] == ["one", "two"]


async def test_snooze_moves_the_next_reminder(world: World, acme: Customer):
    settings = await world.do.decisions.snooze(acme.id, 2, CASEY)
    assert (settings.next_at, settings.snoozed_until) == (sydney(25), date(2026, 11, 25))
    assert (await world.get()).next_reminder_at == sydney(25)
    assert await world.lines("snooze") == ["2 days"]


@pytest.mark.parametrize("days", [0, 15])
async def test_a_snooze_out_of_bounds_changes_nothing(world: World, acme: Customer, days: int):
    with pytest.raises(UserError, match="1 to 14 days"):
        await world.do.decisions.snooze(acme.id, days, CASEY)
    assert (await world.get()).snoozed_until is None
    assert await world.lines("snooze") == []


async def test_reminders_are_switched_off_and_on_and_moved(world: World, acme: Customer):
    off = await world.do.decisions.remind(acme.id, CASEY, on=False)
    assert (off.on, off.next_at) == (False, None)
    late = await world.do.decisions.remind(acme.id, CASEY, on=True, at=time(14, 30))
    assert (late.on, late.next_at) == (True, sydney(23, "14:30"))
    assert await world.lines("remind") == ["off", "on 14:30"]


async def test_switching_reminders_on_ends_snooze_and_stuck(world: World, acme: Customer):
    await world.do.decisions.snooze(acme.id, 5, CASEY)
    await world.do.decisions.stuck(acme.id, CASEY, "?")
    settings = await world.do.decisions.remind(acme.id, CASEY, on=True)
    assert (settings.next_at, settings.snoozed_until) == (sydney(24), None)
    assert (await world.get()).stuck is None


async def test_a_decision_that_changes_no_timing_leaves_a_due_reminder_due(
    world: World, acme: Customer
):
    world.clock.set(sydney(24, "09:00"))
    await world.do.decisions.assign(acme.id, ITEM, STAFF, CASEY, None)
    assert (await world.get()).next_reminder_at == sydney(24)


async def test_pause_and_resume_leave_one_line_each_and_start_the_idle_days_again(
    world: World, acme: Customer
):
    await world.change(escalation=2)
    paused = await world.do.decisions.pause(acme.id, STAFF)
    assert paused.stage is Stage.PAUSED
    world.clock.move(days=60)
    resumed = await world.do.decisions.resume(acme.id, STAFF)
    assert resumed.stage is Stage.PREPARING
    assert (resumed.last_movement_at, resumed.escalation) == (world.clock.now(), 0)
    assert resumed.next_reminder_at is not None
    assert resumed.next_reminder_at > world.clock.now()
    assert await world.lines("pause") == ["preparing → paused"]
    assert await world.lines("resume") == ["paused → preparing"]


async def test_a_customer_that_was_ready_is_ready_again_after_a_pause(world: World, acme: Customer):
    await world.do.checks.run(acme.id, None, CASEY)
    await world.do.decisions.pause(acme.id, STAFF)
    assert (await world.do.decisions.resume(acme.id, STAFF)).stage is Stage.READY


async def test_resume_ends_being_stuck(world: World, acme: Customer):
    await world.do.decisions.stuck(acme.id, CASEY, "?")
    world.clock.move(days=3)
    resumed = await world.do.decisions.resume(acme.id, STAFF)
    assert (resumed.stuck, resumed.stage) == (None, Stage.PREPARING)
    assert resumed.last_movement_at == world.clock.now()
    assert resumed.next_reminder_at == sydney(27)
    assert await world.lines("resume") == ["not stuck"]
    assert await world.get() == resumed


@pytest.mark.parametrize("rest", ["pause", "archive"])
async def test_resume_ends_being_stuck_and_paused_or_archived_in_one(
    world: World, acme: Customer, rest: str
):
    await world.do.decisions.stuck(acme.id, CASEY, "?")
    await getattr(world.do.decisions, rest)(acme.id, STAFF)
    resumed = await world.do.decisions.resume(acme.id, STAFF)
    assert (resumed.stuck, resumed.stage) == (None, Stage.PREPARING)


async def test_there_is_nothing_to_resume_for_a_customer_that_goes_on(world: World, acme: Customer):
    with pytest.raises(UserError, match="Acme is preparing already"):
        await world.do.decisions.resume(acme.id, STAFF)
    assert await world.lines("resume") == []


async def test_an_archived_customer_is_looked_at_no_more_until_it_is_resumed(
    world: World, acme: Customer
):
    assert (await world.do.decisions.archive(acme.id, STAFF)).next_reminder_at is None
    assert await world.lines("archive") == ["preparing → archived"]
    with pytest.raises(UserError, match="archived already"):
        await world.do.decisions.archive(acme.id, STAFF)
    assert (await world.do.decisions.resume(acme.id, STAFF)).next_reminder_at == sydney(24)


async def test_an_accepted_customer_that_comes_back_has_not_contacted_support(
    world: World, acme: Customer
):
    await world.do.handoff.request(acme.id, CASEY)
    await world.do.handoff.accept(acme.id, STAFF)
    await world.do.decisions.archive(acme.id, STAFF)
    back = await world.do.decisions.resume(acme.id, STAFF)
    assert back.handover is None
    assert await world.kind("contact-support") == "unmet"


async def test_a_refused_decision_redraws_nothing(world: World, acme: Customer):
    with pytest.raises(UserError):
        await world.do.decisions.resume(acme.id, STAFF)
    assert world.board.shown == []
