"""Notices as data: what is written into the outbox comes back as it was."""

import dataclasses
import json
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from bot.domain.customer import News
from bot.services import notices
from bot.services.notices import AcceptedNotice, Notice, dump, load

KINDS = get_args(Notice)
# A lone half of a surrogate pair is no text that any of the systems can deliver.
TEXTS = (
    *("", " ", "31 of 44", '"\\/', "a\nb\tc\r", "\x00\x1f\x7f", "Böhm & Söhne", "建設"),
    *("\u202e\u2028\ufeff", "\U0001f600", "null", "[{", "x" * 3_000),
)
MOMENTS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 23, 9, 0, 0, 1, UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
)
PLAIN: dict[Any, tuple[Any, ...]] = {
    str: TEXTS,
    int: (0, 1, -1, 2**63, 10**30),
    bool: (True, False),
    datetime: MOMENTS,
    News: tuple(News),
}
"""What a field of each type may hold, with what is odd in it."""
MANY = len(TEXTS)
"""So many of a kind have each value in each field."""


@cache
def every(kind: Any) -> tuple[Any, ...]:
    """Enough of a type to hold each value in each place; fields of one type hold different ones."""
    inner = get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) is Literal:
        return inner
    if inner and inner[-1] is Ellipsis:
        return (), every(inner[0])[:1], every(inner[0])
    turns = [
        islice(cycle(every(one)), place, None)
        for place, one in enumerate(inner or get_type_hints(kind).values())
    ]
    made = islice(zip(*turns, strict=False), MANY)
    return tuple(made) if inner else tuple(_filled(kind, values) for values in made)


def _filled(kind: Any, values: tuple[object, ...]) -> object:
    return kind(**dict(zip(get_type_hints(kind), values, strict=True)))


def test_a_notice_comes_back_as_it_was_written():
    for kind in KINDS:
        assert len(every(kind)) == MANY >= max(map(len, PLAIN.values()))
        for notice in every(kind):
            back = load(dump(notice))
            assert back == notice
            assert type(back) is kind


def test_each_kind_has_a_name_of_its_own_that_is_written_down():
    names = [kind.__dataclass_fields__["kind"].default for kind in KINDS]
    assert len(set(names)) == len(KINDS)
    assert json.loads(dump(AcceptedNotice("Acme", "acme", 1, "U1")))["kind"] == "accepted"


def test_every_notice_is_part_of_the_union():
    every = {
        value
        for name, value in vars(notices).items()
        if name.endswith("Notice") and dataclasses.is_dataclass(value)
    }
    assert every == set(KINDS)


@pytest.mark.parametrize(
    "payload",
    [
        '{"kind": "fanfare", "customer": "Acme", "slug": "acme", "customer_id": 1}',
        '{"customer": "Acme", "slug": "acme", "customer_id": 1, "by": "U1"}',
        '{"kind": "accepted", "customer": "Acme"}',
        "{}",
        "[]",
        "not JSON",
        "",
    ],
)
def test_what_this_version_does_not_know_is_refused(payload: str):
    with pytest.raises(ValueError, match="validation error"):
        load(payload)


def test_a_row_that_an_older_version_wrote_is_still_loaded():
    old = '{"customer":"Acme","slug":"acme","customer_id":1,"by":"U1","kind":"accepted"}'
    assert load(old) == AcceptedNotice("Acme", "acme", 1, "U1")
    assert dump(load(old)) == old


def test_a_pack_is_not_printed_into_a_log():
    pack = notices.PackNotice("Acme", "acme", 1, "k", "acme.xlsx", "U0VDUkVU")
    assert "U0VDUkVU" not in repr(pack)
