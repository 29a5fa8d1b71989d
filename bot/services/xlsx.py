"""Workbooks that a spreadsheet program cannot damage, by openpyxl.

Every cell is written as text: no name becomes a formula and no cost code becomes a date.
"""

import io
from collections.abc import Iterable
from copy import copy
from typing import cast

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.services.workbook import FORBIDDEN, Picture, Sheet

LONGEST_CELL = 32_767
STYLE = "_style"
"""Where openpyxl keeps all that a cell looks like in one; it has no other way to copy it."""
WIDEST = 60


def save(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an XLSX file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:31])
        _fill(page, sheet)
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


def _text_style(page: Worksheet) -> StyleArray:
    """The style of a cell that is text, whatever it looks like."""
    cell = page.cell(1, 1)
    cell.number_format = "@"
    cell.quotePrefix = True
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cast("StyleArray", getattr(cell, STYLE))


def _fill(page: Worksheet, sheet: Sheet) -> None:
    style = _text_style(page)
    for number, row in enumerate([sheet.header, *sheet.rows], start=1):
        for column, text in enumerate(row, start=1):
            cell = page.cell(number, column)
            cell.value = FORBIDDEN.sub(" ", text)[:LONGEST_CELL]
            # openpyxl takes a leading "=" for a formula; the type set afterwards makes it text.
            cell.data_type = "s"
            # Copied, not set again part by part: that took most of the time of a long sheet.
            setattr(cell, STYLE, copy(style))
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE7F3")
    page.freeze_panes = "A2"
    for column in range(1, len(sheet.header) + 1):
        texts = [sheet.header[column - 1], *(row[column - 1] for row in sheet.rows)]
        width = max(len(text) for text in texts) + 2
        page.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(10, width))
