"""One run of the duplicate kernel: prepare, compare, group, and put it in words."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import chain
from math import inf

from bot.domain.matching.candidates import candidate_pairs
from bot.domain.matching.collector import collector_paused
from bot.domain.matching.duplicates import Band, DuplicateGroup, DuplicatePair, DuplicateReport
from bot.domain.matching.grouping import Groups
from bot.domain.matching.hands import Hands, slices
from bot.domain.matching.parties import Ready, make_ready
from bot.domain.matching.scoring import LIKELY, POSSIBLE, SURE, Scorer, confidence
from bot.domain.records import Party

_REASONS = 4
_Compared = tuple[
    Mapping[tuple[int, int], float], Sequence[tuple[tuple[int, int], tuple[str, ...]]]
]


def band_of(score: float) -> Band | None:
    """The band of log-odds; None where it is not worth showing."""
    if score >= SURE:
        return Band.SURE
    if score >= LIKELY:
        return Band.LIKELY
    return Band.POSSIBLE if score >= POSSIBLE else None


def _order(party: Party) -> tuple[object, ...]:
    """Sorts parties by what they are, so that the order of rows changes nothing."""
    return (
        party.name, party.tax_id, party.emails, party.phones, party.website,
        party.address.street, party.address.city, party.id,
    )  # fmt: skip


def _keep(members: Sequence[Party]) -> str:
    """The record that the others should be merged into: what hangs on it, then what it knows."""

    def worth(party: Party) -> tuple[int, int, int, int]:
        return (party.keep_rank, -len(party.blockers), int(party.weight), party.filled)

    best = max(map(worth, members))
    equal = [party for party in members if worth(party) == best]
    return min(equal, key=lambda party: (party.created_on or "9999", _order(party))).id


def _made(parties: Sequence[Party]) -> list[Ready]:
    return [make_ready(party) for party in parties]


class _Run:
    """One run of the kernel over parties in canonical order."""

    def __init__(
        self, parties: Sequence[Party], dismissed: Collection[frozenset[str]], hands: Hands
    ) -> None:
        ordered = sorted(parties, key=_order)
        parts = hands.do([partial(_made, part) for part in slices(ordered, hands.count)])
        made = list(zip(ordered, chain.from_iterable(parts), strict=True))
        # A name without a letter or digit cannot be compared.
        self.parties = [party for party, each in made if each.names]
        ready = [each for _, each in made if each.names]
        del ordered, parts, made
        counts, candidates = candidate_pairs(ready, hands)
        self.scorer = Scorer(ready, counts)
        self._dismissed = set(dismissed)
        self.edges: list[tuple[float, int, int]] = []
        self.pairs: dict[tuple[int, int], DuplicatePair] = {}
        compared = hands.do(
            [partial(self._compare, part) for part in slices(candidates, hands.count)]
        )
        for scores, reasons in compared:
            self.scorer.remember(scores)
            for (a, b), why in reasons:
                score = scores[a, b]
                self.edges.append((score, a, b))
                self.pairs[a, b] = self._pair(score, a, b, why)

    def _compare(self, pairs: Sequence[tuple[int, int]]) -> _Compared:
        """The scores of pairs that may be one party, and why the better ones may."""
        scores: dict[tuple[int, int], float] = {}
        reasons: list[tuple[tuple[int, int], tuple[str, ...]]] = []
        for pair in pairs:
            # What is forbidden is a fifth of a large list, and told without reading the names.
            if not self._forbidden(*pair):
                score = self.scorer.score(*pair, least=POSSIBLE)
                if score > -inf:
                    scores[pair] = score
                if score >= POSSIBLE:
                    reasons.append((pair, self.scorer.explain(*pair)))
        return scores, reasons

    def _forbidden(self, a: int, b: int) -> bool:
        if self._dismissed:
            pair = frozenset((self.parties[a].id, self.parties[b].id))
            if pair in self._dismissed:
                return True
        return self.scorer.forbidden(a, b)

    def _pair(self, score: float, a: int, b: int, reasons: tuple[str, ...]) -> DuplicatePair:
        first, second = sorted((self.parties[a].id, self.parties[b].id))
        band = band_of(score)
        assert band is not None
        return DuplicatePair(first, second, band, confidence(score), reasons)

    def groups(self) -> list[tuple[tuple[int, ...], float, Band]]:
        """Groups of every band; a weaker group holds the surer ones that it would extend."""
        groups = Groups(self.scorer.score, self._forbidden)
        edges = sorted(self.edges, key=lambda edge: (-edge[0], edge[1], edge[2]))
        found: list[tuple[tuple[int, ...], float, Band]] = []
        seen: set[tuple[int, ...]] = set()
        for least, band in (
            (SURE, Band.SURE), (LIKELY, Band.LIKELY), (POSSIBLE, Band.POSSIBLE)
        ):  # fmt: skip
            good = bisect_right(edges, -least, key=lambda edge: -edge[0])
            groups.join(edges[:good])
            for members, score in groups.found():
                if members not in seen:
                    seen.add(members)
                    found.append((members, score, band))
        return found


@collector_paused()
def run(
    parties: Sequence[Party], dismissed: Collection[frozenset[str]], hands: Hands
) -> DuplicateReport:
    """What ``find_duplicates`` promises, over parties that take part."""
    found = _Run(parties, dismissed, hands)
    pairs = found.pairs
    groups = []
    for members, score, band in found.groups():
        inside = [
            pairs[a, b] for i, a in enumerate(members) for b in members[i + 1 :] if (a, b) in pairs
        ]
        inside.sort(key=lambda pair: (-pair.confidence, pair.a, pair.b))
        reasons = dict.fromkeys("; ".join(pair.reasons) for pair in inside)
        groups.append(
            DuplicateGroup(
                ids=tuple(sorted(found.parties[place].id for place in members)),
                band=band,
                confidence=confidence(score),
                keep=_keep([found.parties[place] for place in members]),
                reasons=tuple(reasons)[:_REASONS],
                pairs=tuple(inside),
            )
        )
    ranks = list(Band)
    groups.sort(key=lambda group: (ranks.index(group.band), -group.confidence, group.ids))
    ordered = sorted(pairs.values(), key=lambda pair: (-pair.confidence, pair.a, pair.b))
    return DuplicateReport(tuple(groups), tuple(ordered))
