"""Which pairs are worth a comparison: those that share a key, rare words, or most letter triples.

Nothing here depends on how many records there are, only on how many share something, so a record
that shares nothing changes nothing.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.domain.matching.hands import ALONE, Hands
from bot.domain.matching.names import NameForm, word_class
from bot.domain.matching.parties import Ready, count_keys
from bot.domain.matching.products import Held, shared

KEY_CAP = 40
"""A key that more records share than this names a switchboard or an office tower, not a party."""
NAME_CAP = 400
WORD_CAP = 12
WORDS_CAP = 30
TRIPLE_CAP = 300
LEAST_COSINE = 0.32
LEAST_ALIKE = 0.74
LEAST_CORE = 0.6
"""Names whose distinctive words share less than this are alike in their trade words only …"""
CLOSELY_ALIKE = 0.84
"""… except where typing errors may have garbled a trade word into a distinctive one."""
TURNED_ALIKE = 0.78
"""What names share at least whose words stand in another order."""
_CHUNK = 65536


def strong_keys(party: Ready, counts: Counter[str]) -> Iterator[str]:
    """The keys that bring two parties together whatever else they are called."""
    for key in party.strong_keys():
        if counts.get(key, 0) > 1:
            yield key
    for form in party.names:
        yield "s" + " ".join(sorted(form.words))


def _word_keys(form: NameForm, counts: Counter[str]) -> Iterator[str]:
    """A rare word, and pairs of the rarest ones."""
    held = sorted([(counts.get("w" + word, 0), word) for word in set(form.words)])[:3]
    if held[0][0] <= WORD_CAP:
        yield "w" + held[0][1]
    for (_, first), (_, second) in combinations(held, 2):
        yield f"v{first} {second}" if first < second else f"v{second} {first}"


def _cap(key: str) -> int:
    if key[0] in "tns":
        return NAME_CAP
    if key[0] == "w":
        return WORD_CAP
    return WORDS_CAP if key[0] == "v" else KEY_CAP


def _meet(keyed: Iterable[tuple[int, Iterable[str]]]) -> NDArray[np.int64]:
    """Pairs of numbers (first << 32 | second) that share a key which not too many hold."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, keys in keyed:
        for key in set(keys):
            holders[key].append(number)
    pairs = array("q")
    for key, members in holders.items():
        if len(members) > _cap(key):
            if key[0] in "tns":  # So many of one name: each meets its neighbours only.
                pairs.extend(first << 32 | second for first, second in pairwise(members))
        elif len(members) > 1:
            pairs.extend(first << 32 | second for first, second in combinations(members, 2))
    return _distinct(np.frombuffer(pairs, dtype=np.int64))


def _distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The values in order, each once; ``np.unique`` hashes, which is slower for millions."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    distinct: NDArray[np.int64] = ordered[first]
    return distinct


def triples(texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(text number, letter triple) for every distinct triple of every text, ends marked."""
    if not texts:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
    marked = "".join(f"\x01{text}\x01" for text in texts).encode("ascii", "replace")
    letters = np.frombuffer(marked, dtype=np.uint8).astype(np.int32)
    owner = np.repeat(
        np.arange(len(texts), dtype=np.int32), np.array([len(text) + 2 for text in texts])
    )
    code = (letters[:-2] << 16) | (letters[1:-1] << 8) | letters[2:]
    inside = owner[:-2] == owner[2:]
    both = _distinct(owner[:-2][inside].astype(np.int64) << 24 | code[inside])
    return (both >> 24).astype(np.int32), (both & 0xFFFFFF).astype(np.int32)


def _similar(texts: Sequence[str]) -> NDArray[np.int64]:
    """Pairs of texts whose weighted letter triples agree, by what they share."""
    if len(texts) < 2:
        return np.empty(0, dtype=np.int64)
    owner, code = triples(texts)
    kinds, column, counted = np.unique(code, return_inverse=True, return_counts=True)
    weight = np.log1p(100_000 / counted)[column]
    norm = np.sqrt(np.bincount(owner, weight**2, minlength=len(texts)))
    kept = (counted[column] <= TRIPLE_CAP) & (counted[column] > 1)
    owner, column = owner[kept].astype(np.int64), column[kept]
    values = weight[kept] / norm[owner]
    held = Held.of(owner, column, values, len(kinds))
    # Of the holders of a triple each meets those behind it.
    behind = np.empty(len(owner), dtype=np.int64)
    behind[np.argsort(column, kind="stable")] = np.arange(1, len(owner) + 1)
    met = shared(owner, values, behind, held.starts[column + 1], held, LEAST_COSINE)
    found = [rows << 32 | others for rows, others, _ in met]
    return np.concatenate([np.empty(0, dtype=np.int64), *found])


def _same_numbers(texts: Sequence[str], pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the texts of each pair have the same digits, or one has none: Lot 7 is not Lot 8."""
    kinds: dict[str, int] = {"": 0}
    numbers = np.array(
        [kinds.setdefault("".join(filter(str.isdecimal, text)), len(kinds)) for text in texts],
        dtype=np.int64,
    )
    left, right = numbers[pairs >> 32], numbers[pairs & 0xFFFFFFFF]
    same: NDArray[np.bool_] = (left == right) | (left == 0) | (right == 0)
    return same


def _alike(texts: Sequence[str], pairs: NDArray[np.int64], least: float) -> NDArray[np.int64]:
    """The pairs of texts that share enough letters in order to be worth the full comparison."""
    kept = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(pairs), _CHUNK):
        chunk = pairs[start : start + _CHUNK]
        scores = process.cpdist(
            [texts[left] for left in (chunk >> 32).tolist()],
            [texts[right] for right in (chunk & 0xFFFFFFFF).tolist()],
            scorer=Indel.normalized_similarity,
            score_cutoff=least,
        )
        kept.append(chunk[np.flatnonzero(scores)])
    return np.concatenate(kept)


