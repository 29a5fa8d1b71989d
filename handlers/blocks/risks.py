"""The modal of all risks: what was found, the proof, why it costs, what to do."""

from bot import words
from bot.domain.model import Finding, Report, Requirement, Status, StatusKind, SupportIdentity
from bot.services.views import CustomerView
from handlers.blocks.base import Block, View, context, divider, modal, section
from handlers.escape import escape, short
from handlers.ids import CallbackId

ROWS = 5
"""Rows of proof that are shown of one risk; the hand-off pack has all of them."""
TEXT = 300
ROW = 120


def risks_line(report: Report) -> str:
    """``Risks: 3 to look at``, or that there is nothing to look at, or not yet."""
    if not report.risks:
        return words.risks.RISKS_UNREAD
    count = len(report.risks_open)
    return f"Risks: {words.risks.RISKS.format(count=count)}" if count else words.risks.NO_RISKS


def build_risks(view: CustomerView, support: SupportIdentity, metadata: str) -> View:
    """Each risk that was proved, then those that nobody can tell, then the rest in a line."""
    report = view.report
    blocks: list[Block] = [section(f"*{risks_line(report)}*"), context(words.risks.RISKS_INTRO)]
    for status in report.risks_open:
        blocks.append(divider())
        blocks.append(_block(status, support))
    unknown = [s for s in report.risks if s.kind is StatusKind.UNKNOWN]
    if unknown:
        blocks.append(divider())
        blocks.append(section(words.risks.RISKS_UNKNOWN))
        blocks.extend(context(_unknown(status, support)) for status in unknown)
    fine = [s.requirement.short for s in report.risks if s.kind is StatusKind.VERIFIED]
    if fine:
        blocks.append(divider())
        blocks.append(context(f"✅ Fine: {' · '.join(map(escape, fine))}"))
    return modal(CallbackId.DETAILS, words.risks.RISKS_TITLE, blocks, metadata)


def _block(status: Status, support: SupportIdentity) -> Block:
    risk, finding = status.requirement, status.finding
    lines = [f"*🔎 {_filled(risk, risk.title, support)}*"]
    if finding is not None:
        lines.append(short(finding.summary, TEXT))
        lines.extend(_rows(finding))
    lines.append(words.risks.WHY.format(why=_filled(risk, risk.why, support)))
    if finding is not None and finding.remedy:
        lines.append(
            words.risks.WHAT_TO_DO.format(
                steps=short(finding.remedy, TEXT), who=escape(risk.who.value)
            )
        )
    return section("\n".join(lines))


def _rows(finding: Finding) -> list[str]:
    shown = [
        f"• {short(row.subject, ROW) or words.states.NO_NAME}: {short(row.detail, ROW)}"
        for row in finding.evidence[:ROWS]
    ]
    left = len(finding.evidence) - ROWS
    return [*shown, words.risks.MORE.format(more=left)] if left > 0 else shown


def _unknown(status: Status, support: SupportIdentity) -> str:
    risk, finding = status.requirement, status.finding
    said = f" {short(finding.summary, TEXT)} {short(finding.remedy, TEXT)}" if finding else ""
    return f"❔ {_filled(risk, risk.title, support)}:{said}"


def _filled(risk: Requirement, text: str, support: SupportIdentity) -> str:
    return short(risk.filled(text, support), TEXT)
