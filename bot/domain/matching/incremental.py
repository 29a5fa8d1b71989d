"""Duplicates of one changed record, without scoring the others again.

After a webhook told that one vendor changed, only its neighbourhood is compared: the records that
share a key with it, and those whose names are alike.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.domain.matching.candidates import KEY_CAP, LEAST_ALIKE
from bot.domain.matching.duplicate_run import POSSIBLE, band_of
from bot.domain.matching.duplicates import DuplicatePair, comparable
from bot.domain.matching.parties import Ready, count_keys, make_ready
from bot.domain.matching.scoring import Scorer, confidence
from bot.domain.records import Party


class DuplicateIndex:
    """The parties of one system, kept ready for questions about one of them.

    Building it costs as much as preparing a full run; a question costs milliseconds. How common a
    value is, is counted anew only by a full run: one record more or less moves it little.
    """

    def __init__(
        self, parties: Iterable[Party], *, dismissed: Collection[frozenset[str]] = ()
    ) -> None:
        self._dismissed = set(dismissed)
        self._ready: list[Ready] = []
        self._texts: list[str] = []
        self._place: dict[str, int] = {}
        self._holders: dict[str, set[int]] = defaultdict(set)
        for party in parties:
            if comparable(party):
                self._add(make_ready(party))
        self._counts: Counter[str] = count_keys(self._ready)

    def _keys(self, ready: Ready) -> set[str]:
        keys = {key for key in ready.shared_keys() if key[0] != "w"}
        keys.update("s" + " ".join(sorted(form.words)) for form in ready.names)
        return keys

    def _add(self, ready: Ready) -> None:
        if not ready.names:
            return
        place = self._place.setdefault(ready.id, len(self._ready))
        if place == len(self._ready):
            self._ready.append(ready)
            self._texts.append(ready.names[0].squash)
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
            alike = process.extract(
                form.squash,
                self._texts,
                scorer=Indel.normalized_similarity,
                score_cutoff=LEAST_ALIKE,
                limit=KEY_CAP,
            )
            near.update(other for _, _, other in alike)
        return sorted(near - {place})

    def _pairs(self, place: int) -> tuple[DuplicatePair, ...]:
        scorer = Scorer(self._ready, self._counts)
        pairs = []
        for other in self._near(place):
            ids = (self._ready[place].id, self._ready[other].id)
            score = scorer.score(place, other)
            band = band_of(score)
            if score < POSSIBLE or band is None or self._apart(ids, scorer, place, other):
                continue
            first, second = sorted(ids)
            reasons = scorer.explain(place, other)
            pairs.append(DuplicatePair(first, second, band, confidence(score), reasons))
        return tuple(sorted(pairs, key=lambda pair: (-pair.confidence, pair.a, pair.b)))

    def _apart(self, ids: Sequence[str], scorer: Scorer, a: int, b: int) -> bool:
        return frozenset(ids) in self._dismissed or scorer.forbidden(a, b)
