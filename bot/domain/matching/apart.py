"""A finished comparison once people called some of its records different, without another one."""

from collections.abc import Collection

from bot.domain.matching.duplicates import DuplicateReport


def without(report: DuplicateReport, apart: Collection[frozenset[str]]) -> DuplicateReport | None:
    """``report`` as a run with ``apart`` dismissed besides would make it; None: that takes a run.

    Groups join along pairs only. So where the dismissed records have no pair with any other, and
    none among themselves that is not dismissed, they just leave, and nothing else changes.
    """
    touched = frozenset().union(*apart)
    pairs = []
    for pair in report.pairs:
        if pair.a not in touched and pair.b not in touched:
            pairs.append(pair)
        elif frozenset((pair.a, pair.b)) not in apart:
            return None
    groups = tuple(group for group in report.groups if touched.isdisjoint(group.ids))
    return DuplicateReport(groups, tuple(pairs))
