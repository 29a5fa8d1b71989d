"""The targets worth a close comparison for each cost code, found by the marks that they share."""

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.domain.matching.products import Floats, Held, Ints, shared
from bot.domain.matching.trades import Meaning

_COMMON = 200
"""What more targets hold, and a fifth of them, tells none of them apart ("Stage", "Level")."""


_Table = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""(row, column, value) of each mark of each row, rows in order."""

_Marks = tuple["array[int]", "array[float]"]
"""Numbers of marks, and how much each tells."""


class _Columns:
    """The marks of the targets by number, and what each word of a name adds to its row."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: dict[str, _Marks] = {}
        self._trades: dict[tuple[frozenset[str], frozenset[str], float], _Marks] = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._numbers)

    def close(self) -> None:
        """From now on there are no new marks: what no target has finds none."""
        self._closed = True
        self._words.clear()
        self._trades.clear()

    def mark(self, name: str) -> int:
        """The number of a mark, -1 for an unknown one."""
        if self._closed:
            return self._numbers.get(name, -1)
        return self._numbers.setdefault(name, len(self._numbers))

    def word(self, word: str) -> "_Marks":
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

    def trades(self, meaning: Meaning, by_part: float) -> "_Marks":
        """The marks of the trades of a name: those that it stands for tell more."""
        key = meaning.general, meaning.trades, by_part
        found = self._trades.get(key)
        if found is None:
            told = dict.fromkeys(meaning.trades, by_part) | dict.fromkeys(meaning.general, 2.0)
            marks = array("q", [self.mark("t" + trade) for trade in told])
            found = self._trades[key] = marks, array("d", told.values())
        return found


def _table(rows: Iterable[tuple[Meaning, Meaning | None]], columns: _Columns) -> _Table:
    """The marks of names; a code's with those of the division that it stands in."""
    lengths, places, values = array("q"), array("q"), array("d")
    for meaning, above in rows:
        begun = len(places)
        told = [columns.word(word) for word in meaning.core]
        told.append(columns.trades(meaning, 1.2 if above is None else 2.0))
        for marks, values_of in told:
            places.extend(marks)
            values.extend(values_of)
        others = [("n" + meaning.number, 2.0)] if meaning.number else []
        if above is not None:
            others += [("w" + word, 1.2) for word in above.core]
        for name, value in others:
            places.append(columns.mark(name))
            values.append(value)
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
    for rows, others, sums in shared(row, value, begins, ends, held, most=count):
        if len(rows):
            for at, other in zip(*_best(rows, others, sums, count), strict=True):
                found[at].append(other)
    return found


def _best(rows: Ints, places: Ints, scores: Floats, count: int) -> tuple[list[int], list[int]]:
    """Row and place of the highest scores of each row, best first.

    Equal ones come by place, so that the choice is always the same; thousandths make no difference.
    """
    told = np.rint(scores * 1000).astype(np.int64)
    worse = told.max() - told
    wide = int(places.max()) + 1
    deep = (int(worse.max()) + 1) * wide
    # All in one number each: one sort of numbers takes a fraction of a sort by three keys.
    order = np.sort((rows - rows[0]) * deep + worse * wide + places)
    row = order // deep
    starts = np.flatnonzero(np.append(True, row[1:] != row[:-1]))
    before = np.repeat(starts, np.diff(np.append(starts, len(row))))
    kept = np.arange(len(row)) - before < count
    return (row[kept] + rows[0]).tolist(), (order[kept] % wide).tolist()