def _core(form: NameForm) -> str:
    """The distinctive words of a name, run together; all of them where none is."""
    return "".join(word for word in form.words if word_class(word) == "rare") or form.squash


def _named(form: NameForm) -> str:
    """A name without the words that are often left out, run together; all of it where none is."""
    return "".join(word for word in form.words if word_class(word) != "loose") or form.squash


class _Names:
    """Every distinct name of a list's parties, in order, with its form and who holds it."""

    def __init__(self, parties: Sequence[Ready]) -> None:
        self.holders: dict[str, list[int]] = defaultdict(list)
        self.forms: dict[str, NameForm] = {}
        for place, party in enumerate(parties):
            for form in party.names:
                known = self.forms.get(form.squash)
                if known is None or form.words < known.words:
                    self.forms[form.squash] = form
                self.holders[form.squash].append(place)
        self.texts = sorted(self.forms)

    def worth(self, pairs: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """The parties behind those pairs of names that are alike enough."""
        texts = self.texts
        pairs = pairs[_same_numbers(texts, pairs)]
        close = _alike([self.forms[text].full for text in texts], pairs, CLOSELY_ALIKE)
        pairs = np.setdiff1d(pairs, close, assume_unique=True)
        named = [_named(self.forms[text]) for text in texts]
        alike = _alike(named, pairs, LEAST_ALIKE)
        ordered = ["".join(sorted(self.forms[text].words)) for text in texts]
        turned = _alike(ordered, np.setdiff1d(pairs, alike, assume_unique=True), TURNED_ALIKE)
        pairs = np.concatenate([alike, turned])
        cores = _alike([_core(self.forms[text]) for text in texts], pairs, LEAST_CORE)
        folded = _alike(texts, pairs, CLOSELY_ALIKE)
        pairs = _distinct(np.concatenate([close, cores, folded]))
        for left, right in zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True):
            for first in self.holders[texts[left]][:KEY_CAP]:
                for second in self.holders[texts[right]][:KEY_CAP]:
                    if first != second:
                        yield (first, second) if first < second else (second, first)


def _by_initials(parties: Sequence[Ready]) -> Iterator[tuple[int, int]]:
    """``smc`` and ``smith mason construction``."""
    short: dict[str, list[int]] = defaultdict(list)
    for place, party in enumerate(parties):
        for form in party.names:
            if len(form.words) == 1 and 3 <= len(form.squash) <= 5:
                short[form.squash].append(place)
    for place, party in enumerate(parties):
        for form in party.names:
            if len(form.words) >= 3:
                holders = short.get("".join(word[0] for word in form.words), [])
                for other in holders[:KEY_CAP]:
                    if other != place:
                        yield (place, other) if place < other else (other, place)


def _by_keys(
    parties: Sequence[Ready], names: _Names
) -> tuple[Counter[str], NDArray[np.int64], NDArray[np.int64]]:
    """How many hold each key; the pairs of parties, and of names, that share a telling one."""
    counts = count_keys(parties)
    met = _meet((place, strong_keys(party, counts)) for place, party in enumerate(parties))
    words = (
        (number, _word_keys(names.forms[text], counts)) for number, text in enumerate(names.texts)
    )
    return counts, met, _meet(words)


def candidate_pairs(
    parties: Sequence[Ready], hands: Hands = ALONE
) -> tuple[Counter[str], list[tuple[int, int]]]:
    """How many hold each key, and the pairs of places that are worth comparing.

    The pairs are (first < second), in order.
    """
    names = _Names(parties)
    (counts, met, words), similar = hands.do(
        [partial(_by_keys, parties, names), partial(_similar, names.texts)]
    )
    pairs = set(zip((met >> 32).tolist(), (met & 0xFFFFFFFF).tolist(), strict=True))
    pairs.update(names.worth(_distinct(np.concatenate([words, similar]))))
    pairs.update(_by_initials(parties))
    return counts, sorted(pairs)
