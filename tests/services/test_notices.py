"""Notices as data: what is written into the outbox comes back as it was."""

import dataclasses
import json
from datetime import UTC
from functools import cache
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services import notices
from bot.services.notices import AcceptedNotice, Line, Notice, dump, load
from tests.any_text import CHARACTERS

KINDS = get_args(Notice)
# A lone half of a surrogate pair is no text that any of the systems can deliver.
texts = st.text(CHARACTERS, max_size=20)


@cache  # To look a dataclass's fields up takes longer than to fill them.
def notice_of(kind: type[Notice]) -> st.SearchStrategy[Notice]:
    st.register_type_strategy(str, texts)
    lines = st.builds(Line)
    given_fields = {
        field.name: st.lists(lines, max_size=3).map(tuple)
        for field in dataclasses.fields(kind)
        if field.name in ("lines", "risks")
    }
    moments = st.datetimes(timezones=st.just(UTC))
    if "at" in {f.name for f in dataclasses.fields(kind)}:
        given_fields["at"] = moments
    return st.builds(kind, **given_fields)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=20)
def test_a_notice_comes_back_as_it_was_written(kind: type[Notice], data: st.DataObject):
    notice = data.draw(notice_of(kind))
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
