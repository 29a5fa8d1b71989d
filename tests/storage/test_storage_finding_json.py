"""Findings survive storage, and rows of another shape are read as far as they go."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.model import Cause, Evidence, Finding, Verdict
from bot.storage.finding_json import finding_from_json, finding_to_json
from tests.any_text import CHARACTERS

texts = st.text(CHARACTERS, max_size=20)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9.5))])).filter(
    lambda moment: 1 < moment.year < 9999
)
findings = st.builds(
    Finding,
    verdict=st.sampled_from(Verdict),
    summary=texts,
    evidence=st.lists(
        st.builds(Evidence, subject=texts, detail=texts, ref=texts, group=texts), max_size=4
    ).map(tuple),
    remedy=texts,
    scope=texts,
    checked_at=st.none() | moments,
    counts=st.dictionaries(texts, st.integers(), max_size=4),
    cause=st.none() | st.sampled_from(Cause),
    unmet_at=st.none() | moments,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
FIELDS = [field.name for field in fields(Finding)]


@settings(max_examples=60, deadline=None)
@given(finding=findings)
def test_a_finding_comes_back_as_it_was(finding: Finding) -> None:
    text = finding_to_json(finding)
    assert finding_from_json(text) == finding
    assert text.isascii()


def test_no_field_of_a_finding_is_left_out() -> None:
    """A field that the domain gains must be stored, and made by the strategy above."""
    assert list(json.loads(finding_to_json(Finding(Verdict.MET, "")))) == FIELDS
    assert [field.name for field in fields(Evidence)] == ["subject", "detail", "ref", "group"]


@settings(max_examples=60, deadline=None)
@given(data=st.dictionaries(st.sampled_from(FIELDS), anything))
def test_no_object_is_too_odd_to_read(data: dict[str, object]) -> None:
    finding = finding_from_json(json.dumps(data))
    assert finding is not None
    assert finding_from_json(finding_to_json(finding)) == finding


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
