"""After the hand-off: pressed again, accepted, sent back, reopened."""

import asyncio

import pytest

from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.services.errors import UserError
from bot.services.notices import AcceptedNotice, ReopenedNotice, load
from bot.services.views import HandoffAnswer
from tests.services.world import CASEY, HOME, STAFF, SUPPORT, World


async def begin(world: World) -> None:
    """Acme is handed over, and everybody was told."""
    acme = await world.customer()
    await world.do.handoff.request(acme.id, CASEY)
    assert len(await world.deliver()) == 3


async def test_a_second_press_later_reads_nothing_and_sends_nothing(world: World, acme: Customer):
    again = await world.do.handoff.request(acme.id, CASEY)
    assert again.answer is HandoffAnswer.ALREADY
    assert world.source.calls == []
    assert await world.deliver() == []


async def test_acceptance_is_told_once_and_ends_the_daily_round(world: World, acme: Customer):
    world.clock.move(hours=2)
    await world.do.handoff.accept(acme.id, STAFF)
    await world.do.handoff.accept(acme.id, "UOTHER")
    accepted = await world.get()
    assert accepted.stage is Stage.ACCEPTED
    assert accepted.next_reminder_at is None
    assert accepted.handover is not None
    assert accepted.handover.accepted_by == STAFF
    assert accepted.handover.accepted_at == world.clock.now()
    assert await world.said() == [AcceptedNotice("Acme", "acme", acme.id, STAFF)]
    status = (await world.do.customers.view(acme.id)).report.status("contact-support")
    assert status.finding is not None
    assert "accepted" in status.finding.summary


async def test_sending_back_needs_a_reason(world: World, acme: Customer):
    with pytest.raises(UserError, match="say why"):
        await world.do.handoff.send_back(acme.id, STAFF, "  ")
    assert (await world.get()).stage is Stage.HANDED_OFF


async def test_a_regression_before_acceptance_reopens_and_says_why_to_both(
    world: World, acme: Customer
):
    world.clock.move(hours=1)
    world.lose_support_user()
    await world.do.checks.run(acme.id, None, "bot")
    reopened = await world.get()
    assert (reopened.stage, reopened.handover) == (Stage.PREPARING, None)
    assert reopened.last_movement_at == world.clock.now()
    assert await world.kind("contact-support") == "unmet"
    posted = await world.deliver()
    assert sorted(m.channel for m in posted) == [HOME, SUPPORT]
    for message in posted:
        notice = load(message.payload)
        assert isinstance(notice, ReopenedNotice)
        assert [line.item for line in notice.lines] == ["procore-support-user"]
    (line,) = await world.lines("regression found")
    assert line.startswith("handed off → preparing: Procore support user")


async def test_an_outage_does_not_reopen_a_hand_off(world: World, acme: Customer):
    world.outage()
    await world.do.checks.run(acme.id, None, "bot")
    assert (await world.get()).stage is Stage.HANDED_OFF
    assert await world.deliver() == []
    assert await world.kind("contact-support") == "verified"


async def test_after_acceptance_a_regression_is_interfys_business(world: World, acme: Customer):
    await world.do.handoff.accept(acme.id, STAFF)
    await world.deliver()
    world.lose_support_user()
    await world.do.checks.run(acme.id, None, STAFF)
    assert (await world.get()).stage is Stage.ACCEPTED
    assert await world.deliver() == []


async def test_a_check_that_began_before_sending_back_does_not_bring_the_hand_off_back(
    world: World, acme: Customer
):
    world.source.gate.clear()
    check = asyncio.create_task(world.do.checks.run(acme.id, None, "bot"))
    await world.source.called()
    await world.do.handoff.send_back(acme.id, STAFF, "wrong company")
    world.source.gate.set()
    await check
    assert await world.kind("contact-support") == "unmet"
