"""Duplicates of one changed record, without scoring the others again.

After a webhook told that one vendor changed, only its neighbourhood is compared: the records that
share a key with it, and those whose names are alike.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.domain.matching.candidates import KEY_CAP, LEAST_ALIKE, triples
from bot.domain.matching.collector import collector_paused
from bot.domain.matching.duplicate_run import band_of
from bot.domain.matching.duplicates import DuplicatePair, comparable
from bot.domain.matching.parties import Ready, count_keys, make_ready
from bot.domain.matching.scoring import POSSIBLE, Scorer, confidence
from bot.domain.records import Party

_TRIPLE_CAP = 3_000
_MANY = 10_000
"""Records from which on the garbage collector's first walk over them is felt."""


class DuplicateIndex:
    """The parties of one system, kept ready for questions about one of them.

    Building it costs as much as preparing a full run; a question costs milliseconds. How common a
    value is, is counted anew only by a full run: one record more or less moves it little.
    """

    def __init__(
        self, parties: Iterable[Party], *, dismissed: Collection[frozenset[str]] = ()
    ) -> None:
        self._dismissed = set(dismissed)
        self._since: list[int] = []
        self._ready: list[Ready] = []
        self._texts: list[str] = []
        self._place: dict[str, int] = {}
        self._holders: dict[str, set[int]] = defaultdict(set)
        with collector_paused():
            for party in parties:
                if comparable(party):
                    self._add(make_ready(party))
            self._counts: Counter[str] = count_keys(self._ready)
            self._by_triple = _Triples(self._texts)
        if len(self._ready) >= _MANY:
            gc.collect()  # Now, rather than in the middle of a question, where a second is felt.
        self._since.clear()  # What follows is not in the index of triples.

    def _keys(self, ready: Ready) -> set[str]:
        keys = set(ready.strong_keys())
        keys.update("s" + " ".join(sorted(form.words)) for form in ready.names)
        return keys

    def _add(self, ready: Ready) -> None:
        if not ready.names:
            return
        place = self._place.setdefault(ready.id, len(self._ready))
        if place == len(self._ready):
            self._ready.append(ready)
            self._texts.append(ready.names[0].squash)
            self._since.append(place)
        self._ready[place] = ready
        self._texts[place] = ready.names[0].squash
        for key in self._keys(ready):
            self._holders[key].add(place)

    def remove(self, party_id: str) -> None:
        """Forget a record; an unknown id is nothing to forget."""
        place = self._place.pop(party_id, None)
        if place is None:
            return
        for key in self._keys(self._ready[place]):
            self._holders[key].discard(place)
        self._texts[place] = ""

    def update(self, party: Party) -> tuple[DuplicatePair, ...]:
        """Take in a new or changed record and compare it: its pairs, surest first."""
        self.remove(party.id)
        if not comparable(party):
            return ()
        ready = make_ready(party)
        self._add(ready)
        place = self._place.get(party.id)
        if place is None:
            return ()
        self._counts.update(key for key in set(ready.shared_keys()) if key not in self._counts)
        return self._pairs(place)

    def _near(self, place: int) -> list[int]:
        ready = self._ready[place]
        near: set[int] = set()
        for key in self._keys(ready):
            holders = self._holders[key]
            if len(holders) <= KEY_CAP or key[0] in "tns":
                near |= holders
        for form in ready.names:
            places = [*self._by_triple.near(form.squash), *self._since]
            texts = [self._texts[other] for other in places]
            alike = process.extract(
                form.squash,
                texts,
                scorer=Indel.normalized_similarity,
                score_cutoff=LEAST_ALIKE,
                limit=KEY_CAP,
            )
            near.update(places[at] for _, _, at in alike)
        return sorted(near - {place})

    def _pairs(self, place: int) -> tuple[DuplicatePair, ...]:
        scorer = Scorer(self._ready, self._counts)
        pairs = []
        for other in self._near(place):
            ids = (self._ready[place].id, self._ready[other].id)
            score = scorer.score(place, other, least=POSSIBLE)
            band = band_of(score)
            if score < POSSIBLE or band is None or self._apart(ids, scorer, place, other):
                continue
            first, second = sorted(ids)
            reasons = scorer.explain(place, other)
            pairs.append(DuplicatePair(first, second, band, confidence(score), reasons))
        return tuple(sorted(pairs, key=lambda pair: (-pair.confidence, pair.a, pair.b)))

    def _apart(self, ids: Sequence[str], scorer: Scorer, a: int, b: int) -> bool:
        return frozenset(ids) in self._dismissed or scorer.forbidden(a, b)


class _Triples:
    """Which texts hold a letter triple, for the triples that not too many hold."""

    def __init__(self, texts: Sequence[str]) -> None:
        owner, code = triples(texts)
        order = np.argsort(code, kind="stable")
        self._owners = owner[order]
        self._codes, self._starts = np.unique(code[order], return_index=True)
        self._starts = np.append(self._starts, len(code))

    def near(self, text: str) -> list[int]:
        """The texts that share a third of the rarer triples of ``text``."""
        _, wanted = triples([text])
        at = np.searchsorted(self._codes, wanted)
        found = [
            self._owners[self._starts[place] : self._starts[place + 1]]
            for place, code in zip(at.tolist(), wanted.tolist(), strict=True)
            if place < len(self._codes) and self._codes[place] == code
        ]
        rare = [owners for owners in found if len(owners) <= _TRIPLE_CAP]
        if not rare:
            return []
        places, shared = np.unique(np.concatenate(rare), return_counts=True)
        near: list[int] = places[shared * 3 >= len(rare)].tolist()
        return near
