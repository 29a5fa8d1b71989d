"""The picture in the digest: bars as long as their numbers, and the same in words."""

import io

import numpy as np
from PIL import Image

from bot.services.chart import ALARM, CALM, GROUND, draw, in_words

STAGES = (("preparing", 40), ("ready", 20), ("accepted", 1240))


def lengths(png: bytes) -> dict[str, list[int]]:
    """How many pixels wide each bar of a colour is, from above."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    found: dict[str, list[int]] = {}
    for colour in (CALM, ALARM):
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        rows = (pixels == wanted).all(axis=2).sum(axis=1).tolist()
        found[colour] = [n for n, before in zip(rows, [0, *rows], strict=False) if n and not before]
    return found


def test_bars_are_as_long_as_their_numbers_say():
    bars = lengths(draw("Customers by stage", (("preparing", 40), ("ready", 20)), 10))
    (long, short), (stuck,) = bars[CALM], bars[ALARM]
    assert abs(long - 2 * short) <= 2
    assert abs(short - 2 * stuck) <= 2


def test_few_of_many_are_still_seen_and_none_is_no_bar():
    bars = lengths(draw("Customers", (("ready", 1), ("accepted", 5000)), 0))
    assert len(bars[CALM]) == 2
    assert bars[ALARM] == []


def test_it_brings_its_own_ground_and_is_the_same_each_time():
    png = draw("Customers by stage", STAGES, 7)
    assert png == draw("Customers by stage", STAGES, 7)
    picture = Image.open(io.BytesIO(png))
    assert picture.mode in ("RGB", "P")
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert GROUND == "#ffffff"


def test_the_words_say_all_that_the_picture_shows():
    assert in_words("Customers by stage", STAGES, 7) == (
        "Customers by stage: 40 preparing, 20 ready, 1,240 accepted, 7 of them stuck."
    )
