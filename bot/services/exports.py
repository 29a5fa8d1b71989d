"""Files for people: the mapping workbook, the accounts that are missing, the merge worksheet.

No cost code becomes a date and no name a formula (``workbook``, ``files``).
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot import words
from bot.domain.customer import Customer
from bot.domain.matching.costcodes import CodeMatch
from bot.domain.matching.duplicates import DuplicateGroup
from bot.domain.matching.usability import target_label
from bot.domain.merge_plan import NO_LINK, merge_steps, record_url
from bot.domain.model import Status
from bot.domain.records import Party
from bot.domain.reminders import local_day
from bot.services.duplicates import DuplicatesView, why_keep
from bot.services.files import ExportFile, Form, make_files
from bot.services.matching import CodesView
from bot.services.missing import missing_sheets
from bot.services.workbook import Sheet

MAPPING = (
    words.exports.CODE_LIST,
    "Cost code",
    words.exports.CODE_NAME,
    "Division",
    "QuickBooks kind",
    "QuickBooks number",
    "QuickBooks name",
    "QuickBooks id",
    "Status",
    "Reason",
    "Suggestion 1",
    "Suggestion 2",
    "Suggestion 3",
    "Procore id",
)
MERGE = (
    "Group",
    "How sure",
    "Do",
    "Name",
    "Id",
    words.exports.TAX_ID,
    "E-mail",
    "Phone",
    "Town",
    words.exports.BLOCKS,
    words.exports.WHY_ALIKE,
    words.exports.WHY_KEPT,
    words.exports.STEPS,
    "Link",
)
BOTH = (Form.XLSX, Form.CSV)


def mapping_files(
    view: CodesView, customer: Customer, now: datetime, forms: Collection[Form] = BOTH
) -> list[ExportFile]:
    """The mapping, unmatched codes first; and what is missing in QuickBooks, to import there."""
    files = make_files(_stem(customer, "cost-code-mapping", now), [mapping_sheet(view)], forms)
    for sheet in missing_sheets(view, customer.region):
        what = f"quickbooks-{sheet.name.casefold()}-to-import"
        files += make_files(_stem(customer, what, now), [sheet], forms)
    return files


def mapping_sheet(view: CodesView) -> Sheet:
    """Every cost code with its target, unmatched codes first."""
    rows = sorted(view.report.rows, key=lambda row: row.ok)
    return Sheet("Mapping", MAPPING, [_mapping_row(view, row) for row in rows])


def _mapping_row(view: CodesView, row: CodeMatch) -> tuple[str, ...]:
    code, target = row.code, row.target if row.ok else None
    division = view.division_of(code)
    suggested = [target_label(one.target) for one in row.suggestions]
    return (
        view.lists.get(code.list_id, code.list_id),
        code.code,
        code.name,
        f"{division.code} {division.name}".strip() if division is not None else "",
        target.kind.value if target is not None else "",
        target.number if target is not None else "",
        (target.full_name or target.name) if target is not None else "",
        target.id if target is not None else "",
        "matched" if row.ok else "not matched",
        row.reason,
        *[*suggested, "", "", ""][:3],
        code.id,
    )


def evidence_files(
    status: Status, customer: Customer, now: datetime, forms: Collection[Form] = BOTH
) -> list[ExportFile]:
    """Every row that a finding rests on, of an item that has no worksheet of its own."""
    found = status.finding.evidence if status.finding is not None else ()
    rows = [(row.group, row.subject, row.detail) for row in found]
    sheet = Sheet("Details", ("Group", "What", "Detail"), rows)
    return make_files(_stem(customer, status.requirement.id, now), [sheet], forms)


def merge_files(
    view: DuplicatesView, customer: Customer, now: datetime, forms: Collection[Form] = BOTH
) -> list[ExportFile]:
    """Every group of the bands sure and likely, the record to keep first."""
    stem = _stem(customer, f"{view.kind.system.value}-merge-worksheet", now)
    return make_files(stem, [replace(merge_sheet(view), name="Merge")], forms)


def merge_sheet(view: DuplicatesView) -> Sheet:
    """The same as a sheet among others."""
    rows = [
        row
        for number, group in enumerate(view.in_bands(possible=False), start=1)
        for row in _group_rows(view, group, number)
    ]
    return Sheet(f"Merge in {view.kind.system.label}", MERGE, rows)


def _group_rows(view: DuplicatesView, group: DuplicateGroup, number: int) -> list[tuple[str, ...]]:
    members = sorted(
        (view.parties[one] for one in group.ids), key=lambda one: (one.id != group.keep, one.id)
    )
    return [_party_row(view, group, number, one) for one in members]


def _party_row(
    view: DuplicatesView, group: DuplicateGroup, number: int, one: Party
) -> tuple[str, ...]:
    kept = one.id == group.keep
    return (
        str(number),
        group.band.value,
        "keep" if kept else words.exports.MERGE_INTO,
        one.name,
        one.id,
        one.tax_id,
        ", ".join(one.emails),
        ", ".join(one.phones),
        one.address.city,
        "; ".join(one.blockers),
        "; ".join(group.reasons),
        why_keep(view, group) if kept else "",
        _steps(view, group) if kept else "",
        record_url(view.kind.system, one) or NO_LINK,
    )


def _steps(view: DuplicatesView, group: DuplicateGroup) -> str:
    others = [view.parties[one] for one in group.ids if one != group.keep]
    steps = merge_steps(view.kind.system, view.parties[group.keep], others)
    return "; ".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _stem(customer: Customer, what: str, now: datetime) -> str:
    return f"{customer.slug}-{what}-{local_day(now, customer.timezone).isoformat()}"
