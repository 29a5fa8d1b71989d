"""What people decided about records that look alike: "not a duplicate", and which one to keep."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.records import Party


def as_displayed(name: str) -> str:
    """A name as a reader sees it: a change of case, spaces or Unicode form is no other name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True, slots=True, order=True)
class Dismissal:
    """Two records that a person called "not a duplicate"; ``a`` sorts before ``b``.

    The names are those that the person was shown. Rows from before names were stored have "".
    """

    a: str
    b: str
    name_a: str
    name_b: str
    by: str
    at: datetime

    @property
    def pair(self) -> frozenset[str]:
        """The two ids."""
        return frozenset((self.a, self.b))


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Everything that people decided about the records of one system."""

    dismissals: tuple[Dismissal, ...] = ()
    kept: frozenset[str] = frozenset()

    def holding(self, parties: Iterable[Party]) -> tuple[Dismissal, ...]:
        """The dismissals that hold for these records: both are there, and neither is renamed.

        A renamed record may be somebody else now, so people are asked again; with its old name
        back, what was said of it holds again. Without stored names a dismissal holds until
        somebody asks again.
        """
        names = {party.id: party.name for party in parties} if self.dismissals else {}
        return tuple(
            one
            for one in self.dismissals
            if _is_still(names.get(one.a), one.name_a) and _is_still(names.get(one.b), one.name_b)
        )

    def apart(self, parties: Iterable[Party]) -> frozenset[frozenset[str]]:
        """The pairs of ids that never stand in one group."""
        return frozenset(one.pair for one in self.holding(parties))


def _is_still(name: str | None, then: str) -> bool:
    return name is not None and (not then or as_displayed(name) == as_displayed(then))
