"""From groups of duplicates to a finding; vendors and customers share it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.compared import compare
from bot.domain.findings import met, plural, unknown, unmet, unread
from bot.domain.matching.duplicates import Band, DuplicateGroup, DuplicateReport, nameless
from bot.domain.model import CheckContext, Evidence, Facet, Failed, Finding, Snapshot, System
from bot.domain.records import Party
from bot.domain.reviewed import Reviewed

SHOWN = (Band.SURE, Band.LIKELY)
"""Groups of the band *possible* are shown on request only: a merge cannot be undone."""

MOST_UNNAMED = 20
"""Records without a name that are listed; the sentence has their number."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is compared: the requirement's id, the word in singular and plural, and the list."""

    item: str
    one: str
    many: str
    facet: Facet[tuple[Party, ...]]

    @property
    def system(self) -> System:
        """Whose records these are."""
        return self.facet.system

    def judge(self, snapshot: Snapshot, context: CheckContext) -> Finding:
        """Compare, and judge what was found."""
        read = snapshot.get(self.facet)
        if isinstance(read, Failed):
            return unread(read)
        reviewed = context.reviewed.get(self.system, Reviewed())
        report = compare(read.value, reviewed.apart(read.value))
        return judge_groups(self, read.value, report, reviewed.kept, read.scope)


def judge_groups(
    kind: Kind,
    parties: Sequence[Party],
    report: DuplicateReport,
    kept: Collection[str],
    scope: str,
) -> Finding:
    """Met without a group in the bands shown; ``kept`` are the records that people chose.

    Unknown where a record has no name that could be compared: it may be anybody's.
    """
    groups = report.in_bands(*SHOWN)
    one, many, system = kind.one, kind.many, kind.system.label
    if not groups:
        unnamed = [party for party in parties if nameless(party)]
        if unnamed:
            return _unnamed(kind, unnamed, scope)
        looked = plural(sum(p.active for p in parties), one, many)
        return met(f"No duplicates among {looked} in {system}.", scope=scope)
    by_id = {party.id: party for party in parties}
    first = groups[0]
    names = " and ".join(f'"{by_id[i].name}"' for i in first.ids[:2])
    reason = f" · {first.reasons[0].split(';')[0]}" if first.reasons else ""
    shown = plural(
        len(groups), f"group of likely duplicate {many}", f"groups of likely duplicate {many}"
    )
    return unmet(
        f"{shown} in {system}, e.g. {names}{reason}",
        f"Merge them in {system}, or say under Review that they are not duplicates. A merge can't "
        "be undone.",
        [_evidence(group, by_id, kept) for group in groups],
        scope=scope,
        counts={
            "groups": len(groups),
            "sure": sum(g.band is Band.SURE for g in groups),
            "records": sum(len(g.ids) for g in groups),
        },
    )


def _unnamed(kind: Kind, parties: Sequence[Party], scope: str) -> Finding:
    what, system = plural(len(parties), kind.one, kind.many), kind.system.label
    verb, them = ("has", "it") if len(parties) == 1 else ("have", "them")
    return unknown(
        f"No duplicates found, but {what} in {system} {verb} no name to compare.",
        f"Give {them} a name in {system}, or remove {them}, then press Re-check.",
        [Evidence(f"id {party.id}", "no name", ref=party.id) for party in parties[:MOST_UNNAMED]],
        scope=scope,
    )


def keep_of(group: DuplicateGroup, kept: Collection[str]) -> str:
    """The record to keep: the one that a person chose, else the one that is suggested."""
    return next((one for one in group.ids if one in kept), group.keep)


def _evidence(group: DuplicateGroup, by_id: dict[str, Party], kept: Collection[str]) -> Evidence:
    names = " · ".join(by_id[i].name for i in group.ids)
    one = keep_of(group, kept)
    keep = f'Keep "{by_id[one].name}"{", as a person chose" if one in kept else ""}'
    blockers = [f"{by_id[i].name}: {text}" for i in group.ids for text in by_id[i].blockers]
    parts = [*group.reasons, keep, *blockers]
    return Evidence(names, "; ".join(parts), ref="|".join(group.ids), group=group.band.value)
