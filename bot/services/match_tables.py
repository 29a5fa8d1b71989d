"""Tables as people send them: any usual encoding and separator, title lines above the header.

Reads CSV and Excel workbooks into rows of text, and finds the columns by the names that Procore's
and QuickBooks' own exports give them.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bot import words

MAX_ROWS = 250_000
MAX_COLUMNS = 16_384
"""As many as a spreadsheet has; a line of more is no table."""
MAX_BYTES = 256 << 20
MAX_CELL = 2_000
"""Characters kept of one cell; a longer cell is cut and reported."""
_HEADER_WITHIN = 20
_SAMPLE = 20_000
"""Characters in which the separator is looked for."""
_PORTION = 8 << 20
_LISTED = 300
"""Characters of a header that are told where it has no usable column."""
_BRACKETS = re.compile(r"\(.*?\)")
_SEPARATORS = (",", ";", "\t", "|")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_KINDS = 6
"""How many kinds of such bytes a text may have: a stray one is left out and noted."""
_ZIP = b"PK\x03\x04"
"""How an Excel workbook begins, whatever its file is called."""
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


class TableError(Exception):
    """A file that cannot be used; the message is a sentence that names file, row and column."""


@dataclass(slots=True)
class Table:
    """The rows under the header. ``columns`` maps our field names to places in a row.

    ``numbers`` are the rows' places in the file, counted from 1 and with the header, as a
    spreadsheet shows them. ``notes`` are sentences about what was mended or left out.
    """

    name: str
    columns: Mapping[str, int]
    rows: list[list[str]]
    numbers: list[int]
    notes: list[str] = field(default_factory=list)

    def cells(self, column: str) -> list[str]:
        """The column's text for every row; all "" where the file has no such column."""
        place = self.columns.get(column)
        if place is None:
            return [""] * len(self.rows)
        return [row[place] if place < len(row) else "" for row in self.rows]


def named_rows(table: Table, column: str, named: Sequence[bool]) -> None:
    """Note each row that has no name in ``column``; ``named`` says of each row whether it has.

    Raises:
        TableError: no row has one.
    """
    if not any(named):
        raise TableError(words.tables.NO_NAMES.format(table=table.name, column=column))
    for number, known in zip(table.numbers, named, strict=True):
        if not known:
            table.notes.append(
                words.tables.NAMELESS.format(table=table.name, row=number, column=column)
            )


def _encoding(data: bytes, name: str) -> str:
    """Which encoding a text file has, told without a second copy of the whole.

    Raises:
        TableError: it is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16", name)
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        return _utf16(
            data, "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", name
        )
    if len(set(_BINARY.findall(head))) > _KINDS:
        raise TableError(words.tables.NOT_TEXT.format(name=name))
    return "utf-8" if _decodes(data, "utf-8") else "cp1252"


def _utf16(data: bytes, encoding: str, name: str) -> str:
    if not _decodes(data, encoding):
        raise TableError(words.tables.NOT_TEXT.format(name=name))
    return encoding


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), _PORTION):
            decoder.decode(data[start : start + _PORTION])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of columns (> 1)."""
    sample = text[:_SAMPLE].splitlines()[:_HEADER_WITHIN]
    if sample and sample[0].lower().startswith("sep=") and len(sample[0]) == 5:
        return sample[0][4]

    def score(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=separator) if row]
        best = max((width for width in widths if width > 1), key=widths.count, default=0)
        return (widths.count(best) if best else 0, best)

    return max(_SEPARATORS, key=score)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TableError(words.tables.TOO_LARGE.format(name=path.name, most=MAX_BYTES >> 20))
    excel = data.startswith(_ZIP) or path.suffix.lower() in (".xlsx", ".xlsm")
    return _xlsx_rows(data, path.name) if excel else _csv_rows(data, path.name)


