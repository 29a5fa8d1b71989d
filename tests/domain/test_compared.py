"""A comparison is made once, whoever asks; another list is another question."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import pytest

from bot.domain import compared
from bot.domain.matching.duplicates import DuplicateReport
from bot.domain.records import Party

PARTIES = tuple(Party(str(n), f"Firm {n}") for n in range(compared.LARGE))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were compared each time; nothing is remembered of other tests."""
    made: list[int] = []

    def run(parties: Sequence[Party], **_: object) -> DuplicateReport:
        made.append(len(parties))
        return DuplicateReport()

    monkeypatch.setattr(compared, "find_duplicates", run)
    monkeypatch.setattr(compared, "_known", type(compared._known)())
    monkeypatch.setattr(compared, "_of_few", lru_cache(64)(compared._of_few.__wrapped__))
    return made


@pytest.mark.parametrize("number", [2, compared.FEW, compared.LARGE])
def test_it_is_made_once_for_equal_records_and_anew_for_others(
    asked: list[int], number: int
) -> None:
    parties = PARTIES[:number]
    first = compared.compare(parties)
    assert compared.compare(list(map(replace, parties))) is first
    assert len(asked) == 1
    compared.compare((replace(parties[0], name="Firm Zero"), *parties[1:]))
    compared.compare(parties, {frozenset("12")})
    compared.compare(parties[1:])
    assert len(asked) == 4
    assert compared.compare(parties) is first
    assert len(asked) == 4


def test_of_many_records_no_more_answers_are_kept_than_two_customers_have(
    asked: list[int],
) -> None:
    compared.compare(PARTIES)
    for n in range(compared.KEPT):
        compared.compare(PARTIES, {frozenset((str(n), "x"))})
    compared.compare(PARTIES)
    assert len(asked) == 2 + compared.KEPT


def test_between_few_and_many_each_is_compared_anew(asked: list[int]) -> None:
    """Neither their fingerprint nor their records are worth what they take."""
    for _ in range(2):
        compared.compare(PARTIES[: compared.FEW + 1])
        compared.compare(PARTIES[1:])
    assert asked == [compared.FEW + 1, compared.LARGE - 1] * 2
