"""The evidence pack: what Interfy support gets with a hand-off, as a workbook."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot import words
from bot.domain.catalogue import short_names, with_names
from bot.domain.customer import HistoryEntry
from bot.domain.model import Status, StatusKind, SupportIdentity
from bot.domain.reminders import local_day
from bot.services.views import CustomerView
from bot.services.workbook import Cell, Sheet

CHECKLIST, RISKS = "Checklist", "Risks"
KNOWN_BY = {
    StatusKind.VERIFIED: words.exports.VERIFIED,
    StatusKind.UNMET: words.exports.READ_LIVE,
    StatusKind.UNKNOWN: words.exports.COULD_NOT_TELL.casefold(),
    StatusKind.NOT_CHECKED: words.exports.NOT_LOOKED_AT,
}
RISK_WORDS = {
    StatusKind.UNMET: words.exports.RISK_OPEN,
    StatusKind.UNKNOWN: words.exports.COULD_NOT_TELL.casefold(),
    StatusKind.VERIFIED: words.exports.RISK_FINE,
}
"""What the kinds mean for a risk, those that need somebody first."""


def pack_name(view: CustomerView) -> str:
    """``acme-handoff-2026-11-24.xlsx``, with the customer's local day."""
    day = local_day(view.now, view.customer.timezone)
    return f"{view.customer.slug}-handoff-{day.isoformat()}.xlsx"


def pack_sheets(view: CustomerView, support: SupportIdentity) -> list[Sheet]:
    """The checklist, the risks, and the evidence of both."""
    zone = ZoneInfo(view.customer.timezone)
    risks = sorted(view.report.risks, key=lambda one: list(RISK_WORDS).index(one.kind))
    return [
        Sheet(
            CHECKLIST,
            (
                "Item",
                "Grade",
                "Status",
                words.exports.HOW_WE_KNOW,
                words.exports.WHAT_WE_SAW,
                "Checked",
                "Scope",
            ),
            [_checklist_row(status, support, zone) for status in view.report.statuses],
        ),
        Sheet(
            RISKS,
            (
                "Risk",
                "Status",
                words.exports.WHAT_WE_SAW,
                words.exports.WHY_IT_COSTS,
                words.exports.WHAT_TO_DO,
                "Checked",
                "Scope",
            ),
            [_risk_row(status, support, zone) for status in risks],
        ),
        Sheet("Evidence", ("Item", "Group", "Subject", "Detail"), _evidence_rows(view)),
    ]


def history_sheet(view: CustomerView, newest_first: Sequence[HistoryEntry]) -> Sheet:
    """Who did what when."""
    zone = ZoneInfo(view.customer.timezone)
    rows = [
        (one.at.astimezone(zone), one.actor, one.action, with_names(one.detail))
        for one in newest_first
    ]
    return Sheet("History", ("When", "Who", "What", "Detail"), rows)


def _checklist_row(status: Status, support: SupportIdentity, zone: ZoneInfo) -> tuple[Cell, ...]:
    return (
        status.requirement.filled(status.requirement.title, support),
        status.requirement.grade.value,
        status.kind.value,
        how_known(status, zone),
        *_seen(status, zone),
    )


def _seen(status: Status, zone: ZoneInfo) -> tuple[Cell, Cell, Cell]:
    """What a check found, when, and how far it could see: also where people decided otherwise."""
    finding = status.finding
    if finding is None:
        return words.details.NOT_CHECKED, "", ""
    checked = finding.checked_at.astimezone(zone) if finding.checked_at else ""
    return finding.summary, checked, finding.scope


def _risk_row(status: Status, support: SupportIdentity, zone: ZoneInfo) -> tuple[Cell, ...]:
    risk = status.requirement
    seen, checked, scope = _seen(status, zone)
    return (
        risk.filled(risk.title, support),
        RISK_WORDS[status.kind],
        seen,
        risk.filled(risk.why, support),
        status.finding.remedy if status.finding else "",
        checked,
        scope,
    )


def how_known(status: Status, zone: ZoneInfo) -> str:
    """Verified live, a person's word with name and day, or a waiver with its reason."""
    if status.kind is StatusKind.ATTESTED and status.attestation is not None:
        word = status.attestation
        note = f": {word.note}" if word.note else ""
        day = word.at.astimezone(zone)
        return words.exports.ATTESTED.format(who=word.by, day=day, note=note)
    if status.kind is StatusKind.WAIVED and status.waiver is not None:
        waiver = status.waiver
        until = f" until {waiver.until:%d %b %Y}" if waiver.until else ""
        return words.exports.WAIVED.format(who=waiver.by, until=until, why=waiver.why)
    return KNOWN_BY[status.kind]


def _evidence_rows(view: CustomerView) -> list[tuple[str, ...]]:
    return [
        (short_names()[status.requirement.id], row.group, row.subject, row.detail)
        for status in (*view.report.statuses, *view.report.risks)
        if status.finding is not None
        for row in status.finding.evidence
    ]
