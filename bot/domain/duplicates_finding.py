"""From groups of duplicates to a finding; vendors and customers share it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.findings import met, plural, unmet
from bot.domain.matching.duplicates import (
    Band,
    DuplicateGroup,
    DuplicateReport,
    find_duplicates,
)
from bot.domain.model import Evidence, Finding
from bot.domain.records import Party

SHOWN = (Band.SURE, Band.LIKELY)
"""Groups of the band *possible* are shown on request only: a merge cannot be undone."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is compared: the word in singular and plural, the system, and what to do."""

    one: str
    many: str
    system: str
    remedy: str


def judge_duplicates(
    kind: Kind, parties: Sequence[Party], dismissed: Collection[frozenset[str]], scope: str
) -> Finding:
    """Compare, and judge what was found."""
    return judge_groups(kind, parties, find_duplicates(parties, dismissed=dismissed), scope)


def judge_groups(
    kind: Kind, parties: Sequence[Party], report: DuplicateReport, scope: str
) -> Finding:
    """Met without a group in the bands shown."""
    groups = report.in_bands(*SHOWN)
    one, many = kind.one, kind.many
    if not groups:
        looked = plural(sum(p.active for p in parties), one, many)
        return met(f"No duplicates among {looked} in {kind.system}.", scope=scope)
    by_id = {party.id: party for party in parties}
    first = groups[0]
    names = " and ".join(f'"{by_id[i].name}"' for i in first.ids[:2])
    reason = f" · {first.reasons[0].split(';')[0]}" if first.reasons else ""
    shown = plural(
        len(groups), f"group of likely duplicate {many}", f"groups of likely duplicate {many}"
    )
    return unmet(
        f"{shown} in {kind.system}, e.g. {names}{reason}",
        kind.remedy,
        [_evidence(group, by_id) for group in groups],
        scope=scope,
        counts={
            "groups": len(groups),
            "sure": sum(g.band is Band.SURE for g in groups),
            "records": sum(len(g.ids) for g in groups),
        },
    )


def _evidence(group: DuplicateGroup, by_id: dict[str, Party]) -> Evidence:
    names = " · ".join(by_id[i].name for i in group.ids)
    keep = f'Keep "{by_id[group.keep].name}"'
    blockers = [f"{by_id[i].name}: {text}" for i in group.ids for text in by_id[i].blockers]
    parts = [*group.reasons, keep, *blockers]
    return Evidence(names, "; ".join(parts), ref="|".join(group.ids), group=group.band.value)
