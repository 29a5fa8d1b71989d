"""Files as customers send them, and the ``match`` commands over them."""

import json

import pytest
from typer.testing import CliRunner

from benchmarks.matching import data
from benchmarks.matching.duplicates import write
from bot.commands.match import app
from bot.domain.records import TargetKind
from bot.services import match_tables
from bot.services.match_files import load_codes, load_parties, load_targets
from bot.services.match_tables import TableError


@pytest.fixture
def file(tmp_path):
    def write(text, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_usual_encodings_are_read(file, encoding):
    """Excel writes UTF-16 and Windows-1252 as readily as UTF-8."""
    path = file("Vendor Name,ABN\nCafé Müller Joinery,53004085616\n", encoding=encoding)
    assert load_parties(path).records[0].name == "Café Müller Joinery"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_usual_separators_are_read(file, separator):
    """European Excel writes semicolons."""
    path = file(separator.join(("id", "name", "phone")) + "\n" + separator.join("7AB") + "\n")
    party = load_parties(path).records[0]
    assert (party.id, party.name, party.phones) == ("7", "A", ("B",))


def test_title_lines_above_the_header_are_skipped(file):
    """QuickBooks prints the company and the report's name first."""
    path = file(
        "Acme Pty Ltd\nAccount List\n\nAccount #,Full name,Type\n5010,Sub - Concrete,Expenses\n"
    )
    target = load_targets(path, TargetKind.ACCOUNT).records[0]
    assert (target.number, target.name, target.type) == ("5010", "Sub - Concrete", "Expenses")


def test_items_are_usable_by_their_expense_account(file):
    """The column may be there and empty; without the column nothing is known."""
    path = file(
        "Product/Service Name,SKU,Type,Expense Account\nForm,1,Service,\nBar,2,Service,COGS\n"
    )
    items = load_targets(path, TargetKind.ITEM).records
    assert [item.has_expense_account for item in items] == [False, True]


def test_deleted_records_are_inactive_and_lose_the_suffix(file):
    """QuickBooks marks them in the name."""
    path = file("Name,Type\nFormwork (deleted),Expenses\n")
    target = load_targets(path, TargetKind.ACCOUNT).records[0]
    assert (target.name, target.active) == ("Formwork", False)


@pytest.mark.parametrize(
    "damaged", ["3-Jan", "Mar-00", "3/01/2000", "2026-03-01", "1E+05", "####", "03:30:00"]
)
def test_codes_that_became_dates_are_reported_by_row_and_never_guessed(file, damaged):
    """The number is left out; the name may still match."""
    loaded = load_codes(file(f"Code,Description\n03-100,Formwork\n{damaged},Footings\n"))
    assert [code.code for code in loaded.records] == ["03-100", ""]
    assert "row 3, column code" in loaded.notes[0]


@pytest.mark.parametrize(
    ("codes", "rows"),
    [
        ("3300 9900 15100", [2, 3]),  # 03300 and 09900, perhaps.
        ("1.01 1.1 1.11 2.2", [3, 5]),  # 1.10 and 2.20, perhaps.
        ("03300 9900 15100", []),  # A zero in front is there: nothing took it.
        ("1.9 1.10 1.11", []),
        ("100 900 1000 1100", []),
        ("3E10 1E5 03-30-00", []),  # Codes of somebody's own making.
    ],
)
def test_numbers_that_may_have_lost_a_zero_are_reported_by_row(file, codes, rows):
    """What stands there is kept as it is: nobody can tell which ones were longer."""
    text = "".join(f"{code},Thing\n" for code in codes.split())
    loaded = load_codes(file(f"Code,Name\n{text}"))
    assert [code.code for code in loaded.records] == codes.split()
    assert [note.split(",")[1] for note in loaded.notes] == [f" row {row}" for row in rows]


def test_a_line_with_more_columns_than_a_spreadsheet_has_is_refused(file):
    """Ten megabytes in one line took half a minute."""
    path = file("Vendor\nA\n" + "a," * 20_000)
    with pytest.raises(TableError, match="row 3: 20,001 columns"):
        load_parties(path)


def test_lines_are_whole_wherever_a_portion_ends(file, monkeypatch):
    monkeypatch.setattr(match_tables, "_PORTION", 5)
    path = file('Vendor;Town\r\n"Größe\r\nBau";Ürs\r\nB;"C"', encoding="utf-8")
    assert [(one.name, one.address.city) for one in load_parties(path).records] == [
        ("Größe\nBau", "Ürs"),
        ("B", "C"),
    ]


def test_divisions_are_told_by_the_numbers(file):
    """03 stands above 03-100."""
    codes = load_codes(file("Code,Name\n03,Concrete\n03-100,Formwork\n")).records
    assert [code.is_parent for code in codes] == [True, False]
    assert codes[1].parent_id == codes[0].id


def test_number_and_name_in_one_column(file):
    """As a WBS export writes them."""
    code = load_codes(file("Cost Code\n03-100 Formwork\n03-200 Reinforcement\n")).records[0]
    assert (code.code, code.name) == ("03-100", "Formwork")


def test_numbers_that_lead_most_names_are_the_codes_of_a_file_without_a_column_of_them(file):
    """In a file that has one, "20 MPa Concrete" keeps its number."""
    path = file("Name\n03-300 Footings\n03-310 Slab\nOther\n")
    assert [(c.code, c.name) for c in load_codes(path).records] == [
        ("03-300", "Footings"),
        ("03-310", "Slab"),
        ("", "Other"),
    ]
    path = file("Code,Name\n03-310,20 MPa Concrete\n")
    assert [c.name for c in load_codes(path).records] == ["20 MPa Concrete"]


def test_map_names_a_column_that_is_not_recognised(file):
    """And says which columns there are when it is not there."""
    path = file("Bezeichnung,Telefon\nAcme,1\n")
    assert load_parties(path, {"name": "bezeichnung"}).records[0].name == "Acme"
    with pytest.raises(TableError, match="Its columns are: Bezeichnung, Telefon"):
        load_parties(path, {"name": "Firma"})


def test_rows_are_the_ids_where_there_is_no_id(file):
    """As the spreadsheet numbers them."""
    assert [party.id for party in load_parties(file("name\nA\n\nB\n")).records] == ["2", "4"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "file.csv is empty"),
        ("\n\n ,\n", "file.csv is empty"),
        ("name\n", "has a header but no rows"),
        ("colour,size\nred,4\n", "row 1: no usable column"),
        ("id,name\n7,A\n7,B\n", "row 3, column id: '7' already stands in row 2"),
        ('id,name\n7,"A\n8,B\n', "row 2, column 2: a quotation mark is opened and never closed"),
    ],
)
def test_bad_files_are_refused_in_a_sentence(file, text, sentence):
    """That names file, row and column."""
    with pytest.raises(TableError, match=sentence):
        load_parties(file(text))


