"""Typing errors in the words that every firm uses: ``managment``, ``constructi``, ``incorperated``.

A misspelt trade word says no more than the right one, so it is mended before names are compared.
Distinctive words are never touched: there a letter may be all that tells two firms apart.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise, takewhile

from bot.domain.matching.lexicon import classes, folds, words

_SHORTEST = 6
"""Letters from which on one error leaves a word recognisable."""
_LONG = 11
"""Letters from which on two errors do."""
_SLIPPED = 5
"""Letters from which on a word with two neighbours swapped, or a letter doubled, does."""
LONG_LEGAL = ("incorporated", "limited", "company", "corporation", "proprietary")
"""Legal forms that are long enough to be misspelt or cut off and still be recognised."""
_MENDED = frozenset({"trade", "loose", "sister"})
_Words = Mapping[str, tuple[str, ...]]


@cache
def trade_words() -> frozenset[str]:
    """Every word of the trades that is long enough to be recognised in any misspelling."""
    told = {word for word, kinds in classes("party_classes.txt").items() if kinds & _MENDED}
    other = {word for word, kept in folds("party_folds.txt").items() if kept in told}
    return frozenset(word for word in told | other if len(word) >= _SLIPPED)


@cache
def _by_letter() -> _Words:
    table: dict[str, list[str]] = defaultdict(list)
    for word in sorted(trade_words()):
        if len(word) >= _SHORTEST:
            table[word[0]].append(word)
    return {letter: tuple(found) for letter, found in table.items()}


def _slips(word: str) -> Iterator[str]:
    """What becomes of ``word`` when two neighbours are swapped or one letter is doubled."""
    for at, letter in enumerate(word):
        yield word[:at] + letter + word[at:]
    for at, (first, second) in enumerate(pairwise(word)):
        if first != second:
            yield word[:at] + second + first + word[at + 2 :]


@cache
def _by_slip() -> Mapping[str, str]:
    """Every slip of a trade word to the one spelling that it can stand for, "" for several."""
    table: dict[str, set[str]] = defaultdict(set)
    for word in trade_words():
        for slip in _slips(word):
            table[slip].add(word)
    folded = folds("party_folds.txt")
    return {slip: _kept(found, folded) for slip, found in table.items()}


def _kept(found: Iterable[str], table: Mapping[str, str]) -> str:
    """The one spelling that all of ``found`` fold to, "" where they are several."""
    kept = {table.get(word, word) for word in found}
    return kept.pop() if len(kept) == 1 else ""


def _mend(word: str, known: Sequence[str], table: Mapping[str, str]) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    limit = 2 if len(word) >= _LONG else 1
    near: dict[int, list[str]] = defaultdict(list)
    for other, edits, _ in process.extract(
        word, known, scorer=OSA.distance, score_cutoff=limit, limit=None
    ):
        near[edits].append(other)
    return _kept(near[min(near)], table) if near else ""


def mended(word: str) -> str:
    """``word``, or the trade word that it must be: one cut off, or an error away from it."""
    if len(word) < _SLIPPED or not word.isalpha() or word in words("party_words.txt"):
        return word
    if word in trade_words():
        return word
    slipped = _by_slip().get(word, "")
    if slipped or len(word) < _SHORTEST:
        return slipped or word
    table = folds("party_folds.txt")
    known = _by_letter().get(word[0], ())
    begun = takewhile(lambda other: other.startswith(word), known[bisect_left(known, word) :])
    return _kept(begun, table) or _mend(word, known, table) or _mended_plural(word)


def _mended_plural(word: str) -> str:
    """Of "arcihtects" the singular is two errors away, of "arcihtect" one."""
    stem = word.removesuffix("s")
    found = mended(stem) if stem != word else stem
    return word if found == stem else found


@lru_cache(maxsize=65536)
def mended_legal(word: str) -> str:
    """The legal form that a misspelt word must be, "" where it is none."""
    if len(word) < _SHORTEST:
        return ""
    return _mend(word, LONG_LEGAL, folds("party_legal.txt"))
