"""The targets worth a close comparison for each cost code, found with one sparse product."""

from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.domain.matching.trades import Meaning

_BLOCK = 1024
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


def _matrix(
    rows: Sequence[Iterator[tuple[str, float]]], columns: dict[str, int], grow: bool
) -> sparse.csr_matrix:
    starts, places, values = [0], [], []
    for row in rows:
        for name, value in row:
            column = columns.setdefault(name, len(columns)) if grow else columns.get(name)
            if column is not None:
                places.append(column)
                values.append(value)
        starts.append(len(places))
    return sparse.csr_matrix(
        (
            np.array(values, dtype=np.float32),
            np.array(places, dtype=np.int32),
            np.array(starts),
        ),
        shape=(len(rows), max(len(columns), 1)),
    )


def nearest(
    asked: Sequence[tuple[Meaning, Meaning]], targets: Sequence[Meaning], count: int
) -> list[list[int]]:
    """For each (code, division) at most ``count`` places of ``targets``, nearest first."""
    columns: dict[str, int] = {}
    right = _matrix([_features(target, None) for target in targets], columns, grow=True)
    held = np.maximum(np.bincount(right.indices, minlength=right.shape[1]), 1)
    telling = np.where(held > max(_COMMON, len(targets) // 5), 0.0, np.log1p(len(targets) / held))
    right = right @ sparse.diags(telling.astype(np.float32))
    lengths = np.sqrt(np.asarray(right.multiply(right).sum(axis=1)).ravel())
    right = sparse.diags((1.0 / np.maximum(lengths, 1e-9) ** 0.6).astype(np.float32)) @ right
    known = frozenset(columns)
    left = _matrix([_features(code, above, known) for code, above in asked], columns, grow=False)
    right.eliminate_zeros()
    turned = right.T.tocsr()
    found: list[list[int]] = []
    for start in range(0, len(asked), _BLOCK):
        product = left[start : start + _BLOCK] @ turned
        for begin, end in pairwise(product.indptr.tolist()):
            found.append(_best(product.indices[begin:end], product.data[begin:end], count))
    return found


def _best(places: NDArray[np.int32], scores: NDArray[np.float32], count: int) -> list[int]:
    """The places of the highest scores; equal ones by place, so that the choice is always same."""
    rounded = np.round(scores, 3)
    if len(places) > count:
        least = np.partition(rounded, len(rounded) - count)[-count]
        kept = rounded >= least
        places, rounded = places[kept], rounded[kept]
    order = np.lexsort((places, -rounded))[:count]
    return [int(place) for place in places[order]]
