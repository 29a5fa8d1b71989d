"""The hand-off: too early, once, and once more."""

import asyncio

import pytest

from bot.domain import facets
from bot.domain.customer import Connection, Customer, Grant
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.records import Party
from bot.services.errors import UserError
from bot.services.notices import (
    ConfirmationNotice,
    HandoffNotice,
    PackNotice,
    SentBackNotice,
    load,
)
from bot.services.views import HandoffAnswer
from bot.storage.store import SqlStore
from tests.services.world import CASEY, HOME, STAFF, SUPPORT, World


async def test_too_early_lists_what_is_missing_and_sends_nothing(world: World, acme: Customer):
    world.break_codes()
    world.authorised_by_dana()
    result = await world.do.handoff.request(acme.id, CASEY)
    assert result.answer is HandoffAnswer.TOO_EARLY
    assert [s.requirement.id for s in result.missing] == [
        "qbo-support-user",
        "qbo-company-admin",
        "cost-code-coverage",
    ]
    assert (await world.get()).stage is Stage.PREPARING
    assert await world.deliver() == []


async def test_a_hand_off_reads_every_list_in_full(world: World, acme: Customer):
    """What a check may confirm from a kept list, a hand-off reads anew."""
    await world.do.checks.run(acme.id, None, CASEY)
    await world.do.handoff.request(acme.id, CASEY)
    assert [call.in_full for call in world.source.calls] == [False, True]


async def test_an_outage_is_too_early_even_for_a_customer_that_was_ready(
    world: World, acme: Customer
):
    await world.do.checks.run(acme.id, None, CASEY)
    world.outage(System.PROCORE)
    result = await world.do.handoff.request(acme.id, CASEY)
    assert result.answer is HandoffAnswer.TOO_EARLY
    assert {s.kind.value for s in result.missing} == {"unknown"}
    assert (await world.get()).stage is Stage.READY
    assert await world.deliver() == []


async def test_a_hand_off_tells_support_with_the_pack_and_confirms_to_the_customer(
    world: World, acme: Customer
):
    async with world.store.transaction() as tx:
        connection = Connection(
            acme.id, System.PROCORE, "8089", Grant.CLIENT_CREDENTIALS, account_name="Acme Pty Ltd"
        )
        await tx.connections.put(connection)
    world.clock.move(days=11)
    world.authorised_by_dana()
    twins = (Party("1", "Star Framing"), Party("2", "STAR FRAMING"))
    world.source.put(facets.VENDORS, twins)
    await world.do.decisions.attest(acme.id, "qbo-support-user", CASEY)
    await world.do.decisions.waive(acme.id, "qbo-company-admin", STAFF, "seen on a call", None)
    result = await world.do.handoff.request(acme.id, CASEY)
    assert result.answer is HandoffAnswer.SENT
    assert result.view.report.status("contact-support").kind.value == "verified"
    assert result.view == await world.do.customers.view(acme.id)

    to_support = await world.deliver()
    summary, pack = (load(m.payload) for m in to_support if m.channel == SUPPORT)
    (confirmation,) = (load(m.payload) for m in to_support if m.channel == HOME)
    assert isinstance(summary, HandoffNotice)
    assert (summary.required_met, summary.required_total) == (5, 5)
    assert (summary.verified, summary.attested, summary.waived) == (3, 1, 1)
    assert summary.gate == "ready with risks"
    assert [line.item for line in summary.risks] == ["procore-duplicate-vendors"]
    assert summary.systems == ('Procore 8089 "Acme Pty Ltd"',)
    assert summary.days_from_start == 11
    assert (summary.by, summary.at, summary.channel_id) == (CASEY, world.clock.now(), HOME)
    assert summary.pack_name == "acme-handoff-2026-12-04.xlsx"
    assert isinstance(pack, PackNotice)
    assert pack.file_name == summary.pack_name
    assert pack.parent_key == to_support[0].key
    assert confirmation == ConfirmationNotice(
        "Acme", "acme", acme.id, CASEY, world.clock.now(), "Australia/Sydney"
    )
    assert (await world.get()).stage is Stage.HANDED_OFF
    assert await world.lines("hand-off") == ["ready → handed off"]


