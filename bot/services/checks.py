"""Checking a customer against its live systems: one run at a time, shared by all who ask."""

import asyncio
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.catalogue import catalogue
from bot.domain.customer import Customer, HistoryEntry
from bot.domain.evaluate import run_checks
from bot.domain.model import Facet, Finding, Report, Requirement, Status, SupportIdentity
from bot.services.errors import UnknownItemError
from bot.services.ports import Board, Busy, Clock, SnapshotSource, Store, Transaction
from bot.services.reading import existing, read_context, read_report, read_view
from bot.services.stages import StageKeeper
from bot.services.views import Change, CheckOutcome


@dataclass(frozen=True, slots=True)
class _Run:
    items: frozenset[str]
    task: "asyncio.Task[CheckOutcome]"


class CheckService:
    """Runs checks. Callers who ask for what a running check covers share that run."""

    def __init__(
        self,
        store: Store,
        source: SnapshotSource,
        clock: Clock,
        board: Board,
        stages: StageKeeper,
        support: SupportIdentity,
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._board = board
        self._stages = stages
        self._support = support
        self._running: dict[int, list[_Run]] = {}
        self._busy: dict[int, dict[str, str]] = {}

    def item(self, text: str) -> Requirement:
        """The requirement that a person means by its id.

        Raises:
            UnknownItemError: none has this id; the nearest is offered.
        """
        wanted = text.strip().casefold().replace("_", "-").replace(" ", "-")
        ids = [requirement.id for requirement in catalogue()]
        for requirement in catalogue():
            if wanted in (requirement.id, requirement.short.casefold().replace(" ", "-")):
                return requirement
        near = difflib.get_close_matches(wanted, ids, n=1, cutoff=0.4)
        if near:
            message = f'I don\'t know an item called "{text}". Did you mean {near[0]}?'
            raise UnknownItemError(message, near[0])
        raise UnknownItemError(
            f'I don\'t know an item called "{text}". The items are: {", ".join(ids)}.'
        )

    async def run(self, customer_id: int, items: Sequence[str] | None, by: str) -> CheckOutcome:
        """Check the named items (all when None), store what was found, and keep the card true."""
        every = frozenset(requirement.id for requirement in catalogue())
        wanted = every if items is None else frozenset(items)
        for run in self._running.get(customer_id, []):
            if wanted <= run.items:
                return await asyncio.shield(run.task)
        task = asyncio.create_task(self._run(customer_id, wanted, by))
        run = _Run(wanted, task)
        self._running.setdefault(customer_id, []).append(run)
        try:
            # The run goes on for the others who wait for it when one of them is cancelled.
            return await asyncio.shield(task)
        finally:
            task.add_done_callback(lambda _: self._forget(customer_id, run))

    def _forget(self, customer_id: int, run: _Run) -> None:
        runs = self._running.get(customer_id, [])
        if run in runs:
            runs.remove(run)
        if not runs:
            self._running.pop(customer_id, None)

    async def _run(self, customer_id: int, wanted: frozenset[str], by: str) -> CheckOutcome:
        requirements = [r for r in catalogue() if r.id in wanted]
        async with self._store.transaction() as tx:
            customer = await existing(tx, customer_id)
            context = await read_context(tx, customer, self._support)
        busy = self._busy.setdefault(customer_id, {})
        busy.update(dict.fromkeys(wanted, ""))
        try:
            await self._show(customer_id)
            snapshot = await self._source.read(
                customer_id,
                _facets(requirements),
                lambda text: self._say(customer_id, wanted, text),
            )
            # Matching thousands of names takes a while: it must not hold up other people's clicks.
            findings = await asyncio.to_thread(
                run_checks, requirements, snapshot, context, self._clock.now()
            )
            outcome = await self._keep(customer_id, findings, by)
        finally:
            for item in wanted:
                busy.pop(item, None)
            await self._show(customer_id)
        return outcome

    async def _say(self, customer_id: int, items: frozenset[str], text: str) -> None:
        self._busy.setdefault(customer_id, {}).update(dict.fromkeys(items, text))
        await self._show(customer_id)

    async def _show(self, customer_id: int) -> None:
        busy = self._busy.get(customer_id)
        await self._board.refresh(customer_id, Busy(dict(busy)) if busy else None)

    async def _keep(
        self, customer_id: int, findings: Mapping[str, Finding], by: str
    ) -> CheckOutcome:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            before = await read_report(tx, customer, self._clock)
            await tx.findings.save(customer_id, _newer(findings, before))
            after = await read_report(tx, customer, self._clock)
            changes = compare(before, after)
            await self._note(tx, customer, by, findings, changes)
            customer = await self._stages.follow(tx, customer, after, now)
            if any(change.better for change in changes):
                customer = replace(customer, last_movement_at=now, escalation=0)
            await tx.customers.save(customer)
            view = await read_view(tx, customer, self._clock)
        return CheckOutcome(view, tuple(sorted(findings)), changes)

    async def _note(
        self,
        tx: Transaction,
        customer: Customer,
        by: str,
        findings: Mapping[str, Finding],
        changes: Sequence[Change],
    ) -> None:
        what = "everything" if len(findings) == len(catalogue()) else ", ".join(sorted(findings))
        moved = "; ".join(f"{c.item}: {c.was} → {c.now}" for c in changes)
        entry = HistoryEntry(
            customer.id, self._clock.now(), by, "check", f"{what}. {moved}".strip()
        )
        await tx.history.append(entry)


def _facets(requirements: Sequence[Requirement]) -> list[Facet[object]]:
    """Each facet once, in the catalogue's order: no fact is read twice, none without need."""
    needed = {facet.name: facet for r in requirements for facet in r.needs}
    return list(needed.values())


def _newer(findings: Mapping[str, Finding], before: Report) -> dict[str, Finding]:
    """Without the findings that rest on older facts than the stored ones."""
    return {
        item: finding
        for item, finding in findings.items()
        if not _is_older(finding, before.status(item).finding)
    }


def _is_older(finding: Finding, stored: Finding | None) -> bool:
    if stored is None or stored.checked_at is None or finding.checked_at is None:
        return False
    return finding.checked_at < stored.checked_at


def compare(before: Report, after: Report) -> tuple[Change, ...]:
    """The items whose status differs."""
    return tuple(
        Change(old.requirement.id, old.kind.value, new.kind.value, _is_better(old, new))
        for old, new in zip(before.statuses, after.statuses, strict=True)
        if old.kind is not new.kind
    )


def _is_better(old: Status, new: Status) -> bool:
    return old.is_open and not new.is_open
