"""Why a record is the one to keep, said of what the records really differ in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.matching.duplicates import Band, DuplicateGroup
from bot.domain.records import Party
from bot.domain.requirements.procore_duplicate_vendors import KIND
from bot.services.duplicates import DuplicatesView, why_keep
from bot.words import review

PLAIN = Party("1", "ABC Plumbing", created_on="2020-05-01")
OTHER = Party("2", "A.B.C. Plumbing", created_on="2020-05-01")


def told(keep: Party, other: Party, kept: frozenset[str] = frozenset()) -> str:
    group = DuplicateGroup((keep.id, other.id), Band.SURE, 1.0, keep.id, (), ())
    parties = {party.id: party for party in (keep, other)}
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return why_keep(DuplicatesView(KIND, (group,), parties, kept, (), "", at), group)


@pytest.mark.parametrize(
    ("keep", "other", "reason"),
    [
        ({"keep_rank": 2}, {}, review.NOT_TO_LOSE.format(what=review.ON_THE_NETWORK)),
        ({"keep_rank": 1}, {}, review.NOT_TO_LOSE.format(what=review.SYNCED)),
        ({}, {"blockers": ("it has projects",)}, review.UNBLOCKED),
        ({"weight": 3.0}, {"emails": ("a@abc.com.au",)}, review.MOST_HANGS),
        ({"emails": ("a@abc.com.au",)}, {"created_on": "2011-01-01"}, review.COMPLETE),
        ({"created_on": "2019-12-31"}, {}, review.OLDEST),
        ({"created_on": "2019-12-31"}, {"created_on": ""}, review.OLDEST),
        ({"created_on": ""}, {"created_on": ""}, review.EITHER),
        ({}, {}, review.EITHER),
    ],
)
def test_the_reason_is_what_sets_the_kept_one_apart(
    keep: dict[str, object], other: dict[str, object], reason: str
) -> None:
    assert told(replace(PLAIN, **keep), replace(OTHER, **other)) == reason


def test_a_persons_choice_is_said_to_be_one() -> None:
    assert told(PLAIN, replace(OTHER, weight=3.0), frozenset({"1"})) == review.CHOSEN_HERE
