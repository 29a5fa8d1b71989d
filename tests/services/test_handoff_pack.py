"""The pack of a hand-off: a workbook with everything, made while nobody waits for it."""

import asyncio
import base64
import io
import threading
from collections.abc import Callable, Sequence
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import facets
from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.records import Party, QboCompany
from bot.services.facts import away_in_a_thread
from bot.services.notices import HandoffNotice, PackNotice
from bot.services.views import HandoffAnswer
from bot.services.workbook import Sheet, make_workbook
from bot.storage.store import SqlStore
from tests.any_text import CHARACTERS
from tests.services.world import CASEY, STAFF, SUPPORT, World


@pytest.fixture
def world(store: SqlStore) -> World:
    """One in which workbooks are made, and in a thread."""
    return World(store, away=away_in_a_thread)


class Bench:
    """Where a workbook is made, in a thread, when the test lets it; a real one for who reads it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.make_workbook: Callable[[Sequence[Sheet]], bytes] = lambda _sheets: b"workbook"
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.made = 0
        monkeypatch.setattr("bot.services.handoff.make_workbook", self.make)

    def make(self, sheets: Sequence[Sheet]) -> bytes:
        self.made += 1
        self.begun.set()
        assert self.go_on.wait(10)
        return self.make_workbook(sheets)

    async def under_way(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, 10)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


async def test_nobody_waits_for_the_workbook_and_it_shows_what_was_decided_meanwhile(
    world: World, acme: Customer, bench: Bench
):
    """On SQLite there is one writer: were it made in a transaction, this would wait for ever."""
    bench.make_workbook = make_workbook
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


async def test_the_risks_are_looked_at_before_the_workbook_is_made(
    world: World, acme: Customer, bench: Bench
):
    """A look that ended while it was made would have it made a second time."""
    bench.make_workbook = make_workbook
    world.do.checks.then(world.do.risks.follow)
    world.source.put(facets.COMPANY, QboCompany("QuickBooks Online Essentials", "PAID"))
    bench.go_on.set()
    world.source.gate.clear()
    pressed = asyncio.create_task(world.do.handoff.request(acme.id, CASEY))
    await world.source.called(1)
    world.source.gate.set()  # The check reads to its end, and what the risks need is held.
    world.source.gate.clear()
    await world.source.called(2)
    for _ in range(20):
        await asyncio.sleep(0)
    assert (bench.made, pressed.done()) == (0, False)
    world.source.gate.set()
    assert (await pressed).answer is HandoffAnswer.SENT
    assert bench.made == 1
    (pack,) = [n for n in await world.said(SUPPORT) if isinstance(n, PackNotice)]
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(pack.content_base64)))
    assert "QuickBooks Online Essentials" in str(list(book["Risks"].values))


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
    exported = await world.files(acme.id)
    sheets = openpyxl.load_workbook(io.BytesIO(exported[0].content)).sheetnames
    assert sheets[0] == "Customer"
    worksheets = ["Mapping", "Merge in Procore", "Merge in QuickBooks"]
    # What the export says with an empty table, the pack leaves out.
    told = [name for name in sheets[3:] if name in book.sheetnames]
    assert book.sheetnames == [*sheets[:3], *worksheets, *told]
    assert set(sheets) - set(book.sheetnames) == {
        "Owners", "Chosen targets", "Not duplicates", "Records to keep", "Put away",
    }  # fmt: skip
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "d"}
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    texts = [str(cell.value) for cell in cells]
    assert any(evil in text for text in texts)
    checklist = {row[0]: row for row in book["Checklist"].iter_rows(values_only=True)}
    assert len(checklist) == 10
    known = {title: row[3] for title, row in checklist.items()}
    assert known["QuickBooks support user is Company admin"] == (
        "waived by USTAFF until 24 Dec 2026: @later"
    )
    assert known['QuickBooks user "OneCore Connect Support" exists'] == (
        "attested by UCASEY on 23 Nov 2026: +SUM(1;2)"
    )
    assert known["Cost codes need a QuickBooks account or item"] == "verified live"
    assert known["No duplicate vendors in Procore"] == "read live"
    # A moment is one, by the customer's clock; also where people decided, what was seen is there.
    checked = checklist["Cost codes need a QuickBooks account or item"][5]
    assert f"{checked:%d %b %Y %H:%M}" == "23 Nov 2026 09:00"
    assert "can't see users" in str(checklist["QuickBooks support user is Company admin"][4])
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
    made = await world.do.worksheets.of(acme.id)
    assert [sheet.name for sheet in made] == ["Mapping", "Merge in QuickBooks"]


TEXTS = st.builds(str.__add__, st.sampled_from(["", "="]), st.text(CHARACTERS, max_size=40))


# A workbook takes a hundred times as long as its texts: few, with many in each.
@settings(max_examples=10)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=30))
def test_any_text_makes_a_workbook_that_reads_back_as_text(rows: list[list[str]]):
    data = make_workbook([Sheet("A sheet with a name that is far too long", ("a", "b"), rows)])
    (page,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert page.max_row == 1 + len(rows)


def test_a_spreadsheet_makes_neither_a_date_nor_a_number_of_a_text():
    texts = ["03-100", "1-2", "007", "1e5", "TRUE", "#REF!", "'x", "-1+2"]
    data = make_workbook([Sheet("s", ("code",), [(text,) for text in texts])])
    (page,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = [cell for (cell,) in page.iter_rows(min_row=2)]
    assert [(one.value, one.data_type, one.number_format) for one in cells] == [
        (text, "s", "@") for text in texts
    ]


def test_a_cell_too_long_for_a_spreadsheet_is_cut():
    (page,) = openpyxl.load_workbook(
        io.BytesIO(make_workbook([Sheet("s", ("a",), [("x" * 40_000,)])]))
    ).worksheets
    assert len(page["A2"].value) == 32_767
