"""Duplicate vendors and customers: groups that people can act on, with reasons in words.

A merge cannot be undone, so silence is preferred to a wrong accusation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.matching.hands import ALONE, Hands
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
    """Groups, surest first, and every pair that was worth a score.

    A group of a weaker band may hold a surer one and the records that would extend it.
    """

    groups: tuple[DuplicateGroup, ...] = ()
    pairs: tuple[DuplicatePair, ...] = ()

    def in_bands(self, *bands: Band) -> tuple[DuplicateGroup, ...]:
        """The groups of these bands, none of them overlapping.

        A group that would only extend a surer one waits until a person has settled that.
        """
        shown: list[DuplicateGroup] = []
        taken: set[str] = set()
        for group in self.groups:
            if group.band in bands and taken.isdisjoint(group.ids):
                shown.append(group)
                taken.update(group.ids)
        return tuple(shown)


def comparable(party: Party) -> bool:
    """Whether a record takes part at all: active, top-level, and not one of the system's own."""
    return _takes_part(party) and bool(party.name.strip())


def nameless(party: Party) -> bool:
    """Whether a record should take part and has no name to compare: it may be anybody's."""
    return _takes_part(party) and not any(map(str.isalnum, party.name))


def _takes_part(party: Party) -> bool:
    aside = party.is_job or party.own_company or party.service_account
    return party.active and not aside


def find_duplicates(
    parties: Sequence[Party], *, dismissed: Collection[frozenset[str]] = (), hands: Hands = ALONE
) -> DuplicateReport:
    """Group the records of one party.

    ``dismissed`` are pairs of ids that a person called "not a duplicate"; such a pair never
    stands in one group. The result does not depend on the order of ``parties``. A group of a
    weaker band may contain a surer group: it says which further records may belong to it.
    ``hands`` do the parts of a large list at once; they change nothing of the result.
    """
    # numpy, rapidfuzz and phonenumbers are loaded by the first run, not at start-up.
    from bot.domain.matching.duplicate_run import run

    return run([party for party in parties if comparable(party)], dismissed, hands)
