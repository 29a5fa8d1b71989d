"""Workbooks that a spreadsheet program cannot damage, by openpyxl.

Every text is written as text: no name becomes a formula and no cost code becomes a date.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as AnyCell
from openpyxl.cell.cell import MergedCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.merge_plan import QBO_RECORD
from bot.services.workbook import FORBIDDEN, Cell, Picture, Sheet, as_text

LONGEST_CELL = 32_767
STYLE = "_style"
"""Where openpyxl keeps all that a cell looks like in one; it has no other way to copy it."""
WIDEST, NARROWEST, PAGE = 60, 24, 220
"""Characters of a column, and of all columns of a sheet that can be read on a page of A4."""
LINE, HIGHEST = 15, 405
"""Points of a line, and of the highest row that a spreadsheet has."""
TEXT = "@"
DAY = "yyyy-mm-dd"
FORMATS = {str: TEXT, date: DAY, datetime: f"{DAY} hh:mm"}
A4 = 9


def save(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an XLSX file."""
    book = Workbook()
    looks = _looks(book.worksheets[0])
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:31])
        _fill(page, sheet, looks)
        if sheet.picture is not None:
            _show(page, sheet.picture, len(sheet.header) + 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _show(page: Worksheet, picture: Picture, column: int) -> None:
    """The picture beside the table at half its size, as it is drawn for sharp screens.

    openpyxl has no alt text for pictures, so the words stand in the cell above.
    """
    place = page.cell(1, column, picture.in_words)
    place.data_type = "s"
    image = Image(io.BytesIO(picture.png()))
    image.width, image.height = image.width // 2, image.height // 2
    page.add_image(image, f"{get_column_letter(column)}2")


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the cells of a book look like: those of each kind, and those of a header.

    A style of its own for each cell took most of the time and of the memory of a long sheet, and
    styles of its own for each sheet a fifth of the time of a book with short ones.
    """

    kinds: Mapping[type, StyleArray]
    header: StyleArray


def _looks(page: Worksheet) -> _Looks:
    """The looks, made in any sheet of the book."""
    kinds = {kind: _style(page, shown) for kind, shown in FORMATS.items()}
    cell = AnyCell(page, 1, 1)
    setattr(cell, STYLE, copy(kinds[str]))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDE7F3")
    return _Looks(kinds, getattr(cell, STYLE))


def _style(page: Worksheet, number_format: str) -> StyleArray:
    """The style of the cells of one kind."""
    cell = AnyCell(page, 1, 1)
    cell.number_format = number_format
    cell.quotePrefix = number_format == TEXT
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    return cast("StyleArray", getattr(cell, STYLE))


def _fill(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    for number, row in enumerate([sheet.header, *sheet.rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(number, column)
            _write(cell, value)
            look = looks.kinds.get(type(value), looks.kinds[str]) if number > 1 else looks.header
            setattr(cell, STYLE, look)
    _size(page, [sheet.header, *(list(map(as_text, row)) for row in sheet.rows)])
    _set_up(page)


def _size(page: Worksheet, texts: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their texts, within a page; rows as high as their wrapped texts need.

    Excel fits rows by itself, LibreOffice does not, and then one text lies over the next.
    """
    room = max(NARROWEST, PAGE // len(texts[0]))
    widths = [
        min(WIDEST, room, max(10, max(map(len, column)) + 2)) for column in zip(*texts, strict=True)
    ]
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(texts, start=1):
        # Most texts are short: those are not looked at any closer.
        long = [pair for pair in zip(row, widths, strict=True) if len(pair[0]) >= pair[1]]
        lines = max((_lines(text, width) for text, width in long), default=1)
        if lines > 1:
            page.row_dimensions[number].height = min(HIGHEST, LINE * lines)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes, with some room for the words that do not break."""
    return sum(-(-max(1, len(line)) // (width - 2)) for line in text.split("\n"))


def _write(cell: AnyCell | MergedCell, value: Cell) -> None:
    if isinstance(value, datetime):
        # A spreadsheet knows no zones: it shows the clock of whoever the sheet is for.
        cell.value = value.replace(microsecond=0, tzinfo=None)
    elif isinstance(value, date):
        cell.value = value
    else:
        cell.value = FORBIDDEN.sub(" ", value)[:LONGEST_CELL]
        # openpyxl takes a leading "=" for a formula; the type set afterwards makes it text.
        cell.data_type = "s"
        if value.startswith(QBO_RECORD):
            # Our own address of a record; nobody else's text becomes a link.
            cell.hyperlink = value


def _set_up(page: Worksheet) -> None:
    """The header stays, on the screen and on paper; a sheet is as wide as a page of A4."""
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = page.oddFooter
    assert footer is not None
    footer.left, footer.right = _HeaderFooterPart(text="&A"), _HeaderFooterPart(text="&P of &N")
