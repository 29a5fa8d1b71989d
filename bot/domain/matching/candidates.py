"""Which pairs are worth a comparison: those that share a key, rare words, or most letter triples.

Nothing here depends on how many records there are, only on how many share something, so a record
that shares nothing changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from bot.domain.matching.parties import Ready

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEY_CAP = 40
"""A key that more records share than this names a switchboard or an office tower, not a party."""
NAME_CAP = 400
WORD_CAP = 12
WORDS_CAP = 30
TRIPLE_CAP = 300
LEAST_COSINE = 0.32
_BLOCK = 4096


def blocks(party: Ready, counts: Counter[str]) -> Iterator[str]:
    """The keys under which a party meets others; counts are of all records."""
    for key in party.shared_keys():
        if key[0] == "w":
            continue
        yield key
    for form in party.names:
        yield "s" + " ".join(sorted(form.words))
        rare = sorted(set(form.words), key=lambda word: (counts["w" + word], word))[:3]
        if rare and counts["w" + rare[0]] <= WORD_CAP:
            yield "w" + rare[0]
        for pair in combinations(rare, 2):
            yield "v" + " ".join(sorted(pair))
        if len(form.words) >= 3:
            yield "n" + "".join(word[0] for word in form.words)


def _cap(key: str) -> int:
    if key[0] in "tns":
        return NAME_CAP
    if key[0] == "w":
        return WORD_CAP
    return WORDS_CAP if key[0] == "v" else KEY_CAP


def _by_key(parties: Sequence[Ready], counts: Counter[str]) -> set[tuple[int, int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, party in enumerate(parties):
        for key in set(blocks(party, counts)):
            places[key].append(place)
    pairs: set[tuple[int, int]] = set()
    for key, members in places.items():
        if 1 < len(members) <= _cap(key):
            pairs.update(combinations(members, 2))
    return pairs


def triples(texts: Sequence[str]) -> "tuple[NDArray[np.int32], NDArray[np.int32]]":
    """(text number, letter triple) for every distinct triple of every text, ends marked."""
    import numpy as np

    marked = "".join(f"\x01{text}\x01" for text in texts).encode("ascii", "replace")
    letters = np.frombuffer(marked, dtype=np.uint8).astype(np.int32)
    owner = np.repeat(
        np.arange(len(texts), dtype=np.int32), np.array([len(text) + 2 for text in texts])
    )
    code = (letters[:-2] << 16) | (letters[1:-1] << 8) | letters[2:]
    inside = owner[:-2] == owner[2:]
    both = np.unique(owner[:-2][inside].astype(np.int64) << 24 | code[inside])
    return (both >> 24).astype(np.int32), (both & 0xFFFFFF).astype(np.int32)


def _similar(texts: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Pairs of texts whose weighted letter triples agree, by a blockwise sparse product."""
    import numpy as np
    from scipy import sparse

    if len(texts) < 2:
        return []
    owner, code = triples(texts)
    kinds, column, counted = np.unique(code, return_inverse=True, return_counts=True)
    weight = np.log1p(100_000 / counted)[column]
    norm = np.sqrt(np.bincount(owner, weight**2, minlength=len(texts)))
    kept = (counted[column] <= TRIPLE_CAP) & (counted[column] > 1)
    owner, column = owner[kept], column[kept]
    values = (weight[kept] / norm[owner]).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(texts)))])
    matrix = sparse.csr_matrix((values, column, starts), shape=(len(texts), len(kinds)))
    turned = matrix.T.tocsr()
    found: list[tuple[int, int]] = []
    for start in range(0, len(texts), _BLOCK):
        product = matrix[start : start + _BLOCK] @ turned
        rows = np.repeat(np.arange(start, start + product.shape[0]), np.diff(product.indptr))
        near = (product.data >= LEAST_COSINE) & (product.indices > rows)
        found.extend(zip(rows[near].tolist(), product.indices[near].tolist(), strict=True))
    return found


def candidate_pairs(parties: Sequence[Ready], counts: Counter[str]) -> list[tuple[int, int]]:
    """Pairs of places in ``parties`` (first < second) that are worth comparing, in order."""
    pairs = _by_key(parties, counts)
    holders: dict[str, list[int]] = defaultdict(list)
    for place, party in enumerate(parties):
        for form in party.names:
            if len(form.squash) >= 4:
                holders[form.squash].append(place)
    texts = sorted(holders)
    for left, right in _similar(texts):
        for first in holders[texts[left]][:KEY_CAP]:
            for second in holders[texts[right]][:KEY_CAP]:
                if first != second:
                    pairs.add((first, second) if first < second else (second, first))
    return sorted(pairs)
