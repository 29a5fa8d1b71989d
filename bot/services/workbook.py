"""Tables as people send and get them; an XLSX file of them that no spreadsheet can damage."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

# Characters that XML 1.0 cannot hold, halves of surrogate pairs among them; a spreadsheet would
# refuse the whole file.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Picture(Protocol):
    """A picture that is drawn where the workbook is made, and the same in words."""

    @property
    def in_words(self) -> str:
        """What it shows."""
        ...

    def png(self) -> bytes:
        """Draw it."""
        ...


Cell = str | date
"""A text, a day, or a moment (a ``datetime`` in the zone of whoever reads it)."""


def as_text(cell: Cell) -> str:
    """What a cell says where there are texts only: ``2026-11-23 09:00 AEDT``, ``2026-11-23``."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M %Z}"
    return cell.isoformat() if isinstance(cell, date) else cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name (31 characters at most), a header, and rows of texts, days and moments.

    ``exact`` is for a table that another program reads: its CSV file has nothing but the text.
    ``picture`` stands beside the table, under its own words.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    exact: bool = False
    picture: Picture | None = None


def make_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an XLSX file."""
    # openpyxl is loaded with the first file, and with it numpy and Pillow: not at start.
    from bot.services.xlsx import save

    return save(sheets)