@pytest.mark.parametrize("mail", [True, False])
async def test_a_mail_goes_out_when_mail_is_set_up_and_only_then(store: SqlStore, mail: bool):
    world = World(store, mail=mail)
    acme = await world.customer()
    await world.do.handoff.request(acme.id, CASEY)
    channels = sorted(m.channel for m in await world.deliver())
    expected = [HOME, SUPPORT, SUPPORT] + ["mailto:support@interfy.com.au"] * mail
    assert channels == sorted(expected)


async def test_a_customer_without_a_channel_is_handed_over_too(world: World):
    acme = await world.customer(channel="")
    result = await world.do.handoff.request(acme.id, STAFF)
    assert result.answer is HandoffAnswer.SENT
    assert {m.channel for m in await world.deliver()} == {SUPPORT}


async def test_ten_presses_at_once_hand_over_once(world: World, acme: Customer):
    results = await asyncio.gather(*(world.do.handoff.request(acme.id, f"U{n}") for n in range(10)))
    answers = [result.answer for result in results]
    assert answers.count(HandoffAnswer.SENT) == 1
    assert answers.count(HandoffAnswer.ALREADY) == 9
    assert len(await world.deliver()) == 3
    assert len(await world.lines("hand-off")) == 1


async def test_presses_in_two_processes_hand_over_once(world: World, acme: Customer):
    other = World(world.store, owner="two", clock=world.clock)
    results = await asyncio.gather(
        *(w.do.handoff.request(acme.id, CASEY) for w in (world, other) for _ in range(3))
    )
    assert [r.answer for r in results].count(HandoffAnswer.SENT) == 1
    assert len(await world.deliver()) == 3


async def test_handing_over_ends_being_stuck(world: World, acme: Customer):
    await world.do.decisions.stuck(acme.id, CASEY, "?")
    await world.do.handoff.request(acme.id, CASEY)
    assert (await world.get()).stuck is None


@pytest.mark.parametrize("rest", ["pause", "archive"])
async def test_a_customer_that_rests_is_refused_with_its_stage(
    world: World, acme: Customer, rest: str
):
    await getattr(world.do.decisions, rest)(acme.id, STAFF)
    with pytest.raises(UserError, match=r"Acme is (paused|archived), so it can't be handed over"):
        await world.do.handoff.request(acme.id, CASEY)
    assert await world.deliver() == []
    assert await world.kind("contact-support") == "unmet"


async def test_only_what_was_handed_over_can_be_accepted_or_sent_back(world: World, acme: Customer):
    with pytest.raises(UserError, match="only a customer that was handed over can be accepted"):
        await world.do.handoff.accept(acme.id, STAFF)
    with pytest.raises(UserError, match="only a customer that was handed over can be sent back"):
        await world.do.handoff.send_back(acme.id, STAFF, "no")


async def test_the_summary_comes_before_its_pack(world: World, acme: Customer):
    await world.do.handoff.request(acme.id, CASEY)
    assert [notice.kind for notice in await world.said(SUPPORT)] == ["handoff", "pack"]


async def test_sending_back_starts_over_and_a_new_hand_off_is_sent_anew(
    world: World, acme: Customer
):
    await world.do.handoff.request(acme.id, CASEY)
    first = await world.deliver()
    world.clock.move(days=1)
    await world.do.handoff.send_back(acme.id, STAFF, " wrong company ")
    back = await world.get()
    assert (back.stage, back.handover) == (Stage.PREPARING, None)
    assert back.last_movement_at == world.clock.now()
    assert await world.kind("contact-support") == "unmet"
    assert await world.lines("send back") == ["handed off → preparing: wrong company"]
    assert await world.said(HOME) == [
        SentBackNotice("Acme", "acme", acme.id, STAFF, "wrong company")
    ]
    world.clock.move(hours=1)
    again = await world.do.handoff.request(acme.id, CASEY)
    assert again.answer is HandoffAnswer.SENT
    second = await world.deliver()
    assert [m.kind for m in second] == [m.kind for m in first]
    assert not {m.key for m in second} & {m.key for m in first}
