"""One changed record is compared with its neighbourhood only, and to the same result."""

from bot.domain.matching.duplicates import Band, find_duplicates
from bot.domain.matching.incremental import DuplicateIndex
from bot.domain.records import Party


def parties() -> list[Party]:
    names = ["Acme Tiling Pty Ltd", "Bolt Electrical", "Cedar Joinery", "Dunmore Plumbing Group"]
    return [Party(id=str(n), name=name) for n, name in enumerate(names)]


def test_a_changed_name_finds_its_double_and_loses_it_again():
    """What a full run would say of that record."""
    index = DuplicateIndex(parties())
    changed = Party(id="3", name="ACME TILING")
    (pair,) = index.update(changed)
    assert (pair.a, pair.b, pair.band) == ("0", "3", Band.SURE)
    assert find_duplicates([*parties()[:3], changed]).pairs == (pair,)
    assert index.update(parties()[3]) == ()


def test_a_new_record_is_compared_and_a_removed_one_is_not():
    """Typing errors are found without a shared key."""
    index = DuplicateIndex(parties())
    assert [pair.b for pair in index.update(Party(id="9", name="Dunmroe Plumbing Group"))] == ["9"]
    index.remove("9")
    index.remove("unknown")
    assert index.update(parties()[3]) == ()


def test_a_record_that_takes_no_part_has_no_pairs():
    """An inactive or nameless record is only forgotten."""
    index = DuplicateIndex(parties())
    assert index.update(Party(id="0", name="Bolt Electrical", active=False)) == ()
    assert index.update(Party(id="0", name="...")) == ()


def test_dismissed_pairs_stay_dismissed():
    """A person's decision holds for single updates as well."""
    index = DuplicateIndex(parties(), dismissed=[frozenset({"0", "3"})])
    assert index.update(Party(id="3", name="ACME TILING")) == ()
