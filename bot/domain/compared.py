"""One comparison for all who ask about the same records: item, risks, *Review…*, worksheets.

Comparing 20,000 names is seconds of computing, and a hand-off alone asks four times. The last
answers are remembered by a fingerprint of what was compared, not by the records themselves, so
that a process that computes for many customers does not keep their lists; only of the few records
of a small company the process keeps some.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from functools import lru_cache
from threading import Lock

from bot.domain.matching.duplicates import DuplicateReport, find_duplicates
from bot.domain.records import Party

LARGE = 2_000
"""Records from which on remembering is worth its memory."""
KEPT = 4
"""Answers: both systems of two customers."""
FEW = 50
"""Records up to which they themselves may be kept."""

_known: OrderedDict[tuple[int, int, int], DuplicateReport] = OrderedDict()
_guard = Lock()


def compare(
    parties: Sequence[Party], dismissed: Collection[frozenset[str]] = ()
) -> DuplicateReport:
    """As :func:`find_duplicates`; at once where a few or very many were compared just before."""
    if len(parties) <= FEW:
        return _of_few(tuple(parties), frozenset(dismissed))
    if len(parties) < LARGE:
        return find_duplicates(parties, dismissed=dismissed)
    key = (len(parties), hash(tuple(parties)), hash(frozenset(dismissed)))
    with _guard:
        known = _known.get(key)
    if known is not None:
        return known
    found = find_duplicates(parties, dismissed=dismissed)
    with _guard:
        _known[key] = found
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found


@lru_cache(64)
def _of_few(parties: tuple[Party, ...], dismissed: frozenset[frozenset[str]]) -> DuplicateReport:
    return find_duplicates(parties, dismissed=dismissed)
