"""The portfolio as a picture: one bar with its word and number per stage, and one for the stuck.

The picture carries its own ground, so that it reads the same in Slack's light and dark themes;
each bar says in words and numbers what its length and colour show.
"""

import io
from collections.abc import Sequence

from bot import words

WIDTH = 960
"""Pixels; Slack shows about half as many, so everything is drawn at twice the size."""
MARGIN, ROW, TITLE, BAR = 32, 64, 88, 36
LABEL = 240
"""Pixels for the words before the bars."""
NUMBER = 110
"""Pixels for the number after the longest bar."""
GROUND, INK, TRACK = "#ffffff", "#1d1c1d", "#eef0f3"
CALM, ALARM = "#1264a3", "#b3261e"
"""Both have more than 4.5 to 1 of contrast to the ground (WCAG 2.2, 1.4.3)."""

Bars = Sequence[tuple[str, int]]
"""A word and how many customers."""


def in_words(title: str, stages: Bars, stuck: int) -> str:
    """What the picture shows: its alt text and the caption of the file."""
    parts = [f"{number:,} {word}" for word, number in stages]
    return f"{title}: {', '.join([*parts, words.portfolio.OF_THEM_STUCK.format(number=stuck)])}."


def draw(title: str, stages: Bars, stuck: int) -> bytes:
    """A PNG; the same bytes for the same numbers under one version of Pillow."""
    # Loaded by the few processes that draw, once a week.
    from PIL import Image, ImageDraw, ImageFont

    rows = [(word[:1].upper() + word[1:], number, CALM) for word, number in stages]
    rows.append((words.portfolio.BAR_STUCK, stuck, ALARM))
    most = max([number for _, number, _ in rows] + [1])
    room = WIDTH - 2 * MARGIN - LABEL - NUMBER
    picture = Image.new("RGB", (WIDTH, TITLE + ROW * len(rows) + MARGIN), GROUND)
    pen = ImageDraw.Draw(picture)
    pen.text((MARGIN, MARGIN), title, fill=INK, font=ImageFont.load_default(36))
    font = ImageFont.load_default(30)
    left = MARGIN + LABEL
    for place, (word, number, colour) in enumerate(rows):
        middle = TITLE + ROW * place + ROW // 2
        top, bottom = middle - BAR // 2, middle + BAR // 2
        length = max(4, round(number * room / most)) if number else 0
        pen.text((MARGIN, middle), word, fill=INK, font=font, anchor="lm")
        pen.rectangle((left, top, left + room, bottom), fill=TRACK)
        if length:
            pen.rectangle((left, top, left + length, bottom), fill=colour)
        end = left + length + 14
        pen.text((end, middle), f"{number:,}", fill=INK, font=font, anchor="lm")
    out = io.BytesIO()
    # A fifth of the time of the smallest file there is, for a few thousand bytes more.
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()
