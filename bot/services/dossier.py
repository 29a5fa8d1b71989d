"""Everything that is stored about one customer, as files: no token, and nobody else's data."""

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot import words
from bot.domain.catalogue import short_names
from bot.domain.customer import HistoryEntry
from bot.domain.model import SupportIdentity, System
from bot.domain.put_away import Waiting
from bot.domain.reminders import local_day
from bot.domain.reviewed import Reviewed
from bot.services.changes import LINES, ChangesService
from bot.services.files import ExportFile, Form, make_files
from bot.services.pack import CHECKLIST, RISKS, history_sheet, pack_sheets
from bot.services.ports import Clock, Store, Transaction
from bot.services.reading import existing, read_view
from bot.services.views import CustomerView
from bot.services.workbook import Cell, Sheet
from bot.services.worksheets import Worksheets

CUSTOMER = "Customer"
_PERSON = re.compile(r"(?<![\w-])[UW](?=[A-Z]*\d)[A-Z0-9]{5,}(?![\w-])")
FIRST = (CUSTOMER, CHECKLIST, RISKS)


async def customer_files(
    store: Store,
    clock: Clock,
    support: SupportIdentity,
    changes: ChangesService,
    worksheets: Worksheets,
    customer_id: int,
    forms: Collection[Form] = (Form.XLSX,),
) -> list[ExportFile]:
    """The customer's checklist with evidence, what people decided, its connections and history."""
    async with store.transaction() as tx:
        view = await read_view(tx, await existing(tx, customer_id), clock)
        sheets = await customer_sheets(tx, view, support, changes)
    sheets = await worksheets.named(customer_id, sheets)
    day = local_day(clock.now(), view.customer.timezone)
    stem = f"{view.customer.slug}-onboarding-{day.isoformat()}"
    return await asyncio.to_thread(make_files, stem, sheets, forms)


async def customer_sheets(
    tx: Transaction, view: CustomerView, support: SupportIdentity, changes: ChangesService
) -> list[Sheet]:
    """The same as sheets: what a customer's export and its hand-off pack are made of."""
    customer_id = view.customer.id
    history = await tx.history.of(customer_id, LINES)
    choices = await tx.decisions.choices(customer_id)
    reviewed = await tx.decisions.all_reviewed(customer_id)
    waiting = await tx.put_away.waiting(customer_id)
    return [
        _customer_sheet(view),
        *pack_sheets(view, support),
        *_decision_sheets(view, choices, reviewed),
        _waiting_sheet(view, waiting),
        *changes.sheets(view, history),
        history_sheet(view, history),
    ]


def with_worksheets(sheets: Sequence[Sheet], worksheets: Sequence[Sheet]) -> list[Sheet]:
    """The pack in the order in which support reads it: what is left to do before who did what.

    What nobody decided has no sheet. A worksheet without rows says that there is nothing to merge;
    one that is not there could not be made.
    """
    first = [one for one in sheets if one.name in FIRST]
    rest = [one for one in sheets if one.name not in FIRST and one.rows]
    return [*first, *worksheets, *rest]


def people_in(sheets: Iterable[Sheet]) -> set[str]:
    """The ids of people that stand in these sheets, as Slack gives them."""
    cells = (cell for one in sheets for row in one.rows for cell in row if isinstance(cell, str))
    return {found for cell in cells for found in _PERSON.findall(cell)}


def with_names_of_people(sheets: Iterable[Sheet], names: Mapping[str, str]) -> list[Sheet]:
    """The same with ``Casey Nguyen (U0CASEY)`` for ``U0CASEY``: support knows nobody by an id."""

    def named(cell: Cell) -> Cell:
        if not isinstance(cell, str):
            return cell
        return _PERSON.sub(lambda one: _called(one[0], names), cell)

    return [
        replace(one, rows=[[named(cell) for cell in row] for row in one.rows]) if names else one
        for one in sheets
    ]


def _called(person: str, names: Mapping[str, str]) -> str:
    return f"{names[person]} ({person})" if person in names else person


async def note_export(
    store: Store, clock: Clock, customer_id: int, by: str, files: Sequence[ExportFile]
) -> None:
    """Write into the history who was sent which files."""
    names = ", ".join(file.name for file in files)
    async with store.transaction() as tx:
        await tx.history.append(HistoryEntry(customer_id, clock.now(), by, "export", names))


def _customer_sheet(view: CustomerView) -> Sheet:
    customer, report = view.customer, view.report
    zone = ZoneInfo(customer.timezone)
    facts: list[tuple[str, Cell]] = [
        ("Name", customer.name),
        ("Short name", customer.slug),
        ("Stage", customer.stage.label),
        (words.exports.STAGE_SINCE, customer.stage_since.astimezone(zone)),
        (words.exports.STARTED, customer.created_at.astimezone(zone)),
        ("Gate", report.gate.value),
        (words.exports.REQUIRED_MET, f"{report.required_met} of {report.required_total}"),
        (words.exports.AT_WHOSE_CLOCK, customer.timezone),
        (words.exports.MAPPED_TO, customer.mode.value),
        *(("Channel", channel.channel_id) for channel in view.channels),
        *(
            (
                f"{one.system.label} ({one.purpose.value})",
                f"{one.external_id} {one.account_name}, by {one.connected_by}",
            )
            for one in view.connections
        ),
    ]
    return Sheet(CUSTOMER, ("Fact", "Value"), facts)


def _decision_sheets(
    view: CustomerView, choices: Mapping[str, str], reviewed: Mapping[System, Reviewed]
) -> list[Sheet]:
    zone = ZoneInfo(view.customer.timezone)
    owners = [
        (
            short_names()[status.requirement.id],
            status.assignment.owner,
            status.assignment.due or "",
        )
        for status in view.report.statuses
        if status.assignment.owner or status.assignment.due
    ]
    apart = [
        (system.label, one.name_a, one.a, one.name_b, one.b, one.by, one.at.astimezone(zone))
        for system, found in reviewed.items()
        for one in found.dismissals
    ]
    # The names are the systems', and filled in by ``Worksheets.named``.
    kept = [
        (system.label, "", one) for system, found in reviewed.items() for one in sorted(found.kept)
    ]
    chosen = [("", code, "", target) for code, target in sorted(choices.items())]
    return [
        Sheet("Owners", ("Item", "Owner", "Due"), owners),
        Sheet(
            words.exports.CHOSEN_TARGETS,
            (
                "Cost code",
                words.exports.CODE_KEY,
                words.exports.GOES_TO,
                words.exports.TARGET_KEY,
            ),
            chosen,
        ),
        Sheet(
            "Not duplicates",
            ("System", "Name", "Id", "Other name", "Other id", "Who", "When"),
            apart,
        ),
        Sheet(words.exports.RECORDS_TO_KEEP, ("System", "Name", "Id"), kept),
    ]


def _waiting_sheet(view: CustomerView, waiting: Sequence[Waiting]) -> Sheet:
    """What was decided about companies that others have taken the place of."""
    zone = ZoneInfo(view.customer.timezone)
    rows = [
        (
            ", ".join(f"{system.label} {company}" for system, company in one.companies.items()),
            one.kind,
            one.what.strip(),
            one.by,
            one.at.astimezone(zone),
        )
        for one in waiting
    ]
    return Sheet("Put away", ("About", "Kind", "What", "Who", "When"), rows)