def test_too_many_rows_are_refused(file, monkeypatch):
    """With the row at which it was too much."""
    monkeypatch.setattr(match_tables, "MAX_ROWS", 3)
    with pytest.raises(TableError, match="row 5: more than 3 rows"):
        load_parties(file("name\nA\nB\nC\nD\n"))


def test_long_cells_are_cut_and_control_characters_dropped(file):
    """Neither breaks the run; the cut is reported."""
    loaded = load_parties(file(f"name,phone\n{'x' * 10_000},1\nAc\x07me\x00 Ltd,2\n"))
    assert len(loaded.records[0].name) == match_tables.MAX_CELL
    assert loaded.records[1].name == "Acme Ltd"
    assert "row 2, column name: 10,000 characters" in loaded.notes[0]
    assert "row 3, column name: control characters" in loaded.notes[1]


def test_a_line_end_within_a_cell_is_nothing_to_speak_of(file):
    """Excel writes addresses so."""
    loaded = load_parties(file('name,address\r\nBolt,"1 High St\r\nCairns"\r\n'))
    assert (loaded.records[0].address.street, loaded.notes) == ("1 High St\nCairns", [])


def test_notes_without_end_are_counted_instead(file):
    """A file can be odd in every row."""
    path = file("name\n" + "".join(f"Firm\x07 {number}\n" for number in range(60)))
    result = CliRunner().invoke(app, ["duplicates", str(path)])
    assert result.exit_code == 0
    assert "and 10 more like these" in result.stderr


