"""The targets worth a close comparison for each cost code, found by the marks that they share."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.matching.products import Held, shared
from bot.domain.matching.trades import Meaning

_COMMON = 200
"""What more targets hold, and a fifth of them, tells none of them apart ("Stage", "Level")."""


_Table = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""(row, column, value) of each mark of each row, rows in order."""


class _Columns:
    """The marks of the targets by number, and what each word of a name adds to its row."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: dict[str, tuple[array[int], array[float]]] = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._numbers)

    def close(self) -> None:
        """From now on there are no new marks: what no target has finds none."""
        self._closed = True
        self._words.clear()

    def mark(self, name: str) -> int:
        """The number of a mark, -1 for an unknown one."""
        if self._closed:
            return self._numbers.get(name, -1)
        return self._numbers.setdefault(name, len(self._numbers))

    def word(self, word: str) -> "tuple[array[int], array[float]]":
        """The marks of a content word, and how much each tells; the same words are in many names.

        Its letter triples, with its ends marked, are for words that the targets spell otherwise.
        """
        found = self._words.get(word)
        if found is None:
            whole = self.mark("w" + word)
            found = array("q", [whole]), array("d", [3.0])
            if not self._closed or whole < 0:
                ends = f" {word} "
                marks = [self.mark("3" + ends[at : at + 3]) for at in range(len(ends) - 2)]
                found = array("q", [whole, *marks]), array("d", [3.0] + [0.5] * len(marks))
            self._words[word] = found
        return found


def _table(rows: Iterable[tuple[Meaning, Meaning | None]], columns: _Columns) -> _Table:
    """The marks of names; a code's with those of the division that it stands in."""
    lengths, places, values = array("q"), array("q"), array("d")
    for meaning, above in rows:
        begun = len(places)
        for word in meaning.core:
            marks, told = columns.word(word)
            places.extend(marks)
            values.extend(told)
        others = [("t" + trade, 2.0) for trade in meaning.general]
        by_part = 1.2 if above is None else 2.0
        others += [("t" + trade, by_part) for trade in meaning.trades - meaning.general]
        if meaning.number:
            others.append(("n" + meaning.number, 2.0))
        if above is not None:
            others += [("w" + word, 1.2) for word in above.core]
        places.extend([columns.mark(name) for name, _ in others])
        values.extend([value for _, value in others])
        lengths.append(len(places) - begun)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    return _summed(owner, np.array(places, np.int64), np.array(values), max(len(columns), 1))


def _summed(
    owner: NDArray[np.int64], place: NDArray[np.int64], value: NDArray[np.float64], width: int
) -> _Table:
    """Each mark of a row once, with all that it was given."""
    known = place >= 0
    cell, at = np.unique(owner[known] * width + place[known], return_inverse=True)
    return cell // width, cell % width, np.bincount(at, value[known], len(cell)).astype(np.float64)


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
    columns = _Columns()
    right = _table([(target, None) for target in targets], columns)
    columns.close()
    held = _held(right, len(targets), len(columns))
    row, place, value = _table(asked, columns)
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
