"""CSV and Excel exports of Procore and QuickBooks as the records that the matching kernels read.

Column names of both products' own exports are recognised; ``--map field=COLUMN`` names others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, repeat
from pathlib import Path
from typing import Generic, TypeVar

from bot import words
from bot.domain.matching.codes import split_leading_code
from bot.domain.records import Address, CostCode, Party, Target, TargetKind
from bot.services.match_tables import Table, TableError, named_rows, read_table

CODE_FIELDS: Mapping[str, Sequence[str]] = {
    "id": ("id", "costcodeid", "standardcostcodeid"),
    "code": (
        "fullcode",
        "costcode",
        "code",
        "costcodenumber",
        "pathcode",
        "number",
        "sortablecode",
    ),
    "name": ("name", "costcodename", "description", "costcodedescription", "title"),
    "list": (
        "list",
        "listname",
        "listid",
        "costcodelist",
        "standardcostcodelist",
        "standardcostcodelistid",
        "segmentitemlist",
    ),
    "parent": ("parentid", "parent", "parentcode"),
    "is_parent": ("isparent", "isdivision"),
    "status": ("status", "active", "isactive"),
}
TARGET_FIELDS: Mapping[str, Sequence[str]] = {
    "id": ("id", "accountid", "itemid", "listid"),
    "name": (
        "name",
        "accountname",
        "account",
        "productservicefullname",
        "productservicename",
        "productservice",
        "itemname",
        "item",
        "fullname",
        "fullyqualifiedname",
        "description",
    ),
    "full_name": ("fullyqualifiedname", "fullname", "productservicename", "accountname"),
    "number": (
        "acctnum",
        "accountnumber",
        "accountno",
        "number",
        "accountcode",
        "code",
        "sku",
        "itemcode",
        "itemnumber",
    ),
    "type": ("accounttype", "itemtype", "type", "producttype"),
    "status": ("active", "status", "isactive"),
    "expense_account": (
        "expenseaccount",
        "expenseaccountref",
        "expenseaccountrefvalue",
        "expenseaccountname",
        "cogsaccount",
    ),
    "parent": ("parentid", "parentref", "parentrefvalue"),
}
PARTY_FIELDS: Mapping[str, Sequence[str]] = {
    "id": ("id", "vendorid", "customerid", "companyid", "recordid"),
    "name": ("customerfullname", "supplierfullname", "vendorfullname", "name", "displayname",
             "companyname", "vendorname", "customername", "suppliername",
             "vendor", "supplier", "customer", "company", "sitename", "legalname", "fullname",
             "businessname", "contractor", "contractorname", "organisation", "organization"),
    "trade_name": ("tradename", "dba", "dbaname", "tradingas", "tradingname", "programname",
                   "printoncheckname", "printname", "companyname"),
    "abbreviated_name": ("abbreviatedname", "abbreviation", "shortname"),
    "tax_id": ("abn", "taxid", "abnnumber", "ein", "entityid", "businessnumber", "acn", "nzbn",
               "primarytaxidentifier", "taxidentifier", "businessidnumber", "taxregno"),
    "email": ("email", "emailaddress", "primaryemail", "mainemail", "primaryemailaddr"),
    "phone": ("phone", "businessphone", "phonenumber", "phonenumbers", "mainphone",
              "primaryphone", "telephone", "tel"),
    "mobile": ("mobile", "mobilephone", "mobilenumber", "cellphone"),
    "website": ("website", "webaddr", "web", "url", "site"),
    "street": ("street", "address", "streetaddress", "billingaddress", "billingstreet",
               "addressline1", "address1", "street1", "billaddrline1", "billaddress"),
    "city": ("city", "suburb", "town", "billingcity", "locality"),
    "state": ("state", "statecode", "billingstate", "province", "region", "stateprovince"),
    "postcode": ("postcode", "zip", "zipcode", "postalcode", "billingzip", "billingpostcode",
                 "billingzipcode"),
    "country": ("country", "countrycode", "billingcountry"),
    "status": ("status", "active", "isactive"),
    "parent": ("parentid", "parent", "parentrefvalue"),
    "is_job": ("job", "isjob", "isproject"),
    "created": ("createdat", "created", "createdon", "createtime"),
}  # fmt: skip

_DAMAGED = re.compile(
    r"""^(?:
        \d{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*(?:[-/ ]\d{2,4})?
        | (?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*[-/ ]\d{1,4}
        | \d{1,2}/\d{1,2}/\d{2,4}
        | (?:19|20)\d\d-\d\d-\d\d(?:[ T][\d:.]+)?
        | \d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?
        | \d(?:\.\d+)?E[+-]\d+
        | \#+ | \#[A-Z/0]+[!?]?
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN_MAILS = re.compile(r"[;,\s]+")
_BETWEEN_PHONES = re.compile(r"[;,]|Mobile:|Phone:|Fax:")
_DECIMAL = re.compile(r"\d+\.\d+", re.ASCII)
_MASTERFORMAT_DIGITS = (5, 6)
"""How many digits a number without parts has; others have any length by themselves."""
_DELETED = re.compile(r"\s*\(deleted\)\s*$", re.IGNORECASE)
_NO = frozenset({"false", "no", "n", "0", "inactive", "archived", "disabled", "deleted"})
_YES = frozenset({"true", "yes", "y", "1"})


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """Records of one file, in its order, and sentences about what was odd in it."""

    records: list[T]
    notes: list[str]


def _active(text: str) -> bool:
    return text.strip().casefold() not in _NO


def _ids(table: Table) -> list[str]:
    """The ``id`` column, or the row numbers.

    Raises:
        TableError: an id stands twice.
    """
    if "id" not in table.columns:
        return [str(number) for number in table.numbers]
    seen: dict[str, int] = {}
    ids = []
    for text, number in zip(table.cells("id"), table.numbers, strict=True):
        key = text.strip() or f"row {number}"
        if key in seen:
            raise TableError(
                words.tables.SAME_ID.format(table=table.name, row=number, id=key, other=seen[key])
            )
        seen[key] = number
        ids.append(key)
    return ids


def _number(text: str, table: Table, row: int, column: str) -> str:
    """A code's text, or "" with a note where a spreadsheet has damaged it."""
    text = text.strip().lstrip("'")
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    if _DAMAGED.match(text):
        table.notes.append(
            words.tables.DAMAGED.format(table=table.name, row=row, column=column, text=text)
        )
        return ""
    return text


def _note_lost_zeros(codes: Sequence[str], table: Table) -> None:
    """Report numbers that are shorter than the others where no number has such a zero any more.

    A spreadsheet makes 3300 of 03300 and 1.1 of 1.10, and nothing else: what it has left is no
    number that it could not have made. Which of them were longer nobody can tell.
    """
    texts = [text.strip() for text in codes]
    whole = [text for text in texts if text.isascii() and text.isdecimal()]
    longest = max(map(len, whole), default=0)
    if longest in _MASTERFORMAT_DIGITS and not any(text.startswith("0") for text in whole):
        short = {text for text in whole if len(text) == longest - 1}
        _note_short(texts, short, "beginning", table)
    parts = [text for text in texts if _DECIMAL.fullmatch(text)]
    places = {text: len(text.partition(".")[2]) for text in parts}
    if not any(text.endswith("0") for text in parts):
        most = max(places.values(), default=0)
        _note_short(texts, {text for text in parts if places[text] < most}, "end", table)


def _note_short(texts: Sequence[str], short: set[str], end: str, table: Table) -> None:
    for text, row in zip(texts, table.numbers, strict=True):
        if text in short:
            table.notes.append(
                words.tables.ZERO_LOST.format(
                    table=table.name, row=row, column="code", text=text, end=end
                )
            )


def _prefixes(code: str) -> list[str]:
    """What a number may stand under, longest first: ``03-300`` stands under ``03``."""
    return [code[:end] for end in range(len(code) - 1, 0, -1) if code[end] in "-. "]


def _with_parents(codes: Sequence[CostCode], parents: Sequence[str]) -> list[CostCode]:
    """Parents as the file names them (by id, code or name), else as the numbers tell them."""
    known = {(code.list_id, key): code for code in codes for key in (code.name, code.code, code.id)}
    above: list[CostCode | None] = []
    for code, named in zip(codes, parents, strict=True):
        tries = [named.strip()] if named.strip() else _prefixes(code.code)
        found = (known.get((code.list_id, key)) for key in tries if key)
        above.append(next((parent for parent in found if parent not in (None, code)), None))
    divisions = {parent.key for parent in above if parent}
    return [
        replace(
            code,
            parent_id=parent.id if parent else None,
            is_parent=code.is_parent or code.key in divisions,
        )
        for code, parent in zip(codes, above, strict=True)
    ]


def _code_and_name(number: str, name: str) -> tuple[str, str]:
    """Take "03-300 Footings", both in one column, apart."""
    if not number or name:
        return number, name
    led, rest = split_leading_code(number)
    return (led, rest) if led else (number, "")


def _numbers_in_names(table: Table) -> bool:
    """Whether a file has no numbers of its own, and most of its names begin with one."""
    if "code" in table.columns:
        return False
    led = sum(bool(split_leading_code(name)[0]) for name in table.cells("name"))
    return led * 2 > len(table.rows)


def load_codes(path: Path, mapping: Mapping[str, str] | None = None) -> Loaded[CostCode]:
    """Procore cost codes from a file.

    Raises:
        TableError: the file cannot be used; the message says why.
    """
    table = read_table(path, CODE_FIELDS, ("code", "name"), mapping or {})
    codes = []
    _note_lost_zeros(table.cells("code"), table)
    columns: list[Sequence[str]] = [
        table.cells(name) for name in ("code", "name", "list", "is_parent", "status")
    ]
    if _numbers_in_names(table):
        columns[0], columns[1] = zip(*map(split_leading_code, columns[1]), strict=True)
    for record_id, row, text, named, in_list, is_parent, status in zip(
        _ids(table), table.numbers, *columns, strict=True
    ):
        number, name = _code_and_name(_number(text, table, row, "code"), named.strip())
        codes.append(
            CostCode(
                id=record_id,
                list_id=in_list.strip() or "1",
                code=number,
                name=name,
                is_parent=is_parent.strip().casefold() in _YES,
                active=_active(status),
            )
        )
    # A number that a spreadsheet has damaged still is a row that somebody must look at.
    named = [any(map(str.strip, told)) for told in zip(columns[0], columns[1], strict=True)]
    named_rows(table, "name", named)
    parents = list(compress(table.cells("parent"), named))
    return Loaded(_with_parents(list(compress(codes, named)), parents), table.notes)


def load_targets(
    path: Path, kind: TargetKind, mapping: Mapping[str, str] | None = None
) -> Loaded[Target]:
    """Accounts or items of QuickBooks Online from a file.

    Raises:
        TableError: the file cannot be used; the message says why.
    """
    table = read_table(path, TARGET_FIELDS, ("name",), mapping or {})
    has_expense = "expense_account" in table.columns and kind is TargetKind.ITEM
    targets = []
    names = ("name", "full_name", "number", "type", "status", "expense_account", "parent")
    columns = [table.cells(name) for name in names]
    for record_id, row, name, full, text, of_type, status, expense, parent in zip(
        _ids(table), table.numbers, *columns, strict=True
    ):
        full_name = _DELETED.sub("", full.strip() or name.strip())
        targets.append(
            Target(
                kind=kind,
                id=record_id,
                name=_DELETED.sub("", name.strip()).rsplit(":", 1)[-1].strip(),
                full_name=full_name,
                number=_number(text, table, row, "number"),
                active=_active(status) and not _DELETED.search(name),
                type=of_type.strip(),
                has_expense_account=bool(expense.strip()) if has_expense else None,
                parent_id=parent.strip() or None,
            )
        )
    named = [bool(target.name) for target in targets]
    named_rows(table, "name", named)
    return Loaded(list(compress(targets, named)), table.notes)


def _phones(cell: str) -> tuple[str, ...]:
    """The numbers in one cell."""
    return tuple(filter(str.strip, _BETWEEN_PHONES.split(cell))) if cell else ()


def _party(record_id: str, row: Sequence[str]) -> Party:
    (name, trade, short, tax_id, email, phone, mobile, website, street, city, state, postcode,
     country, status, parent, is_job, created) = row  # fmt: skip
    shown = _DELETED.sub("", name) if name.endswith(")") else name
    return Party(
        id=record_id,
        name=shown,
        other_names=tuple(other for other in (trade, short) if other and other != name),
        tax_id=tax_id,
        tax_id_masked="XXX" in tax_id.upper() or "*" in tax_id,
        emails=tuple(_BETWEEN_MAILS.split(email)) if email else (),
        phones=_phones(phone) + _phones(mobile),
        website=website,
        address=Address(street, city, state, postcode, country),
        active=(not status or _active(status)) and shown == name,
        parent_id=parent or None,
        is_job=is_job.casefold() in _YES or ":" in name,
        created_on=created,
    )


def load_parties(path: Path, mapping: Mapping[str, str] | None = None) -> Loaded[Party]:
    """Vendors or customers from a file.

    Raises:
        TableError: the file cannot be used; the message says why.
    """
    table = read_table(path, PARTY_FIELDS, ("name",), mapping or {})
    ids = _ids(table)
    columns = [
        [cell.strip() for cell in table.cells(name)] if name in table.columns else repeat("")
        for name in PARTY_FIELDS
        if name != "id"
    ]
    parties = [
        _party(record_id, row)
        for record_id, row in zip(ids, zip(*columns, strict=False), strict=False)
    ]
    named = [bool(party.name) for party in parties]
    named_rows(table, "name", named)
    return Loaded(list(compress(parties, named)), table.notes)
