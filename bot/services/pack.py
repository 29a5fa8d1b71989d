"""The evidence pack: what Interfy support gets with a hand-off, as a workbook."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import words
from bot.domain.customer import HistoryEntry
from bot.domain.model import Status, StatusKind, SupportIdentity
from bot.domain.reminders import local_day
from bot.services.lines import summary_of
from bot.services.views import CustomerView
from bot.services.workbook import Sheet


def pack_name(view: CustomerView) -> str:
    """``acme-handoff-2026-11-24.xlsx``, with the customer's local day."""
    day = local_day(view.now, view.customer.timezone)
    return f"{view.customer.slug}-handoff-{day.isoformat()}.xlsx"


def pack_sheets(
    view: CustomerView, history: Sequence[HistoryEntry], support: SupportIdentity
) -> list[Sheet]:
    """The checklist, its evidence, the risks, and the history (newest first)."""
    zone = ZoneInfo(view.customer.timezone)
    return [
        Sheet(
            "Checklist",
            ("Item", "Grade", "Status", words.exports.HOW_WE_KNOW, "Checked", "Summary", "Scope"),
            [_checklist_row(status, support, zone) for status in view.report.statuses],
        ),
        Sheet("Evidence", ("Item", "Group", "Subject", "Detail"), _evidence_rows(view)),
        Sheet(
            "Risks",
            (
                "Risk",
                "Status",
                "Checked",
                "Summary",
                words.exports.WHY_IT_COSTS,
                words.exports.WHAT_TO_DO,
            ),
            [_risk_row(status, support, zone) for status in view.report.risks],
        ),
        Sheet(
            "History",
            ("When", "Who", "What", "Detail"),
            [(shown_time(e.at, zone), e.actor, e.action, e.detail) for e in history],
        ),
    ]


def _checklist_row(status: Status, support: SupportIdentity, zone: ZoneInfo) -> tuple[str, ...]:
    finding = status.finding
    return (
        status.requirement.filled(status.requirement.title, support),
        status.requirement.grade.value,
        status.kind.value,
        how_known(status, zone),
        shown_time(finding.checked_at, zone) if finding and finding.checked_at else "",
        summary_of(status),
        finding.scope if finding else "",
    )


def _risk_row(status: Status, support: SupportIdentity, zone: ZoneInfo) -> tuple[str, ...]:
    risk, finding = status.requirement, status.finding
    return (
        risk.filled(risk.title, support),
        status.kind.value,
        shown_time(finding.checked_at, zone) if finding and finding.checked_at else "",
        summary_of(status),
        risk.filled(risk.why, support),
        finding.remedy if finding else "",
    )


def how_known(status: Status, zone: ZoneInfo) -> str:
    """Verified live, a person's word with name and day, or a waiver with its reason."""
    if status.kind is StatusKind.ATTESTED and status.attestation is not None:
        word = status.attestation
        return words.exports.ATTESTED.format(who=word.by, day=word.at.astimezone(zone))
    if status.kind is StatusKind.WAIVED and status.waiver is not None:
        waiver = status.waiver
        until = f" until {waiver.until:%d %b %Y}" if waiver.until else ""
        return f"waived by {waiver.by}{until}: {waiver.why}"
    return "verified live" if status.kind is StatusKind.VERIFIED else status.kind.value


def _evidence_rows(view: CustomerView) -> list[tuple[str, ...]]:
    return [
        (status.requirement.id, row.group, row.subject, row.detail)
        for status in (*view.report.statuses, *view.report.risks)
        if status.finding is not None
        for row in status.finding.evidence
    ]


def shown_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment by the customer's clock: ``2026-11-23 09:00 AEDT``."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
