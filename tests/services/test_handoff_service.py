"""The hand-off: too early, once, accepted, sent back, reopened."""

import asyncio
import base64
import io
import threading
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import facets
from bot.domain.customer import Connection, Customer, Grant
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.records import Party
from bot.services.dossier import customer_files
from bot.services.errors import UserError
from bot.services.notices import (
    AcceptedNotice,
    ConfirmationNotice,
    HandoffNotice,
    PackNotice,
    ReopenedNotice,
    SentBackNotice,
    load,
)
from bot.services.views import HandoffAnswer
from bot.services.workbook import Sheet, make_workbook
from bot.services.worksheets import Worksheets
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


class Bench:
    """Where a workbook is made, in a thread, when the test lets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.made = 0
        monkeypatch.setattr("bot.services.handoff.make_workbook", self.make)

    def make(self, sheets: Sequence[Sheet]) -> bytes:
        self.made += 1
        self.begun.set()
        assert self.go_on.wait(10)
        return make_workbook(sheets)

    async def under_way(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, 10)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


async def test_nobody_waits_for_the_workbook_and_it_shows_what_was_decided_meanwhile(
    world: World, acme: Customer, bench: Bench
):
    """On SQLite there is one writer: were it made in a transaction, this would wait for ever."""
    pressed = asyncio.create_task(world.do.handoff.request(acme.id, CASEY))
    await bench.under_way()
    assert (await world.get()).stage is Stage.READY
    await world.do.decisions.assign(acme.id, "cost-code-coverage", STAFF, "UMEANWHILE", None)
    bench.go_on.set()
    assert (await pressed).answer is HandoffAnswer.SENT
    assert bench.made == 2
    (pack,) = [n for n in await world.said(SUPPORT) if isinstance(n, PackNotice)]
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(pack.content_base64)))
    owners = [row[1] for row in book["Owners"].iter_rows(min_row=2, values_only=True)]
    assert owners == ["UMEANWHILE"]


async def test_of_many_presses_one_makes_the_workbook(world: World, acme: Customer, bench: Bench):
    bench.go_on.set()
    await asyncio.gather(*(world.do.handoff.request(acme.id, CASEY) for _ in range(5)))
    assert bench.made == 1


async def test_a_process_that_dies_over_the_workbook_has_handed_nothing_over(
    world: World, acme: Customer, bench: Bench
):
    pressed = asyncio.create_task(world.do.handoff.request(acme.id, CASEY))
    await bench.under_way()
    pressed.cancel()
    bench.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await pressed
    assert (await world.get()).stage is Stage.READY
    assert (await world.deliver(), await world.lines("hand-off")) == ([], [])
    assert (await world.do.handoff.request(acme.id, CASEY)).answer is HandoffAnswer.SENT
    assert len(await world.deliver()) == 3


async def test_a_regression_that_is_found_while_the_workbook_is_made_stops_the_hand_off(
    world: World, acme: Customer, bench: Bench
):
    pressed = asyncio.create_task(world.do.handoff.request(acme.id, CASEY))
    await bench.under_way()
    world.lose_support_user()
    await world.do.checks.run(acme.id, None, "bot")
    bench.go_on.set()
    assert (await pressed).answer is HandoffAnswer.TOO_EARLY
    assert (await world.get()).stage is Stage.PREPARING
    assert await world.deliver() == []


async def test_a_second_press_later_reads_nothing_and_sends_nothing(world: World, acme: Customer):
    await world.do.handoff.request(acme.id, CASEY)
    await world.deliver()
    reads = len(world.source.calls)
    again = await world.do.handoff.request(acme.id, CASEY)
    assert again.answer is HandoffAnswer.ALREADY
    assert len(world.source.calls) == reads
    assert await world.deliver() == []


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


async def test_acceptance_is_told_once_and_ends_the_daily_round(world: World, acme: Customer):
    await world.do.handoff.request(acme.id, CASEY)
    await world.deliver()
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


async def test_only_what_was_handed_over_can_be_accepted_or_sent_back(world: World, acme: Customer):
    with pytest.raises(UserError, match="only a customer that was handed over can be accepted"):
        await world.do.handoff.accept(acme.id, STAFF)
    with pytest.raises(UserError, match="only a customer that was handed over can be sent back"):
        await world.do.handoff.send_back(acme.id, STAFF, "no")


async def test_sending_back_needs_a_reason(world: World, acme: Customer):
    await world.do.handoff.request(acme.id, CASEY)
    with pytest.raises(UserError, match="say why"):
        await world.do.handoff.send_back(acme.id, STAFF, "  ")
    assert (await world.get()).stage is Stage.HANDED_OFF


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


async def test_a_regression_before_acceptance_reopens_and_says_why_to_both(
    world: World, acme: Customer
):
    await world.do.handoff.request(acme.id, CASEY)
    await world.deliver()
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
    await world.do.handoff.request(acme.id, CASEY)
    await world.deliver()
    world.outage()
    await world.do.checks.run(acme.id, None, "bot")
    assert (await world.get()).stage is Stage.HANDED_OFF
    assert await world.deliver() == []
    assert await world.kind("contact-support") == "verified"


async def test_after_acceptance_a_regression_is_interfys_business(world: World, acme: Customer):
    await world.do.handoff.request(acme.id, CASEY)
    await world.do.handoff.accept(acme.id, STAFF)
    await world.deliver()
    world.lose_support_user()
    await world.do.checks.run(acme.id, None, STAFF)
    assert (await world.get()).stage is Stage.ACCEPTED
    assert await world.deliver() == []


async def test_a_check_that_began_before_sending_back_does_not_bring_the_hand_off_back(
    world: World, acme: Customer
):
    await world.do.handoff.request(acme.id, CASEY)
    world.source.gate.clear()
    check = asyncio.create_task(world.do.checks.run(acme.id, None, "bot"))
    await world.source.called(2)
    await world.do.handoff.send_back(acme.id, STAFF, "wrong company")
    world.source.gate.set()
    await check
    assert await world.kind("contact-support") == "unmet"


# --- the evidence pack ---


async def test_the_pack_is_a_readable_workbook_in_which_no_name_is_a_formula(
    world: World, acme: Customer
):
    evil = '=HYPERLINK("http://example.com","x")'
    world.source.put(facets.VENDORS, (Party("1", evil), Party("2", evil.lower())))
    world.authorised_by_dana()
    await world.do.decisions.attest(acme.id, "qbo-support-user", CASEY, "+SUM(1;2)")
    until = date(2026, 12, 24)
    await world.do.decisions.waive(acme.id, "qbo-company-admin", STAFF, "@later", until)
    await world.do.handoff.request(acme.id, CASEY)
    (pack,) = [n for n in await world.said() if isinstance(n, PackNotice)]
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(pack.content_base64)))
    exported = await customer_files(
        world.store, world.clock, world.do.support, world.do.changes, acme.id
    )
    sheets = openpyxl.load_workbook(io.BytesIO(exported[0].content)).sheetnames
    assert sheets[0] == "Customer"
    worksheets = ["Mapping", "Merge in Procore", "Merge in QuickBooks"]
    assert book.sheetnames == [*sheets, *worksheets]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    texts = [str(cell.value) for cell in cells]
    assert any(evil in text for text in texts)
    assert "+SUM(1;2)" in texts
    checklist = {row[0]: row for row in book["Checklist"].iter_rows(values_only=True)}
    assert len(checklist) == 10
    known = {title: row[3] for title, row in checklist.items()}
    assert known["QuickBooks support user is Company admin"] == (
        "waived by USTAFF until 24 Dec 2026: @later"
    )
    assert known['QuickBooks user "OneCore Connect Support" exists'] == (
        "attested by UCASEY on 23 Nov 2026"
    )
    assert known["Cost codes need a QuickBooks account or item"] == "verified live"
    assert known["No duplicate vendors in Procore"] == "unmet"
    assert checklist["Cost codes need a QuickBooks account or item"][4] == "2026-11-23 09:00 AEDT"
    actions = [row[2] for row in book["History"].iter_rows(min_row=2, values_only=True)]
    assert actions[0] == "hand-off"
    assert "new" in actions
    mapping = list(book["Mapping"].iter_rows(min_row=2, values_only=True))
    assert {row[8] for row in mapping} == {"matched"}
    assert [row[2] for row in book["Merge in Procore"].iter_rows(min_row=2, values_only=True)] == [
        "keep",
        "merge into the one above that is kept",
    ]


async def test_the_pack_goes_with_the_mail_and_once_only_to_the_channel(store: SqlStore):
    world = World(store, mail=True)
    customer = await world.customer()
    await world.do.handoff.request(customer.id, CASEY)
    said = await world.said()
    (pack,) = [n for n in said if isinstance(n, PackNotice)]
    summaries = [n for n in said if isinstance(n, HandoffNotice)]
    assert [n.pack_base64 for n in summaries] == ["", pack.content_base64]


async def test_a_system_that_cannot_be_read_any_more_costs_its_worksheet_only(
    world: World, acme: Customer
):
    await world.do.checks.run(acme.id, None, CASEY)
    world.source.fail(facets.VENDORS, "I couldn't read Procore just now.")
    world.clock.move(hours=2)
    made = await Worksheets(world.do.matching, world.do.duplicates).of(acme.id)
    assert [sheet.name for sheet in made] == ["Mapping", "Merge in QuickBooks"]


@settings(max_examples=30)
@given(st.lists(st.lists(st.text(max_size=40), min_size=2, max_size=2), max_size=5))
def test_any_text_makes_a_workbook_that_reads_back_as_text(rows: list[list[str]]):
    data = make_workbook([Sheet("A sheet with a name that is far too long", ("a", "b"), rows)])
    (page,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert page.max_row == 1 + len(rows)


@pytest.mark.parametrize("text", ["03-100", "1-2", "007", "1e5", "TRUE", "#REF!", "'x", "-1+2"])
def test_a_spreadsheet_makes_neither_a_date_nor_a_number_of_a_text(text: str):
    (page,) = openpyxl.load_workbook(
        io.BytesIO(make_workbook([Sheet("s", ("code",), [(text,)])]))
    ).worksheets
    cell = page["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_a_cell_too_long_for_a_spreadsheet_is_cut():
    (page,) = openpyxl.load_workbook(
        io.BytesIO(make_workbook([Sheet("s", ("a",), [("x" * 40_000,)])]))
    ).worksheets
    assert len(page["A2"].value) == 32_767


async def test_the_summary_comes_before_its_pack(world: World, acme: Customer):
    await world.do.handoff.request(acme.id, CASEY)
    assert [notice.kind for notice in await world.said(SUPPORT)] == ["handoff", "pack"]
