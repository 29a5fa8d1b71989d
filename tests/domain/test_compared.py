"""A comparison of many records is made once, whoever asks; another list is another question."""

from dataclasses import replace

import pytest

from bot.domain import compared
from bot.domain.matching.duplicates import DuplicateReport
from bot.domain.records import Party

PARTIES = tuple(Party(str(n), f"Firm {n}") for n in range(compared.LARGE))


def test_it_is_made_once_for_equal_records_and_anew_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def run(parties: object, **_: object) -> DuplicateReport:
        asked.append(len(asked))
        return DuplicateReport()

    monkeypatch.setattr(compared, "find_duplicates", run)
    monkeypatch.setattr(compared, "_known", type(compared._known)())
    first = compared.compare(PARTIES)
    assert compared.compare(list(map(replace, PARTIES))) is first
    assert len(asked) == 1
    compared.compare((replace(PARTIES[0], name="Firm Zero"), *PARTIES[1:]))
    compared.compare(PARTIES, {frozenset("12")})
    compared.compare(PARTIES[1:])
    compared.compare(PARTIES[1:])
    assert len(asked) == 5
    for n in range(compared.KEPT):
        compared.compare(PARTIES, {frozenset((str(n), "x"))})
    compared.compare(PARTIES)
    assert len(asked) == 6 + compared.KEPT
