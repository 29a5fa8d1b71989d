"""What changed since the last run, the last reminder, the first day or any other; the burn-down.

Both rest on the customer's history (``domain.progress``) and on how its items stand now.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot import words
from bot.domain.burndown import burn_down
from bot.domain.catalogue import short_names
from bot.domain.customer import CHECK, CLICK, Customer, HistoryEntry
from bot.domain.findings import plural
from bot.domain.lifecycle import Stage
from bot.domain.model import Requirement, Status
from bot.domain.progress import REMINDER, STANDING, Past, Standing, past_of, standing_of
from bot.domain.reminders import at_local, local_day
from bot.services.burndown import BurnDown
from bot.services.files import ExportFile
from bot.services.ports import Clock, HolidaysOf, Store
from bot.services.reading import existing, read_view
from bot.services.views import CustomerView
from bot.services.workbook import Sheet

LINES = 100_000
"""Lines of history at most; more than anybody has."""
BOT = "bot"


class Since(StrEnum):
    """The moments that people ask about."""

    RUN = "last run"
    REMINDER = "last reminder"
    FIRST_DAY = "first day"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that stands otherwise than it did."""

    requirement: Requirement
    was: Standing
    now: Standing

    @property
    def label(self) -> str:
        """What this means, in a word or two."""
        if self.was.is_open and not self.now.is_open:
            return "Done"
        return "Open again" if self.now.is_open and not self.was.is_open else "Changed"

    @property
    def sentence(self) -> str:
        """``Changed: cost codes, unmet (31 of 44) → unmet (35 of 44)``."""
        return f"{self.label}: {self.name}, {self.was} → {self.now}"

    @property
    def name(self) -> str:
        """What it is about: ``cost codes``, ``risk: closing date``."""
        return short_names()[self.requirement.id]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from ``at`` on; ``since`` names that moment for people."""

    since: str
    at: datetime
    items: tuple[ItemChange, ...]
    was: Stage
    now: Stage
    runs: int
    reminders: int
    decisions: int

    @property
    def summary(self) -> str:
        """All of it in two sentences."""
        labels = [one.label for one in self.items]
        counts = ((label, labels.count(label)) for label in ("Done", "Open again", "Changed"))
        found = ", ".join(f"{count} {label.lower()}" for label, count in counts if count)
        went_on = ", ".join(
            (
                plural(self.runs, "check", "checks"),
                plural(self.reminders, "reminder", "reminders"),
                plural(self.decisions, words.history.DECISION, words.history.DECISIONS),
            )
        )
        moved = f" Stage: {self.was.label} → {self.now.label}." if self.was is not self.now else ""
        return f"{found[:1].upper()}{found[1:] or words.history.NO_ITEM}. {went_on}.{moved}"


RANK = {"Open again": 0, "Done": 1, "Changed": 2}
"""What needs somebody comes first."""


class ChangesService:
    """Answers what changed, and draws how it went."""

    def __init__(self, store: Store, clock: Clock, holidays_of: HolidaysOf) -> None:
        self._store = store
        self._clock = clock
        self._holidays_of = holidays_of

    async def since(self, customer_id: int, since: Since | date) -> Changes:
        """What changed since one of the three moments, or since the start of a local day."""
        view, past = await self._read(customer_id)
        if not isinstance(since, Since):
            # Before the first day there was nothing, and after today nothing is yet.
            first, last = view.customer.created_at, view.now
            days = [local_day(one, view.customer.timezone) for one in (first, last)]
            since = min(max(since, days[0]), days[1])
        return changes_since(view, past, since)

    async def burn_down(self, customer_id: int) -> BurnDown:
        """The customer's open items over its working days."""
        view, past = await self._read(customer_id)
        return self._drawn(view, past)

    async def picture(self, customer_id: int) -> ExportFile:
        """The same as a picture, with what it shows in words."""
        view, past = await self._read(customer_id)
        drawn = self._drawn(view, past)
        day = local_day(view.now, view.customer.timezone)
        name = f"{view.customer.slug}-burn-down-{day.isoformat()}.png"
        return ExportFile(name, await asyncio.to_thread(drawn.png), drawn.in_words)

    def sheets(self, view: CustomerView, newest_first: Sequence[HistoryEntry]) -> list[Sheet]:
        """What changed and the burn-down, for the export and the hand-off pack."""
        past = past_of(newest_first, view.report)
        # Where there was no reminder yet, that sheet would say everything twice.
        moments = [one for one in Since if one is not Since.REMINDER or past.places(REMINDER)]
        found = [changes_since(view, past, since) for since in moments]
        return [_changes_sheet(found), self._drawn(view, past).sheet]

    async def _read(self, customer_id: int) -> tuple[CustomerView, Past]:
        async with self._store.transaction() as tx:
            view = await read_view(tx, await existing(tx, customer_id), self._clock)
            entries = await tx.history.of(customer_id, LINES, (CLICK,))
        return view, past_of(entries, view.report)

    def _drawn(self, view: CustomerView, past: Past) -> BurnDown:
        customer = view.customer
        holiday = self._holidays_of(customer.region)
        return BurnDown(customer.name, burn_down(past, customer, view.now, holiday))


def changes_since(view: CustomerView, past: Past, since: Since | date) -> Changes:
    """What is other now than just before the moment's line in the history."""
    named, place = _place(view.customer, past, since)
    entries = past.entries[place:]
    (stood,) = past.standings([place])
    items = [
        ItemChange(status.requirement, stood[item], standing_of(status))
        for item, status in _shown((*view.report.statuses, *view.report.risks), past)
        if stood[item] != standing_of(status)
    ]
    actions = [entry.action for entry in entries]
    at = entries[0].at if entries else view.now
    return Changes(
        named,
        at if isinstance(since, Since) else _start(view.customer, since),
        tuple(sorted(items, key=lambda one: RANK[one.label])),
        past.stage(place),
        view.customer.stage,
        actions.count(CHECK),
        actions.count(REMINDER),
        sum(_is_decision(entry) for entry in entries),
    )


def _shown(statuses: Sequence[Status], past: Past) -> list[tuple[str, Status]]:
    return [(one.requirement.id, one) for one in statuses if one.requirement.id in past.present]


def _is_decision(entry: HistoryEntry) -> bool:
    return entry.actor != BOT and entry.action not in (CHECK, CLICK, STANDING)


def _start(customer: Customer, day: date) -> datetime:
    return at_local(day, time(), customer.timezone)


def _place(customer: Customer, past: Past, since: Since | date) -> tuple[str, int]:
    """What a moment is called, and the line before which it lies."""
    if not isinstance(since, Since):
        return f"{since:%a} {since.day} {since:%b %Y}", past.since(_start(customer, since))
    # From what the first check found: before it nobody knew anything.
    start = next((place + 1 for place in past.places(CHECK)), 0)
    if since is Since.FIRST_DAY:
        return f"the {since}", start
    # The last run's own line counts: what it found is what has changed by it.
    line, after = (CHECK, 0) if since is Since.RUN else (REMINDER, 1)
    places = past.places(line)
    if not places:
        return words.history.FIRST_DAY.format(what=line), start
    return f"the {since}", places[-1] + after


def _changes_sheet(found: Sequence[Changes]) -> Sheet:
    rows = [
        (f"since {one.since}", change.label, change.name, str(change.was), str(change.now))
        for one in found
        for change in one.items
    ]
    sums = [(f"since {one.since}", "In all", one.summary, "", "") for one in found]
    return Sheet("What changed", ("Since", "What", "Item", "Was", "Now"), [*sums, *rows])
