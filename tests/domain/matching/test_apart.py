"""Dismissed records leave a finished report as a new run would leave them out."""

from itertools import combinations

from hypothesis import assume, given, settings

from bot.domain.matching.apart import without
from bot.domain.matching.duplicates import find_duplicates
from tests.domain.matching.test_duplicates import _PARTIES, vendors


@settings(max_examples=40, deadline=None)
@given(rows=_PARTIES)
def test_what_leaves_without_a_run_leaves_as_with_one(rows):
    """Whichever of the groups is called different, alone or after another."""
    parties = vendors(*rows)
    before = find_duplicates(parties)
    assume(before.groups)
    for group in before.groups:
        apart = {frozenset(pair) for pair in combinations(group.ids, 2)}
        after = without(before, apart)
        if after is not None:
            assert after == find_duplicates(parties, dismissed=apart)


def test_who_has_another_pair_takes_a_run():
    """Two of three alike: the third may now stand with either, and only a run can tell."""
    alike = {"name": "Bloomfield Joinery", "phones": ("02 8123 4567",)}
    before = find_duplicates(vendors(alike, alike, alike))
    assert without(before, {frozenset("12")}) is None
    everybody = {frozenset(pair) for pair in ("12", "13", "23")}
    after = without(before, everybody)
    assert after is not None
    assert (after.groups, after.pairs) == ((), ())
