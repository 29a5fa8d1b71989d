"""One run of the duplicate kernel: prepare, compare, group, and put it in words."""

from collections.abc import Collection, Sequence

from bot.domain.matching.candidates import candidate_pairs
from bot.domain.matching.collector import collector_paused
from bot.domain.matching.duplicates import Band, DuplicateGroup, DuplicatePair, DuplicateReport
from bot.domain.matching.grouping import Groups
from bot.domain.matching.parties import count_keys, make_ready
from bot.domain.matching.scoring import LIKELY, POSSIBLE, SURE, Scorer, confidence
from bot.domain.records import Party

_REASONS = 4


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

    def worth(party: Party) -> tuple[float, int, int, str]:
        address = party.address
        known = (party.tax_id, party.website, address.street, address.city, address.postcode)
        filled = sum(map(bool, known)) + len(party.emails) + len(party.phones)
        return (-len(party.blockers), int(party.weight), filled, "")

    best = max(map(worth, members))
    equal = [party for party in members if worth(party) == best]
    return min(equal, key=lambda party: (party.created_on or "9999", _order(party))).id


class _Run:
    """One run of the kernel over parties in canonical order."""

    def __init__(self, parties: Sequence[Party], dismissed: Collection[frozenset[str]]) -> None:
        made = [(party, make_ready(party)) for party in sorted(parties, key=_order)]
        # A name without a letter or digit cannot be compared.
        self.parties = [party for party, each in made if each.names]
        ready = [each for _, each in made if each.names]
        counts = count_keys(ready)
        self.scorer = Scorer(ready, counts)
        self._dismissed = set(dismissed)
        self.edges = [
            (score, a, b)
            for a, b in candidate_pairs(ready, counts)
            # What is forbidden is a fifth of a large list, and told without reading the names.
            if not self._forbidden(a, b) and (score := self.scorer.score(a, b)) >= POSSIBLE
        ]

    def _forbidden(self, a: int, b: int) -> bool:
        if self._dismissed:
            pair = frozenset((self.parties[a].id, self.parties[b].id))
            if pair in self._dismissed:
                return True
        return self.scorer.forbidden(a, b)

    def pair(self, score: float, a: int, b: int) -> DuplicatePair:
        first, second = sorted((self.parties[a].id, self.parties[b].id))
        band = band_of(score)
        assert band is not None
        return DuplicatePair(first, second, band, confidence(score), self.scorer.explain(a, b))

    def groups(self) -> list[tuple[tuple[int, ...], float, Band]]:
        """Groups of every band; a weaker group holds the surer ones that it would extend."""
        groups = Groups(self.scorer.score, self._forbidden)
        found: list[tuple[tuple[int, ...], float, Band]] = []
        seen: set[tuple[int, ...]] = set()
        for least, band in (
            (SURE, Band.SURE), (LIKELY, Band.LIKELY), (POSSIBLE, Band.POSSIBLE)
        ):  # fmt: skip
            groups.join(self.edges, least)
            for members, score in groups.found():
                if members not in seen:
                    seen.add(members)
                    found.append((members, score, band))
        return found


@collector_paused()
def run(parties: Sequence[Party], dismissed: Collection[frozenset[str]]) -> DuplicateReport:
    """What ``find_duplicates`` promises, over parties that take part."""
    found = _Run(parties, dismissed)
    pairs = {(a, b): found.pair(score, a, b) for score, a, b in found.edges}
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
