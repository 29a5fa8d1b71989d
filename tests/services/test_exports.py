"""What leaves as a file: text that spreadsheets leave alone, accounts that can be imported."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import facets
from bot.domain.customer import Customer
from bot.domain.merge_plan import NO_LINK
from bot.domain.model import MappingMode, System
from bot.domain.records import Accounts, CostCode, Party, Target
from bot.services.exports import mapping_files, merge_sheet
from bot.services.files import Form, guarded, make_csv, make_files
from bot.services.missing import missing_sheets
from bot.services.workbook import Sheet
from tests.any_text import CHARACTERS
from tests.fakes.facts import account, code, codes
from tests.services.test_duplicates_service import two_pairs
from tests.services.world import CASEY, STAFF, World

EVIL = '=HYPERLINK("https://evil","x")'


@pytest.mark.parametrize(
    "text",
    [
        EVIL, "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "\uff1d1+1", "\n@x",
        "03-300", "3-10", "03300", "03.10", "1.10", "1/2", "12:30", "1E5", "2d3", "Mar-10",
        "10 March", "5 Dec 26", "10%", "$5", "(12)", "1 000", "1,000", "TRUE", "false", "12p",
        "9:00 am", "1234567890123456", "-5", "53 004 085 616",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_change_stands_behind_an_apostrophe(text: str):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Footings",
        "A1",
        "2400",
        "0",
        "Unit 3",
        "March",
        "March Electrical",
        "e-mail@x.au",
        "2nd",
    ],
)
def test_what_it_leaves_alone_is_left_alone(text: str):
    assert guarded(text) == text


@given(st.lists(st.lists(st.text(CHARACTERS), min_size=2, max_size=2), max_size=4))
def test_any_text_comes_back_from_csv_as_text(rows: list[list[str]]):
    written = make_csv(Sheet("s", ("a", "b"), rows)).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert len(read) == len(rows) + 1
    for row, back in zip(rows, read[1:], strict=True):
        for text, cell in zip(row, back, strict=True):
            assert cell.removeprefix("'")[:1] == text[:1] or not text[:1].isprintable()
            assert cell[:1] not in tuple("=+-@\t\r")


def test_one_table_in_three_forms():
    sheets = [Sheet("First one", ("Name", "E-mail"), [("Zoë", "=1")]), Sheet("Two", ("x",), [])]
    files = {file.name: file.content for file in make_files("acme", sheets, Form)}
    assert list(files) == ["acme.xlsx", "acme-first-one.csv", "acme-two.csv", "acme.json"]
    assert files["acme-first-one.csv"].startswith(b"\xef\xbb\xbf")
    assert json.loads(files["acme.json"]) == {
        "first_one": [{"name": "Zoë", "e_mail": "=1"}],
        "two": [],
    }


async def import_rows(world: World, acme: Customer, *accounts: Target, **fields: Any) -> list[Any]:
    """The rows to import for the codes that ``world`` has."""
    world.source.put(facets.ACCOUNTS, Accounts(accounts))
    view = await world.do.matching.codes(acme.id)
    sheets = missing_sheets(replace(view, **fields), fields.get("region", acme.region))
    return [row for sheet in sheets for row in sheet.rows]


def chart(*rows: CostCode) -> Any:
    return codes(CostCode("d3", "1", "03", "Concrete", is_parent=True), *rows)


async def test_what_the_work_is_decides_the_type(world: World, acme: Customer):
    names = (
        ("01", "Office Supplies"), ("02", "Bricklayer Labour"), ("03", "Crane Hire"),
        ("04", "Freight"), ("05", "Tile Supply"), ("06", "Zzyzx"),
    )  # fmt: skip
    world.source.put(facets.COST_CODES, codes(*(code(*one) for one in names)))
    rows = await import_rows(world, acme)
    assert [row[2:] for row in rows] == [
        ("Expenses", "Office/General Administrative Expenses"),
        ("Cost of sales", "Cost of labour - COS"),
        ("Cost of sales", "Equipment rental - COS"),
        ("Cost of sales", "Freight and delivery - COS"),
        ("Cost of sales", "Supplies and materials - COS"),
        ("Cost of sales", "Other costs of sales - COS"),
    ]


async def test_a_division_that_is_booked_as_expense_goes_on_so(world: World, acme: Customer):
    """And words of the country: the region decides which QuickBooks it is."""
    one = code("03-100", "Footings", parent_id="d3")
    world.source.put(
        facets.COST_CODES,
        chart(one, code("03-200", "Zzyzx", parent_id="d3"), code("09-100", "Qwert")),
    )
    booked = account("03-100", "Footings", type="Expense")
    view_rows = await import_rows(world, acme, booked)
    # Nothing else is booked anywhere, so the other division follows what is booked at all.
    assert [row[2] for row in view_rows] == ["Expenses", "Expenses"]
    booked = account("03-100", "Footings")
    world.clock.move(minutes=11)
    view = await import_rows(world, acme, booked)
    assert [row[2] for row in view] == ["Cost of sales", "Cost of sales"]
    sheets = missing_sheets(await world.do.matching.codes(acme.id), "US-TX")
    assert [row[2] for row in sheets[0].rows] == ["Cost of Goods Sold", "Cost of Goods Sold"]


async def test_no_number_and_no_name_twice_and_none_that_quickbooks_refuses(
    world: World, acme: Customer
):
    world.source.put(
        facets.COST_CODES,
        codes(
            code("03-300", "Footings"),
            CostCode("9", "2", "03-300", "Footings"),
            CostCode("8", "2", "03-301", "Footings"),
            code("03-400", 'Doors: "fire"'),
            code("03-500", EVIL),
            code("03-600", "x" * 150),
            code("1234567890-1234567890", "Zed"),
            code("03-700", ""),
        ),
    )
    taken = account("03-300", "Cast in place concrete")
    rows = await import_rows(world, acme, taken)
    assert [row[0] for row in rows] == ["", "03-301", "03-400", "03-500", "03-600", "", "03-700"]
    names = [row[1] for row in rows]
    assert names[:4] == [
        "Footings",
        "Footings (03-301)",
        "Doors - 'fire'",
        "HYPERLINK('https - //evil','x')",
    ]
    assert (len(names[4]), names[5:]) == (100, ["Zed", "03-700"])


async def test_who_maps_to_items_gets_items_to_import(world: World, acme: Customer):
    world.source.put(facets.COST_CODES, codes(code("03-300", "Footings")))
    await world.do.matching.set_mode(acme.id, MappingMode.ITEM, CASEY)
    files = mapping_files(await world.do.matching.codes(acme.id), acme, world.clock.now())
    names = [file.name.removeprefix("acme-").replace("-2026-11-23", "") for file in files]
    assert names == [
        "cost-code-mapping.xlsx",
        "cost-code-mapping.csv",
        "quickbooks-items-to-import.xlsx",
        "quickbooks-items-to-import.csv",
    ]
    lines = files[-1].content.decode().splitlines()
    assert lines[1] == '"Footings","Service","03-300","Footings",""'


async def test_a_customers_export_has_what_is_stored_and_of_nobody_else(
    world: World, acme: Customer
):
    bondi = await world.customer("Bondi Build", "CBONDI")
    world.break_codes()
    two_pairs(world)
    await world.do.checks.run(acme.id, None, CASEY)
    await world.do.matching.choose(acme.id, "1/26-100", "account/09-900", CASEY)
    vendors = world.do.duplicates
    system = facets.VENDORS.system
    await vendors.dismiss(acme.id, system, frozenset("12"), CASEY)
    await vendors.keep(acme.id, system, frozenset("34"), "3", STAFF)
    made = await world.files(acme.id, Form)
    files = {file.name: file.content for file in made}
    book = openpyxl.load_workbook(io.BytesIO(files["acme-onboarding-2026-11-23.xlsx"]))
    assert book.sheetnames == [
        "Customer", "Checklist", "Risks", "Evidence", "Owners", "Chosen targets", "Not duplicates",
        "Records to keep", "Put away", "What changed", "Burn-down", "History",
    ]  # fmt: skip
    data = json.loads(files["acme-onboarding-2026-11-23.json"])
    assert len(data["checklist"]) == 9
    assert data["chosen_targets"] == [
        {
            "cost_code": "26-100 Switchboards",
            "cost_code_id_list_code": "1/26-100",
            "goes_to": "account 09-900 Painting",
            "target_id": "account/09-900",
        }
    ]
    assert data["not_duplicates"][0]["other_name"] == "Kowalski Plumbing"
    assert [(row["name"], row["id"]) for row in data["records_to_keep"]] == [
        ("Harbour Steel Fixing", "3")
    ]
    assert data["put_away"] == []
    assert {line["what"] for line in data["history"]} >= {"new", "check", "match", "keep"}
    for name, content in files.items():
        assert name.endswith("xlsx") or bondi.name.encode() not in content


async def test_decisions_that_wait_for_their_company_are_in_the_export(
    world: World, acme: Customer
):
    now = world.clock.now()
    async with world.store.transaction() as tx:
        await tx.decisions.choose(acme.id, "1/26-100", "account/09-900", CASEY, now)
        about = {System.PROCORE: "8089", System.QBO: "4620"}
        await tx.put_away.put(acme.id, System.QBO, [], about, STAFF, now)
    made = await world.files(acme.id, [Form.JSON])
    (line,) = json.loads(made[0].content)["put_away"]
    assert line["about"] == "Procore 8089, QuickBooks 4620"
    assert (line["what"], line["who"]) == ("1/26-100 → account/09-900", CASEY)


async def test_a_merge_worksheet_links_to_each_record_or_says_why_it_cannot(
    world: World, acme: Customer
):
    two_pairs(world)
    found = await world.do.duplicates.look(acme.id, facets.VENDORS.system)
    rows = merge_sheet(found).rows
    assert rows
    assert {row[-1] for row in rows} == {NO_LINK}
    twins = (Party("1", "Bondi Hotel"), Party("2", "Bondi Hotel."))
    world.source.put(facets.CUSTOMERS, twins)
    found = await world.do.duplicates.look(acme.id, facets.CUSTOMERS.system)
    assert [row[-1].rpartition("=")[2] for row in merge_sheet(found).rows] == ["1", "2"]