def test_a_workbook_is_read_like_a_csv_file(tmp_path):
    """Customers export XLSX as readily."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Vendor Name", "Business Phone"])
    book.active.append(["Acme Tiling", "02 8123 4567"])
    book.save(tmp_path / "vendors.xlsx")
    assert load_parties(tmp_path / "vendors.xlsx").records[0].phones == ("02 8123 4567",)


def test_a_broken_workbook_is_refused(file):
    """A renamed CSV is no workbook."""
    with pytest.raises(TableError, match="not a readable Excel workbook"):
        load_parties(file("name\nA\n", name="file.xlsx"))


def test_duplicates_as_json_have_the_promised_shape(file):
    """Groups and pairs, with ids of the file."""
    path = file(
        "id,name,abn\na,Acme Tiling Pty Ltd,53004085616\nb,ACME TILING,53 004 085 616\nc,Bolt,\n"
    )
    result = CliRunner().invoke(app, ["duplicates", str(path), "--json"])
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    (group,) = answer["groups"]
    assert group["ids"] == ["a", "b"]
    assert group["band"] == "sure"
    assert group["keep"] in group["ids"]
    assert set(answer["pairs"][0]) == {"a", "b", "confidence", "band"}


def test_cost_codes_as_json_have_the_promised_shape(file):
    """Each code with its target and how; the summary counts them."""
    codes = file("code,name\n03-100,Formwork\n03-300,Footings\n", "codes.csv")
    accounts = file(
        "id,Account #,Account name,Type\n1,03100,Formwork,Cost of Sales\n", "accounts.csv"
    )
    run = ["cost-codes", "--codes", str(codes), "--accounts", str(accounts), "--json"]
    answer = json.loads(CliRunner().invoke(app, run).stdout)
    first, second = answer["codes"]
    assert first["target"] == {"kind": "account", "id": "1", "name": "Formwork"}
    assert (first["how"], first["usable"], first["problem"]) == ("code", True, None)
    assert (second["target"], second["how"]) == (None, "none")
    assert answer["summary"]["matched"] == 1


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (["duplicates", "missing.csv"], "missing.csv cannot be read"),
        (["cost-codes", "--codes", "missing.csv", "--accounts", "x.csv"], "missing.csv"),
        (["duplicates", "missing.csv", "--map", "name"], "--map wants FIELD=COLUMN"),
    ],
)
def test_errors_are_a_sentence_and_exit_2(run, sentence):
    """No traceback."""
    result = CliRunner().invoke(app, run)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_the_plain_report_is_for_people(file):
    """Bands, names and reasons; the possible ones only on request."""
    path = file("name\nStar Framing\nStar Framing LLC\nBolt\n")
    shown = CliRunner().invoke(app, ["duplicates", str(path)]).stdout
    assert "sure (" in shown
    assert "legal form" in shown
    assert "3 records" in shown


def test_a_workbook_that_is_called_csv_is_read(tmp_path):
    """People rename what they cannot open."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Supplier full name"])
    book.active.append(["Acme Tiling"])
    book.save(tmp_path / "vendors.xlsx")
    renamed = (tmp_path / "vendors.xlsx").rename(tmp_path / "vendors.csv")
    assert load_parties(renamed).records[0].name == "Acme Tiling"


def test_a_picture_is_no_table(tmp_path):
    """A sentence that names the file, and no columns of nonsense."""
    path = tmp_path / "vendors.csv"
    path.write_bytes(bytes(range(256)) * 10)
    with pytest.raises(TableError, match=r"^vendors\.csv is not readable as text"):
        load_parties(path)


def test_a_contact_list_of_quickbooks_is_read_by_its_customers_not_by_their_contacts(file):
    """The report has title lines, and its "Full name" is the person to speak to."""
    text = "Customer Contact List\n\nCustomer full name,Phone numbers,Full name,Bill address\n"
    loaded = load_parties(file(text + "Acme Pty Ltd,Phone: 02 8123 4567,Dana Lin,1 High St\n"))
    (party,) = loaded.records
    assert (party.name, party.address.street) == ("Acme Pty Ltd", "1 High St")
    assert loaded.notes == []


def test_a_header_is_known_without_what_stands_in_its_brackets(file):
    """Procore names both countries' numbers."""
    loaded = load_parties(file("Company,Business ID Number (ABN/EIN)\nAcme,53 004 085 616\n"))
    (party,) = loaded.records
    assert party.tax_id == "53 004 085 616"


def test_rows_without_a_name_are_told(file):
    """One is left out with a note; where no row has a name, another column is asked for."""
    loaded = load_parties(file("id,name\na,Acme\nb,\n"))
    assert [each.id for each in loaded.records] == ["a"]
    assert loaded.notes == ["file.csv, row 3, column name: empty, so the row was left out."]
    with pytest.raises(TableError, match=r"column name: no row has anything in it"):
        load_parties(file("id,name\na,\nb, \n"))


def test_the_order_of_a_files_rows_and_a_stranger_in_it_change_no_answer(tmp_path):
    """The command as it is shipped: from the file to the answer."""
    rows, _ = data.vendors(150)
    stranger = dict.fromkeys(rows[0], "") | {"id": "loner", "name": "Zzyzx Quixotic"}

    def answer(listed):
        write(tmp_path / "vendors.csv", listed)
        run = CliRunner().invoke(app, ["duplicates", str(tmp_path / "vendors.csv"), "--json"])
        return json.loads(run.stdout)

    first = answer(rows)
    assert len(first["groups"]) > 10
    assert answer(rows[::-1]) == first
    beside = answer([*rows, stranger])
    before = {(each["a"], each["b"]): each["confidence"] for each in first["pairs"]}
    after = {(each["a"], each["b"]): each["confidence"] for each in beside["pairs"]}
    assert before.keys() == after.keys()
    assert all(abs(before[pair] - after[pair]) <= 0.01 for pair in before)
