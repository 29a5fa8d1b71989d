"""Files for people: the mapping workbook, the accounts that are missing, the merge worksheet.

Every cell is text (``workbook``): no cost code becomes a date and no name a formula.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.customer import Customer
from bot.domain.matching.costcodes import CodeMatch, Problem
from bot.domain.matching.duplicates import DuplicateGroup
from bot.domain.records import Party
from bot.domain.reminders import local_day
from bot.services.duplicates import DuplicatesView, why_keep
from bot.services.matching import CodesView, target_label
from bot.services.workbook import Sheet, make_workbook

MAPPING = (
    "Cost code list",
    "Cost code",
    "Cost code name",
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
ACCOUNTS = ("Account number", "Account name", "Type", "Detail type")
MERGE = (
    "Group",
    "How sure",
    "Do",
    "Name",
    "Id",
    "ABN or tax id",
    "E-mail",
    "Phone",
    "Town",
    "What blocks the merge",
    "Why they look alike",
    "Why this one is kept",
)
MISSING = frozenset({Problem.NO_TARGET, Problem.CONFLICT})
"""Codes for which a new account is a way out; the others have one that has to be mended."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file's name and its bytes."""

    name: str
    content: bytes


def mapping_files(view: CodesView, customer: Customer, now: datetime) -> tuple[ExportFile, ...]:
    """The mapping, unmatched codes first; and, where accounts are missing, a sheet to import."""
    rows = sorted(view.report.rows, key=lambda row: row.ok)
    mapping = make_workbook([Sheet("Mapping", MAPPING, [_mapping_row(view, r) for r in rows])])
    files = [ExportFile(_name(customer, "cost-code-mapping", now), mapping)]
    missing = [row for row in view.open_rows if row.problem in MISSING]
    if missing:
        sheet = Sheet("Accounts", ACCOUNTS, [_account_row(row) for row in missing])
        name = _name(customer, "quickbooks-accounts-to-import", now)
        files.append(ExportFile(name, make_workbook([sheet])))
    return tuple(files)


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


def _account_row(row: CodeMatch) -> tuple[str, ...]:
    """As QuickBooks' own import of a chart of accounts names it: cost of goods sold, job costs."""
    return (
        row.code.code,
        row.code.name,
        "Cost of Goods Sold",
        "Supplies & Materials - COGS",
    )


def merge_files(view: DuplicatesView, customer: Customer, now: datetime) -> tuple[ExportFile, ...]:
    """Every group of the bands sure and likely, the record to keep first."""
    rows = [
        row
        for number, group in enumerate(view.in_bands(possible=False), start=1)
        for row in _group_rows(view, group, number)
    ]
    what = f"{view.kind.system.value}-merge-worksheet"
    return (ExportFile(_name(customer, what, now), make_workbook([Sheet("Merge", MERGE, rows)])),)


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
        "keep" if kept else "merge into the one above that is kept",
        one.name,
        one.id,
        one.tax_id,
        ", ".join(one.emails),
        ", ".join(one.phones),
        one.address.city,
        "; ".join(one.blockers),
        "; ".join(group.reasons),
        why_keep(view, group) if kept else "",
    )


def _name(customer: Customer, what: str, now: datetime) -> str:
    day = local_day(now, customer.timezone)
    return f"{customer.slug}-{what}-{day.isoformat()}.xlsx"
