"""Checks on the terminal: a table for people, JSON for programs, and the exit codes."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.domain.model import Gate, Status, StatusKind, SupportIdentity
from bot.services.lines import summary_of
from bot.services.pack import how_known
from bot.services.views import CustomerView

EXIT_CODES = {
    Gate.READY: 0,
    Gate.READY_WITH_RISKS: 0,
    Gate.NOT_READY: 1,
    Gate.CANNOT_TELL: 2,
}
"""0 ready (with or without risks), 1 not ready, 2 could not tell."""

MARKS = {
    StatusKind.VERIFIED: "[green]✔ verified[/]",
    StatusKind.ATTESTED: "[green]✔ attested[/]",
    StatusKind.WAIVED: "[cyan]○ waived[/]",
    StatusKind.UNMET: "[red]✘ unmet[/]",
    StatusKind.UNKNOWN: "[yellow]? unknown[/]",
    StatusKind.NOT_CHECKED: "[dim]- not checked[/]",
}


def as_json(view: CustomerView, support: SupportIdentity) -> dict[str, Any]:
    """The report as documented in docs/command-line.md."""
    report = view.report
    return {
        "customer": view.customer.slug,
        "name": view.customer.name,
        "gate": report.gate.value,
        "stage": view.customer.stage.value,
        "checked_at": _time(report.checked_at),
        "required": {"met": report.required_met, "total": report.required_total},
        "requirements": [_status(status, view, support) for status in report.statuses],
    }


def _status(status: Status, view: CustomerView, support: SupportIdentity) -> dict[str, Any]:
    finding = status.finding
    return {
        "id": status.requirement.id,
        "title": status.requirement.filled(status.requirement.title, support),
        "grade": status.requirement.grade.value,
        "status": status.kind.value,
        "verdict": finding.verdict.value if finding else None,
        "how_known": how_known(status, ZoneInfo(view.customer.timezone)),
        "checked_at": _time(finding.checked_at if finding else None),
        "summary": summary_of(status),
        "remedy": finding.remedy if finding else "",
        "scope": finding.scope if finding else "",
        "cause": finding.cause.value if finding and finding.cause else None,
        "counts": dict(finding.counts) if finding else {},
        "evidence": [
            {"subject": row.subject, "detail": row.detail, "group": row.group, "ref": row.ref}
            for row in (finding.evidence if finding else ())
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def print_report(console: Console, view: CustomerView, support: SupportIdentity) -> None:
    """The checklist as a table, and the gate in words under it."""
    report = view.report
    table = Table(title=f"{escape(view.customer.name)} · getting ready for OneCore")
    for heading in ("", "Item", "Grade", "What we found"):
        table.add_column(heading, overflow="fold")
    for status in report.statuses:
        title = status.requirement.filled(status.requirement.title, support)
        row = (title, status.requirement.grade.value, summary_of(status))
        table.add_row(MARKS[status.kind], *map(escape, row))
    console.print(table)
    done = f"{report.required_met} of {report.required_total} required items done"
    console.print(f"{done} · [bold]{report.gate.value}[/]")
