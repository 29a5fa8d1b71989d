"""Sums of shared weights: right, the same in both ways of adding, and for any shape of table."""

import numpy as np
import pytest

from bot.domain.matching import products
from bot.domain.matching.products import Held, shared

SEED = 20261122


@pytest.mark.parametrize("roomy", [0, products._ROOMY])
@pytest.mark.parametrize(("left", "right", "marks"), [(40, 30, 12), (7, 400, 50), (1, 1, 1)])
def test_the_sums_are_those_of_the_matrix_product(monkeypatch, left, right, marks, roomy):
    """By a table of all pairs or by sorting; in pieces smaller than a row's products."""
    monkeypatch.setattr(products, "_ROOMY", roomy)
    monkeypatch.setattr(products, "_AT_ONCE", 50)
    rng = np.random.default_rng(SEED)
    one = rng.random((left, marks)) * (rng.random((left, marks)) < 0.3)
    other = rng.random((right, marks)) * (rng.random((right, marks)) < 0.3)
    one[0, 0] = other[0, 0] = 1.0
    row, mark = np.nonzero(one)
    owner, of = np.nonzero(other)
    held = Held.of(owner, of, other[owner, of], marks)
    found = np.zeros((left, right))
    entry = held.starts[mark], held.starts[mark + 1]
    for rows, others, sums in shared(row, one[row, mark], *entry, held):
        found[rows, others] = sums
    assert np.allclose(found, one @ other.T, atol=1e-4)
    least = 0.4
    close = list(shared(row, one[row, mark], *entry, held, least))
    assert all((sums >= least).all() for _, _, sums in close)
    assert sum(len(sums) for _, _, sums in close) == (found >= least).sum()


@pytest.mark.parametrize("roomy", [0, products._ROOMY])
@pytest.mark.parametrize(("most", "right"), [(3, 900), (40, 900), (3, 100)])
def test_who_asks_for_the_largest_sums_gets_them_all(monkeypatch, most, right, roomy):
    """Whichever way they are added; a table of many owners leaves the others out."""
    monkeypatch.setattr(products, "_ROOMY", roomy)
    rng = np.random.default_rng(SEED)
    other = rng.random((right, 6)).round(1)
    row, mark = np.indices((20, 6)).reshape(2, -1)
    value = rng.random(len(row)).round(1) + 0.1
    owner, of = np.nonzero(other)
    held = Held.of(owner, of, other[owner, of], 6)
    entry = row, value, held.starts[mark], held.starts[mark + 1], held
    every, few = np.zeros((2, 20, right))
    for table, wanted in ((every, 0), (few, most)):
        for rows, others, sums in shared(*entry, most=wanted):
            table[rows, others] = sums
    largest = every >= np.partition(every, -most, axis=1)[:, -most, np.newaxis]
    assert (few[largest] == every[largest]).all()
    assert np.isin(few, (0, *every.flat)).all()
    if roomy and most * products._BLOCK < right:
        assert (few > 0).sum() < (every > 0).sum() / 4


def test_nothing_shares_nothing():
    """Empty tables on either side."""
    none = np.empty(0, dtype=np.int64)
    held = Held.of(none, none, none.astype(np.float64), 3)
    assert list(shared(none, none.astype(np.float64), none, none, held)) == []
