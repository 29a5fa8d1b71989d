"""The burn-down of one onboarding: as a picture, in words, and as a table.

What is proved open is a full bar; what nobody could tell stands hatched on top of it, so that our
own outage does not look like a customer's delay. The picture brings its own ground, and needs no
colour to be read.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot import words
from bot.domain.burndown import Day
from bot.domain.findings import plural
from bot.services.chart import ALARM, CALM, GROUND, INK, MARGIN, TITLE, TRACK, WIDTH
from bot.services.workbook import Sheet

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

HEIGHT = 540
SIDE = 56
"""Pixels for the numbers at the left."""
FOOT = 132
"""Pixels below the bars: days, reminders, what the looks mean."""
STRIPE = 8
NAME = 20
"""Characters of a customer's name that the title has room for."""
WORDS = 10
"""Days with a change that are told in words; the table has all of them."""


def _named(day: date) -> str:
    return f"{day.day} {day:%b}"


@dataclass(frozen=True, slots=True)
class BurnDown:
    """The days of one customer, oldest first."""

    customer: str
    days: tuple[Day, ...]

    @property
    def title(self) -> str:
        """What the picture is about."""
        name = self.customer if len(self.customer) <= NAME else f"{self.customer[:NAME]}…"
        return words.history.BURN_DOWN.format(
            name=name, days=plural(len(self.days), "working day", "working days")
        )

    @property
    def in_words(self) -> str:
        """What the picture shows: its alt text."""
        told = [_told(day) for day in _turns(self.days)]
        left = (
            words.history.MORE_BETWEEN.format(more=len(told) - WORDS) if len(told) > WORDS else ""
        )
        shown = [*told[: WORDS - 1], *told[-1:]] if len(told) > WORDS else told
        reminded = sum(day.reminded for day in self.days)
        marks = [
            words.history.REMINDED_ON.format(days=plural(reminded, "day", "days")),
            *(
                words.history.HANDED_OVER_BY.format(day=_named(day.day))
                for day in self.days
                if day.handed_over
            ),
        ]
        return f"{self.title}. {'; '.join(shown)}{left}. {', '.join(marks)}."

    @property
    def sheet(self) -> Sheet:
        """Every day as a row, with the picture beside it."""
        rows = [
            (
                day.day,
                str(day.unmet),
                str(day.unknown),
                "yes" if day.reminded else "",
                "yes" if day.handed_over else "",
            )
            for day in self.days
        ]
        header = ("Working day", "Open", words.exports.COULD_NOT_TELL, "Reminder", "Handed over")
        return Sheet("Burn-down", header, rows, picture=self)

    def png(self) -> bytes:
        """The picture; the same bytes for the same days under one version of Pillow."""
        # Loaded when somebody asks for a picture.
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
        _Canvas(ImageDraw.Draw(picture), self).draw()
        out = io.BytesIO()
        # Half the time of the usual level, for a quarter more bytes.
        picture.save(out, "PNG", compress_level=1)
        return out.getvalue()


def _turns(days: Sequence[Day]) -> Iterator[Day]:
    """The first day, each that differs from the one before, and the last."""
    before = None
    for day in days:
        if before is None or (day.unmet, day.unknown) != before or day is days[-1]:
            yield day
        before = (day.unmet, day.unknown)


def _told(day: Day) -> str:
    unknown = words.history.AND_UNTOLD.format(number=day.unknown) if day.unknown else ""
    return f"{_named(day.day)}: {day.unmet} open{unknown}"


class _Canvas:
    """Where things are in the picture."""

    def __init__(self, pen: "ImageDraw", shown: BurnDown) -> None:
        from PIL import ImageFont

        self._pen = pen
        self._shown = shown
        self._small, self._large = ImageFont.load_default(24), ImageFont.load_default(34)
        self._most = max(1, *(day.unmet + day.unknown for day in shown.days))
        self._left, self._right = MARGIN + SIDE, WIDTH - MARGIN
        self._top, self._floor = TITLE + 24, HEIGHT - FOOT

    def draw(self) -> None:
        """Title, scale, bars, marks, what the looks mean."""
        self._pen.text((MARGIN, MARGIN), self._shown.title, fill=INK, font=self._large)
        for number in sorted({0, self._most}):
            level = self._level(number)
            self._pen.line((self._left, level, self._right, level), fill=TRACK, width=2)
            self._text(self._left - 14, level, str(number), "rm")
        for place, day in enumerate(self._shown.days):
            self._day(place, day)
        self._dates()
        self._legend()

    def _day(self, place: int, day: Day) -> None:
        left, right = self._edges(place)
        middle, solid = self._level(day.unmet), self._level(day.unmet + day.unknown)
        if day.unmet:
            self._pen.rectangle((left, middle, right, self._floor), fill=CALM)
        if day.unknown:
            self._hatched(left, solid, right, middle)
        if day.reminded:
            self._mark((left + right) / 2, self._floor + 14)
        if day.handed_over:
            at = (left + right) / 2
            self._pen.line((at, self._top - 16, at, self._floor), fill=ALARM, width=4)
            right_half = at > (self._left + self._right) / 2
            spot = at - 10 if right_half else at + 10
            self._text(spot, self._top - 16, "handed over", "rm" if right_half else "lm")

    def _hatched(self, left: float, top: float, right: float, bottom: float) -> None:
        """An outline with stripes: it looks unlike a full bar without its colour, too."""
        self._pen.rectangle((left, top, right, bottom), fill=TRACK, outline=CALM, width=2)
        for level in range(int(top) + STRIPE, int(bottom), STRIPE):
            self._pen.line((left, level, right, level), fill=CALM, width=1)

    def _mark(self, at: float, top: float) -> None:
        self._pen.polygon(((at, top), (at - 7, top + 13), (at + 7, top + 13)), fill=INK)

    def _dates(self) -> None:
        days = self._shown.days
        self._text(self._left, self._floor + 46, _named(days[0].day), "lm")
        if len(days) > 1:
            self._text(self._right, self._floor + 46, _named(days[-1].day), "rm")

    def _legend(self) -> None:
        level, at = HEIGHT - MARGIN, self._left
        self._pen.rectangle((at, level - 10, at + 26, level + 10), fill=CALM)
        self._text(at + 38, level, "open", "lm")
        self._hatched(at + 130, level - 10, at + 156, level + 10)
        self._text(at + 168, level, words.history.UNTOLD, "lm")
        self._mark(at + 420, level - 7)
        self._text(at + 438, level, "reminder", "lm")

    def _edges(self, place: int) -> tuple[float, float]:
        wide = (self._right - self._left) / len(self._shown.days)
        gap = min(6.0, wide / 5)
        return self._left + place * wide + gap / 2, self._left + (place + 1) * wide - gap / 2

    def _level(self, count: int) -> float:
        return self._floor - count * (self._floor - self._top) / self._most

    def _text(self, at: float, level: float, text: str, anchor: str) -> None:
        self._pen.text((at, level), text, fill=INK, font=self._small, anchor=anchor)