def _csv_rows(data: bytes, name: str) -> Iterator[list[str]]:
    encoding = _encoding(data, name)
    separator = _separator(data[: 4 * _SAMPLE].decode(encoding, errors="ignore"))
    csv.field_size_limit(10_000_000)
    reader = csv.reader(_lines(data, encoding), delimiter=separator)
    number, row = 0, list[str]()
    try:
        for row in reader:
            number += 1
            if len(row) > MAX_COLUMNS:
                raise TableError(
                    words.tables.TOO_WIDE.format(
                        name=name, row=number, columns=len(row), most=MAX_COLUMNS
                    )
                )
            yield row
    except csv.Error as exc:
        raise TableError(f"{name}, row {reader.line_num}: {exc}.") from exc
    if "\n" in "".join(row[-1:]) and _is_open(data, encoding):
        raise TableError(words.tables.OPEN_QUOTE.format(name=name, row=number, column=len(row)))


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    """The lines with their ends, of one portion after the other: a quarter of the memory."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    rest = ""
    for start in range(0, len(data), _PORTION):
        text = rest + decoder.decode(data[start : start + _PORTION])
        end = text.rfind("\n") + 1
        rest = text[end:]
        yield from io.StringIO(text[:end], newline="")
    yield from io.StringIO(rest + decoder.decode(b"", final=True), newline="")


def _is_open(data: bytes, encoding: str) -> bool:
    """Whether a quotation mark has no second one."""
    wide = encoding.startswith("utf-16")
    return bool((data.decode(encoding).count('"') if wide else data.count(b'"')) % 2)


def _xlsx_rows(data: bytes, name: str) -> Iterator[list[str]]:
    import zipfile

    import openpyxl

    try:
        # From its bytes, as the library refuses a workbook that is called .csv.
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError) as exc:
        raise TableError(words.tables.NOT_EXCEL.format(name=name)) from exc
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]
    finally:
        book.close()


def header_key(text: str) -> str:
    """A header as it is compared: ``Product/Service Name`` → ``productservicename``."""
    return _NOT_LETTERS.sub("", text.casefold().replace("#", "number"))


def _columns(header: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, text in enumerate(header):
        places.setdefault(header_key(text), place)
    for place, text in enumerate(header):  # "Business ID Number (ABN/EIN)" is the number, too.
        places.setdefault(header_key(_BRACKETS.sub("", text)), place)
    found: dict[str, int] = {}
    for name, known in aliases.items():
        for alias in known:
            if alias in places:
                found[name] = places[alias]
                break
    return found


def _mapped(header: Sequence[str], mapping: Mapping[str, str], name: str) -> dict[str, int]:
    keys = [header_key(text) for text in header]
    found: dict[str, int] = {}
    for target, column in mapping.items():
        if header_key(column) not in keys:
            listed = ", ".join(text for text in header if text)
            raise TableError(
                words.tables.NO_COLUMN.format(name=name, column=column, columns=listed)
            )
        found[target] = keys.index(header_key(column))
    return found


def _find_header(
    head: Sequence[list[str]], aliases: Mapping[str, Sequence[str]], mapping: Mapping[str, str]
) -> int:
    """The row with the most recognised columns among the first ones."""
    wanted = {header_key(column) for column in mapping.values()}

    def hits(row: list[str]) -> int:
        return len(_columns(row, aliases)) + sum(header_key(text) in wanted for text in row)

    return max(range(len(head)), key=lambda place: (hits(head[place]), -place))


def _clean_cell(table: Table, number: int, place: int, cell: str) -> str:
    """The cell without control characters and cut to a length that a name can have, and noted."""
    shown = {at: name for name, at in table.columns.items()}
    where = f"{table.name}, row {number}, column {shown.get(place, str(place + 1))}"
    if len(cell) > MAX_CELL:
        table.notes.append(
            words.tables.TOO_LONG.format(where=where, length=len(cell), most=MAX_CELL)
        )
    kept = _CONTROL.sub("", cell[:MAX_CELL])
    if kept != cell[:MAX_CELL].replace("\r", ""):  # Excel's line ends within a cell are usual.
        table.notes.append(words.tables.CONTROL_CHARACTERS.format(where=where))
    return kept


def _clean(rows: Iterable[list[str]], first: int, table: Table) -> None:
    for number, row in enumerate(rows, first):
        text = "".join(row)
        if len(text) > MAX_CELL or not text.isprintable():
            row[:] = [_clean_cell(table, number, *each) for each in enumerate(row)]
        if text and not text.isspace():
            table.rows.append(row)
            table.numbers.append(number)
        if len(table.rows) > MAX_ROWS:
            raise TableError(
                words.tables.TOO_MANY_ROWS.format(name=table.name, row=number, most=MAX_ROWS)
            )


def read_table(
    path: Path,
    aliases: Mapping[str, Sequence[str]],
    required: Sequence[str],
    mapping: Mapping[str, str],
) -> Table:
    """Read ``path`` and find its columns.

    ``aliases`` gives for each of our fields the header keys that mean it, best first;
    ``required`` are the fields one of which must be there; ``mapping`` overrides, field → header.

    Raises:
        TableError: the file is missing, unreadable, empty, too long, or has no usable column.
    """
    unknown = sorted(set(mapping) - set(aliases))
    if unknown:
        raise TableError(words.tables.NO_FIELD.format(field=unknown[0], fields=", ".join(aliases)))
    try:
        rows = _rows(path)
        head = list(islice(rows, _HEADER_WITHIN))
    except OSError as exc:
        raise TableError(
            words.tables.UNREADABLE.format(name=path, why=exc.strerror or exc)
        ) from exc
    if not any(cell.strip() for row in head for cell in row):
        raise TableError(f"{path.name} is empty.")
    at = _find_header(head, aliases, mapping)
    columns = _columns(head[at], aliases) | _mapped(head[at], mapping, path.name)
    if not any(name in columns for name in required):
        listed = ", ".join(cell.strip() for cell in head[at] if cell.strip())
        listed = listed if len(listed) <= _LISTED else f"{listed[:_LISTED]}…"
        wanted = " or ".join(required)
        raise TableError(
            words.tables.NO_USABLE_COLUMN.format(
                name=path.name, at=at + 1, wanted=wanted, listed=listed, required=required[0]
            )
        )
    table = Table(path.name, columns, [], [])
    _clean([*head[at + 1 :]], at + 2, table)
    _clean(rows, len(head) + 1, table)
    if not table.rows:
        raise TableError(words.tables.NO_ROWS.format(name=path.name))
    return table
