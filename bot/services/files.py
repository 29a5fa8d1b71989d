"""Tables as files that a spreadsheet program cannot damage: XLSX, CSV and JSON of the same rows."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.services.workbook import FORBIDDEN, Sheet, as_text, make_workbook

FORMULA = frozenset("=+-@\t\r")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_CONVERTED = re.compile(
    rf"""
    (?=.*\d) (
        [\d\s.,:/\\()%$€£¥'+-]+ ([ap]m?)?               # numbers, dates, times, money
        | [\d.,]+ \s* [ed] \s* [+-]?\d+                 # 1E5
        | [\d\s.,/-]* ({_MONTH})[a-z]* [\d\s.,:/-]*     # Mar-10
    )
    | true | false
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 40
"""No number or date that a spreadsheet knows is longer."""
_PLAIN = re.compile(r"0|[1-9]\d{0,14}")
"""A whole number that a spreadsheet shows as it is: no leading zero, and digits it can hold."""


class Form(StrEnum):
    """How a file is written."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file's name and its bytes; a picture also says in words what it shows."""

    name: str
    content: bytes
    alt_text: str = ""


def make_files(stem: str, sheets: Sequence[Sheet], forms: Collection[Form]) -> list[ExportFile]:
    """The sheets as one workbook, as one CSV file each, as one JSON object of lists."""
    files = []
    if Form.XLSX in forms:
        files.append(ExportFile(f"{stem}.xlsx", make_workbook(sheets)))
    if Form.CSV in forms:
        single = len(sheets) == 1
        for sheet in sheets:
            part = "" if single else f"-{_slug(sheet.name)}"
            files.append(ExportFile(f"{stem}{part}.csv", make_csv(sheet)))
    if Form.JSON in forms:
        files.append(ExportFile(f"{stem}.json", make_json(sheets)))
    return files


def make_csv(sheet: Sheet) -> bytes:
    """The rows as CSV in UTF-8, every cell in quotes.

    An apostrophe stands before whatever a spreadsheet would take for a formula, a date or a
    number; a spreadsheet finds the encoding by the mark in front. ``exact`` sheets, which another
    program reads, have neither.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(sheet.header)
    for row in sheet.rows:
        cells = [FORBIDDEN.sub(" ", as_text(cell)) for cell in row]
        writer.writerow(cells if sheet.exact else map(guarded, cells))
    return out.getvalue().encode("utf-8" if sheet.exact else "utf-8-sig")


def guarded(text: str) -> str:
    """A cell that stays the text that it is when a spreadsheet opens a CSV file."""
    plain = unicodedata.normalize("NFKC", text)
    starts = plain.lstrip()[:1] in FORMULA or plain[:1] in FORMULA
    bare = plain.strip()
    converted = len(bare) <= _LONGEST and _CONVERTED.fullmatch(bare) and not _PLAIN.fullmatch(plain)
    return f"'{text}" if bare and (starts or converted) else text


def make_json(sheets: Sequence[Sheet]) -> bytes:
    """An object with a list for each sheet, and in it an object for each row; all values text."""
    data = {
        _slug(sheet.name, "_"): [
            dict(zip([_slug(one, "_") for one in sheet.header], map(as_text, row), strict=True))
            for row in sheet.rows
        ]
        for sheet in sheets
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", errors="replace")


def _slug(text: str, joint: str = "-") -> str:
    return re.sub(r"[^a-z0-9]+", joint, text.casefold()).strip(joint)
