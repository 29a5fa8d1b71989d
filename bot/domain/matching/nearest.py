"""The targets worth a close comparison for each cost code, found by the marks that they share."""

from array import array
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.matching.products import Held, shared
from bot.domain.matching.trades import Meaning

_COMMON = 200
"""What more targets hold, and a fifth of them, tells none of them apart ("Stage", "Level")."""


@lru_cache(maxsize=16384)
def _letters(word: str) -> tuple[tuple[str, float], ...]:
    """A word's letter triples, its ends marked; the same words stand in many names."""
    marked = f" {word} "
    return tuple(("3" + marked[start : start + 3], 0.5) for start in range(len(marked) - 2))


def _features(
    meaning: Meaning, above: Meaning | None, known: Container[str] = ()
) -> Iterator[tuple[str, float]]:
    for word in meaning.core:
        yield "w" + word, 3.0
        if "w" + word in known:
            continue  # Letters are for words that the targets spell otherwise.
        yield from _letters(word)
    for trade in meaning.general:
        yield "t" + trade, 2.0
    for trade in meaning.trades - meaning.general:
        yield "t" + trade, 1.2 if above is None else 2.0
    if meaning.number:
        yield "n" + meaning.number, 2.0
    if above is not None:
        for word in above.core:
            yield "w" + word, 1.2


_Table = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""(row, column, value) of each mark of each row, rows in order."""


def _table(
    rows: Sequence[Iterator[tuple[str, float]]], columns: dict[str, int], grow: bool
) -> _Table:
    owners, places, values = array("q"), array("q"), array("d")
    for number, row in enumerate(rows):
        told: dict[int, float] = {}
        for name, value in row:
            column = columns.setdefault(name, len(columns)) if grow else columns.get(name)
            if column is not None:
                told[column] = told.get(column, 0.0) + value
        owners.extend([number] * len(told))
        places.extend(told)
        values.extend(told.values())
    return np.array(owners, np.int64), np.array(places, np.int64), np.array(values, np.float64)


def _held(table: _Table, size: int, columns: int) -> Held:
    """The targets' marks, weighed by how few targets have each and how many each target has."""
    owner, place, value = table
    counts = np.maximum(np.bincount(place, minlength=columns), 1)
    telling = np.where(counts > max(_COMMON, size // 5), 0.0, np.log1p(size / counts))
    value = value * telling[place]
    lengths = np.sqrt(np.bincount(owner, value**2, minlength=size))
    value /= np.maximum(lengths, 1e-9)[owner] ** 0.6
    kept = value > 0
    return Held.of(owner[kept], place[kept], value[kept], columns)


def nearest(
    asked: Sequence[tuple[Meaning, Meaning]], targets: Sequence[Meaning], count: int
) -> list[list[int]]:
    """For each (code, division) at most ``count`` places of ``targets``, nearest first."""
    columns: dict[str, int] = {}
    right = _table([_features(target, None) for target in targets], columns, grow=True)
    held = _held(right, len(targets), len(columns))
    known = frozenset(columns)
    row, place, value = _table(
        [_features(code, above, known) for code, above in asked], columns, grow=False
    )
    found: list[list[int]] = [[] for _ in asked]
    begins, ends = held.starts[place], held.starts[place + 1]
    for rows, others, sums in shared(row, value, begins, ends, held):
        bounds = (np.flatnonzero(rows[1:] != rows[:-1]) + 1).tolist()
        for begin, end in pairwise([0, *bounds, len(rows)]):
            if begin < end:
                found[int(rows[begin])] = _best(others[begin:end], sums[begin:end], count)
    return found


def _best(
    places: NDArray[np.signedinteger[Any]], scores: NDArray[np.floating[Any]], count: int
) -> list[int]:
    """The places of the highest scores; equal ones by place, so that the choice is always same."""
    rounded = np.round(scores, 3)
    if len(places) > count:
        least = np.partition(rounded, len(rounded) - count)[-count]
        kept = rounded >= least
        places, rounded = places[kept], rounded[kept]
    order = np.lexsort((places, -rounded))[:count]
    return [int(place) for place in places[order]]
