"""Findings survive storage, and rows of another shape are read as far as they go."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import cycle, islice
from typing import Any

import pytest

from bot.domain.model import Cause, Evidence, Finding, Verdict
from bot.storage.finding_json import finding_from_json, finding_to_json

TEXTS = (
    *("", " ", "31 of 44", '"\\/', "a\nb\tc\r", "\x00\x1f\x7f", "Böhm & Söhne", "建設"),
    *("\u202e\u2028\ufeff", "\U0001f600", "\ud83d", "null", "[{", "x" * 3_000),
)
MOMENTS = (
    datetime(2026, 3, 2, 22, 0, tzinfo=UTC),
    datetime(2, 1, 1, tzinfo=UTC),
    datetime(9998, 12, 31, 23, 59, 59, 999_999, UTC),
    datetime(2026, 11, 23, 9, 0, 0, 1, timezone(timedelta(hours=-9.5))),
    datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=14))),
)
VALUES: dict[str, tuple[Any, ...]] = {
    "verdict": tuple(Verdict),
    "summary": TEXTS,
    "evidence": (
        (),
        (Evidence("03-300"),),
        tuple(Evidence(text, text[::-1], text + "r", "g" + text) for text in TEXTS),
    ),
    "remedy": TEXTS,
    "scope": TEXTS,
    "checked_at": (None, *MOMENTS),
    "counts": ({}, {"": 0}, {text: 10**number for number, text in enumerate(TEXTS)}, {"a": -1}),
    "cause": (None, *Cause),
    "unmet_at": (None, *MOMENTS),
}
"""What each field may hold, with what is odd in it."""
FIELDS = [field.name for field in fields(Finding)]


def findings() -> Iterator[Finding]:
    """Each value of each field, by itself and beside those of the others."""
    plain = Finding(Verdict.MET, "")
    for name, values in VALUES.items():
        yield from (replace(plain, **{name: value}) for value in values)
    for row in islice(zip(*map(cycle, VALUES.values()), strict=True), 3 * len(TEXTS)):
        yield Finding(**dict(zip(VALUES, row, strict=True)))


def test_a_finding_comes_back_as_it_was() -> None:
    for finding in findings():
        text = finding_to_json(finding)
        assert finding_from_json(text) == finding, text
        assert text.isascii(), text


def test_no_field_of_a_finding_is_left_out() -> None:
    """A field that the domain gains must be stored, and have values above."""
    assert list(json.loads(finding_to_json(Finding(Verdict.MET, "")))) == FIELDS == list(VALUES)
    assert [field.name for field in fields(Evidence)] == ["subject", "detail", "ref", "group"]


ANYTHING: tuple[Any, ...] = (
    *(None, True, False, 0, -7, 10**40, 0.5, float("nan"), float("inf"), *TEXTS),
    *("met", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30", "09:00"),
    *([], [None], [[]], ["", 1, None], {}, {"": None}, {"a": 1, "b": True, "c": 0.5, "d": {}}),
    *([{}], [{"subject": 1, "detail": [], "ref": None, "other": {}}], {"subject": "x"}),
)


@pytest.mark.parametrize("name", FIELDS)
def test_no_object_is_too_odd_to_read(name: str) -> None:
    for value in ANYTHING:
        finding = finding_from_json(json.dumps({name: value}))
        assert finding is not None, value
        assert finding_from_json(finding_to_json(finding)) == finding, value


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"met"'])
def test_what_is_no_object_is_no_finding(text: str) -> None:
    assert finding_from_json(text) is None


def test_an_older_row_keeps_what_it_had() -> None:
    older = (
        '{"verdict":"fine","summary":"3 open","evidence":["Acme",{"subject":"B","was":1},7],'
        '"checked_at":"2026-03-02T09:00:00","counts":{"open":3,"share":0.5,"all":true},"new":1}'
    )
    assert finding_from_json(older) == Finding(
        Verdict.UNKNOWN,
        "3 open",
        (Evidence("Acme"), Evidence("B")),
        checked_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        counts={"open": 3},
    )
