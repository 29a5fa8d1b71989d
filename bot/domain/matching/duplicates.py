"""Duplicate vendors and customers: groups that people can act on, with reasons in words.

A merge cannot be undone, so silence is preferred to a wrong accusation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.matching.candidates import candidate_pairs
from bot.domain.matching.grouping import Groups
from bot.domain.matching.parties import count_keys, make_ready
from bot.domain.matching.scoring import Scorer, confidence
from bot.domain.records import Party


class Band(StrEnum):
    """What a person should do with a group: act on it, look at it, or see it on request."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records, how sure it is that they are one (0 to 1), and why; ``a`` < ``b``."""

    a: str
    b: str
    band: Band
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Records of one party: ``keep`` is the id suggested to survive the merge."""

    ids: tuple[str, ...]
    band: Band
    confidence: float
    keep: str
    reasons: tuple[str, ...]
    pairs: tuple[DuplicatePair, ...]


@dataclass(frozen=True, slots=True)
class DuplicateReport:
    """Groups, surest first, and every pair that was worth a score."""

    groups: tuple[DuplicateGroup, ...] = ()
    pairs: tuple[DuplicatePair, ...] = ()

    def in_bands(self, *bands: Band) -> tuple[DuplicateGroup, ...]:
        """The groups of these bands."""
        return tuple(group for group in self.groups if group.band in bands)


def comparable(party: Party) -> bool:
    """Whether a record takes part at all: active, top-level, and not one of the system's own."""
    return (
        party.active
        and not party.is_job
        and not party.own_company
        and not party.service_account
        and bool(party.name.strip())
    )


SURE = 2.6
"""Log-odds from which a pair or group is sure; the weakest link decides."""
LIKELY = 0.4
POSSIBLE = -1.4
_REASONS = 4


def _band(score: float) -> Band | None:
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
    """One run of the kernel over comparable parties in canonical order."""

    def __init__(self, parties: Sequence[Party], dismissed: Collection[frozenset[str]]) -> None:
        self.parties = sorted((party for party in parties if comparable(party)), key=_order)
        ready = [make_ready(party) for party in self.parties]
        counts = count_keys(ready)
        self.scorer = Scorer(ready, counts)
        self._dismissed = set(dismissed)
        self.edges = [
            (score, a, b)
            for a, b in candidate_pairs(ready, counts)
            if (score := self.scorer.score(a, b)) >= POSSIBLE and not self._forbidden(a, b)
        ]

    def _forbidden(self, a: int, b: int) -> bool:
        if self._dismissed:
            pair = frozenset((self.parties[a].id, self.parties[b].id))
            if pair in self._dismissed:
                return True
        return self.scorer.forbidden(a, b)

    def pair(self, score: float, a: int, b: int) -> DuplicatePair:
        first, second = sorted((self.parties[a].id, self.parties[b].id))
        band = _band(score)
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


def find_duplicates(
    parties: Sequence[Party], *, dismissed: Collection[frozenset[str]] = ()
) -> DuplicateReport:
    """Group the records of one party.

    ``dismissed`` are pairs of ids that a person called "not a duplicate"; such a pair never
    stands in one group. The result does not depend on the order of ``parties``. A group of a
    weaker band may contain a surer group: it says which further records may belong to it.
    """
    run = _Run(parties, dismissed)
    pairs = {(a, b): run.pair(score, a, b) for score, a, b in run.edges}
    groups = []
    for members, score, band in run.groups():
        inside = [
            pairs[a, b] for i, a in enumerate(members) for b in members[i + 1 :] if (a, b) in pairs
        ]
        inside.sort(key=lambda pair: (-pair.confidence, pair.a, pair.b))
        reasons = dict.fromkeys("; ".join(pair.reasons) for pair in inside)
        groups.append(
            DuplicateGroup(
                ids=tuple(sorted(run.parties[place].id for place in members)),
                band=band,
                confidence=confidence(score),
                keep=_keep([run.parties[place] for place in members]),
                reasons=tuple(reasons)[:_REASONS],
                pairs=tuple(inside),
            )
        )
    ranks = list(Band)
    groups.sort(key=lambda group: (ranks.index(group.band), -group.confidence, group.ids))
    ordered = sorted(pairs.values(), key=lambda pair: (-pair.confidence, pair.a, pair.b))
    return DuplicateReport(tuple(groups), tuple(ordered))
