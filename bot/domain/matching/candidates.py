"""Which pairs are worth a comparison: those that share a key, rare words, or most letter triples.

Nothing here depends on how many records there are, only on how many share something, so a record
that shares nothing changes nothing.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, combinations, repeat
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.domain.matching.hands import ALONE, Hands
from bot.domain.matching.names import NameForm, word_class
from bot.domain.matching.parties import Ready, counted
from bot.domain.matching.products import Held, Ints, shared

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
_INITIALS = range(3, 6)
"""How many letters a name may have that may be another's initials."""
_CHUNK = 65536
_SECOND = 0xFFFFFFFF
"""What is left of a pair (first << 32 | second) without its first."""


_OF_NAMES = "tns"
"""Keys of which so many may hold one that it pays to compare each with its neighbours at least."""


def _meet(holder: Ints, key: Ints, most: Ints, chained: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pairs of holders (first << 32 | second) that share a key which not too many hold.

    Entry ``n`` says that ``holder[n]`` holds ``key[n]``, of which at most ``most[n]`` may be the
    holders. Where more are, each meets the next one if the key is ``chained``, else nobody.
    """
    order = np.argsort(key, kind="stable")
    holder, key, most, chained = holder[order], key[order], most[order], chained[order]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    sizes = np.diff(np.append(starts, len(key)))
    behind = np.repeat(starts + sizes, sizes) - np.arange(1, len(key) + 1)
    few = np.repeat(sizes, sizes) <= most
    met = np.where(few, behind, np.where(chained, np.minimum(behind, 1), 0))
    first = np.repeat(holder, met)
    ahead = np.repeat(np.arange(1, len(key) + 1) - np.cumsum(met) + met, met)
    second = holder[ahead + np.arange(len(first))]
    return _distinct(np.minimum(first, second) << 32 | np.maximum(first, second))


def _by_strong_keys(parties: Sequence[Ready]) -> tuple[Counter[str], NDArray[np.int64]]:
    """How many hold each key, and the pairs of parties that share one of more than a word."""
    sizes: list[int] = []

    def held() -> Iterator[set[str]]:
        for party in parties:
            keys = set(party.strong_keys())
            for form in party.names:
                keys.add("s" + " ".join(sorted(form.words)))  # Names whose words are turned round.
            sizes.append(len(keys))
            yield keys

    keys = list(chain.from_iterable(held()))
    strong = Counter(keys)
    shared = [key for key, count in strong.items() if count > 1]
    number = {key: place for place, key in enumerate(shared)}
    told = np.fromiter(map(number.get, keys, repeat(-1)), np.int64, len(keys))
    del keys
    counts = counted(parties, {key: strong[key] for key in shared if key[0] != "s"})
    of_name = np.fromiter((key[0] in _OF_NAMES for key in shared), np.bool_, len(shared))
    kept = told >= 0
    holder = np.repeat(np.arange(len(parties)), sizes)[kept]
    chained = of_name[told[kept]]
    return counts, _meet(holder, told[kept], np.where(chained, NAME_CAP, KEY_CAP), chained)


def _by_words(forms: Sequence[NameForm], counts: Counter[str]) -> NDArray[np.int64]:
    """Pairs of names that share a rare word, or two of their three rarest ones."""
    vocabulary = sorted({word for form in forms for word in form.words})
    held = [counts.get("w" + word, 0) for word in vocabulary]
    order = np.argsort(held, kind="stable").tolist()
    rank = {vocabulary[place]: number for number, place in enumerate(order)}
    rare = sum(count <= WORD_CAP for count in held)
    rarest = np.full((len(forms), 3), -1)
    for number, form in enumerate(forms):
        ranks = sorted({rank[word] for word in form.words})[:3]
        rarest[number, : len(ranks)] = ranks
    numbers = np.arange(len(forms))
    alone = rarest[:, 0] < rare
    holders, keys = [numbers[alone]], [rarest[alone, 0]]
    for one, other in combinations(range(3), 2):
        both = rarest[:, other] >= 0
        holders.append(numbers[both])
        keys.append(rarest[both, one] + 1 << 32 | rarest[both, other])
    key = np.concatenate(keys)
    most = np.where(key < 1 << 32, WORD_CAP, WORDS_CAP)
    return _meet(np.concatenate(holders), key, most, np.zeros(len(key), np.bool_))


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
        [
            0
            if text.isalpha()
            else kinds.setdefault("".join(filter(str.isdecimal, text)), len(kinds))
            for text in texts
        ],
        dtype=np.int64,
    )
    left, right = numbers[pairs >> 32], numbers[pairs & _SECOND]
    same: NDArray[np.bool_] = (left == right) | (left == 0) | (right == 0)
    return same


def _alike(texts: Sequence[str], pairs: NDArray[np.int64], least: float) -> NDArray[np.int64]:
    """The pairs of texts that share enough letters in order to be worth the full comparison."""
    kept = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(pairs), _CHUNK):
        chunk = pairs[start : start + _CHUNK]
        scores = process.cpdist(
            [texts[left] for left in (chunk >> 32).tolist()],
            [texts[right] for right in (chunk & _SECOND).tolist()],
            scorer=Indel.normalized_similarity,
            score_cutoff=least,
        )
        kept.append(chunk[np.flatnonzero(scores)])
    return np.concatenate(kept)


def _core(form: NameForm) -> str:
    """The distinctive words of a name, run together; all of them where none is."""
    return "".join([word for word in form.words if word_class(word) == "rare"]) or form.squash


def _named(form: NameForm) -> str:
    """A name without the words that are often left out, run together; all of it where none is."""
    return "".join([word for word in form.words if word_class(word) != "loose"]) or form.squash


def _in_any_order(form: NameForm) -> str:
    """The words of a name in alphabetical order, run together."""
    return "".join(sorted(form.words))


class _Names:
    """Every distinct name of a list's parties, in order, with its form and who holds it."""

    def __init__(self, parties: Sequence[Ready]) -> None:
        holders: dict[str, list[int]] = defaultdict(list)
        forms: dict[str, NameForm] = {}
        for place, party in enumerate(parties):
            for form in party.names:
                known = forms.get(form.squash)
                if known is None or form.words < known.words:
                    forms[form.squash] = form
                holders[form.squash].append(place)
        self.texts = sorted(forms)
        self.forms = [forms[text] for text in self.texts]
        self.holders = [holders[text] for text in self.texts]

    def _told(
        self, by: Callable[[NameForm], str], pairs: NDArray[np.int64], least: float
    ) -> NDArray[np.int64]:
        """The pairs of names that are alike as ``by`` tells them; no other name is told."""
        told = [""] * len(self.forms)
        for place in set((pairs >> 32).tolist()).union((pairs & _SECOND).tolist()):
            told[place] = by(self.forms[place])
        return _alike(told, pairs, least)

    def alike(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of some pairs of names, in order, that are alike enough."""
        pairs = pairs[_same_numbers(self.texts, pairs)]
        close = self._told(attrgetter("full"), pairs, CLOSELY_ALIKE)
        pairs = np.setdiff1d(pairs, close, assume_unique=True)
        alike = self._told(_named, pairs, LEAST_ALIKE)
        turned = np.setdiff1d(pairs, alike, assume_unique=True)
        turned = self._told(_in_any_order, turned, TURNED_ALIKE)
        pairs = np.concatenate([alike, turned])
        cores = self._told(_core, pairs, LEAST_CORE)
        folded = _alike(self.texts, pairs, CLOSELY_ALIKE)
        return _distinct(np.concatenate([close, cores, folded]))

    def held_by(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """The parties behind pairs of names."""
        only = np.array([one[0] if len(one) == 1 else -1 for one in self.holders], dtype=np.int64)
        left, right = only[pairs >> 32], only[pairs & _SECOND]
        alone = (left >= 0) & (right >= 0)
        several = array("q")
        for pair in pairs[~alone].tolist():
            for first in self.holders[pair >> 32][:KEY_CAP]:
                several.extend(
                    min(first, second) << 32 | max(first, second)
                    for second in self.holders[pair & _SECOND][:KEY_CAP]
                )
        left, right = left[alone], right[alone]
        found = np.minimum(left, right) << 32 | np.maximum(left, right)
        found = np.concatenate([found, np.frombuffer(several, dtype=np.int64)])
        held: NDArray[np.int64] = found[found >> 32 != found & _SECOND]
        return held


def _by_initials(parties: Sequence[Ready]) -> NDArray[np.int64]:
    """``smc`` and ``smith mason construction``."""
    short: dict[str, list[int]] = defaultdict(list)
    for place, party in enumerate(parties):
        for form in party.names:
            if len(form.words) == 1 and len(form.squash) in _INITIALS:
                short[form.squash].append(place)
    found = array("q")
    for place, party in enumerate(parties) if short else ():
        for form in party.names:
            if len(form.words) in _INITIALS:
                holders = short.get("".join([word[0] for word in form.words]), [])
                for other in holders[:KEY_CAP]:
                    if other != place:
                        found.append(min(place, other) << 32 | max(place, other))
    return np.frombuffer(found, dtype=np.int64)


def _by_keys(
    parties: Sequence[Ready], names: _Names
) -> tuple[Counter[str], NDArray[np.int64], NDArray[np.int64]]:
    """How many hold each key; the pairs of parties, and of names, that share a telling one."""
    counts, met = _by_strong_keys(parties)
    return counts, met, _by_words(names.forms, counts)


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
    near = _distinct(np.concatenate([words, similar]))
    alike = hands.do([partial(names.alike, part) for part in np.array_split(near, hands.count)])
    held = names.held_by(np.concatenate(alike))
    pairs = _distinct(np.concatenate([met, held, _by_initials(parties)]))
    return counts, list(zip((pairs >> 32).tolist(), (pairs & _SECOND).tolist(), strict=True))
