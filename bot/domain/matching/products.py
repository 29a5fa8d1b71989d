"""Which rows of one table share weighted marks with which rows of another, and how much.

What scipy's sparse product does, for the little of it that is needed, in numpy alone: scipy takes
140 MB of an installation. Products are summed as integers, so that no order of adding changes one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.floating[Any]]
_AT_ONCE = 1 << 16
"""Products that are held at a time: what stays in a processor's own memory."""
_UNIT_BITS = 20
"""How finely a product is held: the largest one of a table is a million units."""
_SUM_BITS = _UNIT_BITS + 1
_OTHER_BITS = 27
_ROOMY = 8
"""Cells for each product up to which a table of every row and owner is quicker than a sort; half as
many where most pairs share too little, as those are never sorted."""
_BLOCK = 64
"""Owners of which only the best is looked at, to see how much a row's best ones share at least."""
ALIKE = 0.001
"""Sums that differ by no more may count as equal to whoever asks for the largest ones."""
_CELL_BITS = 17
_CELL_SHIFT = np.uint64(64 - _CELL_BITS)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""An odd number whose multiples are spread over all bits (Fibonacci hashing)."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds each mark: ``owner`` and ``value`` of every holder, mark by mark."""

    owner: Ints
    value: Floats
    starts: Ints
    width: int

    @classmethod
    def of(cls, owner: Ints, mark: Ints, value: Floats, marks: int) -> "Held":
        """From (owner, mark, value) in the order of owners."""
        order = np.argsort(mark, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(mark, minlength=marks))])
        return cls(owner[order], value[order], starts, int(owner.max(initial=0)) + 1)


def shared(
    row: Ints, value: Floats, begin: Ints, end: Ints, held: Held, least: float = 0.0, most: int = 0
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """(row, owner, sum of products) of every row and owner that share ``least``, rows in order.

    Entry ``n`` says that ``row[n]`` has a mark with ``value[n]``, whose holders stand in ``held``
    from ``begin[n]`` to ``end[n]``. Values are positive, and rows come in order. Who asks for the
    ``most`` largest sums of each row is spared those that cannot be among them, where that is easy.
    """
    if not (len(row) and len(held.value)):
        return
    unit = max(float(value.max()) * float(held.value.max()), 1e-12) / ((1 << _UNIT_BITS) - 1)
    room = _ROOMY / 2 if least else _ROOMY
    for piece in _pieces(row, np.cumsum(end - begin)):
        first, last = int(row[piece.start]), int(row[piece.stop - 1])
        counts = end[piece] - begin[piece]
        place = np.repeat(begin[piece] - np.cumsum(counts) + counts, counts)
        place += np.arange(len(place))
        units = np.rint(np.repeat(value[piece] / unit, counts) * held.value[place])
        rows, width = last - first + 1, -(-held.width // _BLOCK) * _BLOCK
        few = rows * width <= room * len(units)
        width = width if few else 1 << _OTHER_BITS
        pairs = np.repeat((row[piece] - first) * width, counts) + held.owner[place]
        enough = max(least / unit, 1.0)
        if few:
            table: Floats = np.bincount(pairs, units, rows * width).astype(np.float64, copy=False)
            pairs = _large(table.reshape(rows, width), enough, most, ALIKE / unit)
            sums = table[pairs]
        else:
            pairs, sums = _sorted(pairs, units, enough)
        yield pairs // width + first, pairs % width, sums * unit


def _pieces(row: Ints, reach: Ints) -> Iterator[slice]:
    """Entries of whole rows, at least one, with about as many products as are held at a time."""
    last = np.flatnonzero(np.append(row[1:] != row[:-1], True))
    start = 0
    while start < len(row):
        done = int(reach[start - 1]) if start else 0
        at = int(np.searchsorted(reach[last], done + _AT_ONCE, side="right"))
        stop = int(last[max(at - 1, int(np.searchsorted(last, start)))]) + 1
        yield slice(start, stop)
        start = stop


def _large(sums: Floats, enough: float, most: int, alike: float) -> Ints:
    """The cells of a table that hold ``enough`` and may be among the ``most`` largest of a row."""
    best = sums.reshape(len(sums), -1, _BLOCK).max(axis=2)
    if not 0 < most < best.shape[1]:
        return np.flatnonzero(sums >= enough)
    # So many cells of a row hold at least as much: the best of so many blocks.
    bound = np.partition(best, -most, axis=1)[:, -most, np.newaxis]
    return np.flatnonzero(sums >= np.maximum(bound - alike, enough))


def _sorted(pairs: Ints, units: Floats, enough: float) -> tuple[Ints, Floats]:
    """Each pair once, in order, with the sum of its whole ``units``, where that is enough."""
    # Several pairs may meet in one cell, so it holds no less than each of them has in all: most
    # pairs share too little, and are out before they are sorted.
    cells = (pairs.view(np.uint64) * _SPREAD >> _CELL_SHIFT).view(np.int64)
    kept = np.bincount(cells, units, 1 << _CELL_BITS)[cells] >= enough
    if not kept.any():
        return pairs[:0], units[:0]
    # Pair and units in one number each, so that one sort brings together what is summed.
    packed = np.sort(pairs[kept] << _SUM_BITS | units[kept].astype(np.int64))
    found = packed >> _SUM_BITS
    starts = np.flatnonzero(np.append(True, found[1:] != found[:-1]))
    sums = np.add.reduceat(packed & ((1 << _SUM_BITS) - 1), starts).astype(np.float64)
    kept = sums >= enough
    return found[starts][kept], sums[kept]
