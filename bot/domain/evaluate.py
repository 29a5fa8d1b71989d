"""From facts to verdicts, from verdicts and decisions to a report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.catalogue import catalogue, risks
from bot.domain.model import (
    Assignment,
    Attestation,
    CheckContext,
    Finding,
    Gate,
    Grade,
    Present,
    Report,
    Requirement,
    Snapshot,
    Status,
    StatusKind,
    Verdict,
    Waiver,
)
from bot.domain.risk import is_on


@dataclass(frozen=True, slots=True)
class Judgements:
    """What people decided about a customer's items, by requirement id."""

    attestations: Mapping[str, Attestation] = field(default_factory=dict)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    assignments: Mapping[str, Assignment] = field(default_factory=dict)


def run_checks(
    wanted: Iterable[Requirement], snapshot: Snapshot, context: CheckContext, now: datetime
) -> dict[str, Finding]:
    """Each wanted requirement's finding, dated by the oldest fact it rests on."""
    return {
        requirement.id: replace(
            requirement.check(snapshot, context), checked_at=_as_of(requirement, snapshot, now)
        )
        for requirement in wanted
    }


def _as_of(requirement: Requirement, snapshot: Snapshot, now: datetime) -> datetime:
    reads = [snapshot.get(facet) for facet in requirement.needs]
    times = [read.read_at for read in reads if isinstance(read, Present)]
    return min(times, default=now)


def succeed(stored: Finding | None, fresh: Finding) -> Finding:
    """``fresh`` as it is stored in the place of ``stored``.

    What could not be read now may have been proved wrong before: that is remembered, so that an
    outage does not give a refuted attestation its force back.
    """
    if stored is None or fresh.verdict is not Verdict.UNKNOWN:
        return fresh
    if stored.verdict is Verdict.UNMET:
        return replace(fresh, unmet_at=stored.checked_at)
    return replace(fresh, unmet_at=stored.unmet_at)


def make_report(findings: Mapping[str, Finding], judgements: Judgements, today: date) -> Report:
    """Every requirement's status and the gate; ``today`` is the customer's local day."""
    statuses = tuple(
        _status(requirement, findings.get(requirement.id), judgements, today)
        for requirement in catalogue()
    )
    times = [s.finding.checked_at for s in statuses if s.finding and s.finding.checked_at]
    looked_at = tuple(
        _status(risk, findings[risk.id], judgements, today)
        for risk in risks()
        if risk.id in findings and is_on(risk.id, judgements.waivers)
    )
    return Report(statuses, gate_of(statuses), max(times, default=None), looked_at)


def _status(
    requirement: Requirement, finding: Finding | None, judgements: Judgements, today: date
) -> Status:
    attestation = judgements.attestations.get(requirement.id)
    waiver = judgements.waivers.get(requirement.id)
    if waiver is not None and not waiver.holds(today):
        waiver = None
    refuted = attestation is not None and _refutes(finding, attestation)
    kind = _kind(finding, None if refuted else attestation, waiver)
    return Status(
        requirement,
        kind,
        finding,
        attestation,
        waiver,
        judgements.assignments.get(requirement.id, Assignment()),
        overruled=refuted and kind in (StatusKind.UNMET, StatusKind.UNKNOWN),
    )


def _refutes(finding: Finding | None, attestation: Attestation) -> bool:
    if finding is None:
        return False
    if finding.verdict is Verdict.UNKNOWN:
        return finding.unmet_at is not None and attestation.at <= finding.unmet_at
    return finding.verdict is Verdict.UNMET


def _kind(
    finding: Finding | None, attestation: Attestation | None, waiver: Waiver | None
) -> StatusKind:
    """A live proof stands first; then the waiver; an attestation only fills what is unknown."""
    if finding is not None and finding.verdict is Verdict.MET:
        return StatusKind.VERIFIED
    if waiver is not None:
        return StatusKind.WAIVED
    if finding is not None and finding.verdict is Verdict.UNMET:
        return StatusKind.UNMET
    if attestation is not None:
        return StatusKind.ATTESTED
    return StatusKind.NOT_CHECKED if finding is None else StatusKind.UNKNOWN


def gate_of(statuses: Iterable[Status]) -> Gate:
    """DESIGN section 3: one required item unmet closes the gate; one unknown leaves it unsaid."""
    statuses = tuple(statuses)
    required = [s for s in statuses if s.requirement.grade is Grade.REQUIRED]
    if any(s.kind is StatusKind.UNMET for s in required):
        return Gate.NOT_READY
    if not all(s.counts_as_met for s in required):
        return Gate.CANNOT_TELL
    recommended = (s for s in statuses if s.requirement.grade is Grade.RECOMMENDED)
    return Gate.READY if all(s.counts_as_met for s in recommended) else Gate.READY_WITH_RISKS
