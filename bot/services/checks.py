"""Checking a customer against its live systems: one run at a time, shared by all who ask."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.catalogue import catalogue
from bot.domain.customer import CHECK, Customer, HistoryEntry
from bot.domain.evaluate import run_checks, succeed
from bot.domain.model import (
    CheckContext,
    Facet,
    Finding,
    Report,
    Requirement,
    Snapshot,
    Status,
    StatusKind,
    SupportIdentity,
)
from bot.domain.progress import moves_in_words
from bot.services.metrics import CHECK_SECONDS, CHECKS, FINDINGS, NO_METER, Meter, timed
from bot.services.ports import Board, Busy, Clock, SnapshotSource, Store, Transaction
from bot.services.reading import existing, read_context, read_stored, read_view
from bot.services.stages import CONTACT, StageKeeper, contact_finding
from bot.services.views import Change, CheckOutcome


@dataclass(eq=False, slots=True)
class _Run:
    """A check that is under way: the items it covers, and a phrase of progress.

    ``tell`` is set where nobody asked for it: the channel hears from then on that the gate opened.
    """

    items: frozenset[str]
    in_full: bool = False
    tell: datetime | None = None
    progress: str = ""
    task: "asyncio.Task[CheckOutcome] | None" = None


Judge = Callable[
    [Sequence[Requirement], Snapshot, CheckContext, datetime], Awaitable[dict[str, Finding]]
]
"""Runs the checks where they hold up nobody else's clicks."""


Follow = Callable[[int, Snapshot], None]
"""Starts what goes on from the facts of a full check."""


async def in_a_thread(
    requirements: Sequence[Requirement], snapshot: Snapshot, context: CheckContext, now: datetime
) -> dict[str, Finding]:
    """The judge that is enough for small companies and for one check at a time."""
    return await asyncio.to_thread(run_checks, requirements, snapshot, context, now)


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
        judge: Judge = in_a_thread,
        *,
        meter: Meter = NO_METER,
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._board = board
        self._stages = stages
        self._support = support
        self._judge = judge
        self._meter = meter
        self._running: dict[int, list[_Run]] = {}
        self._follow: Follow | None = None

    def then(self, follow: Follow) -> None:
        """Have ``follow`` go on from what a full check read, once that is stored and shown."""
        self._follow = follow

    async def run(
        self,
        customer_id: int,
        items: Sequence[str] | None,
        by: str,
        *,
        fresh: bool = False,
        in_full: bool = False,
        tell: datetime | None = None,
    ) -> CheckOutcome:
        """Check the named items (all when None), store what was found, and keep the card true.

        ``fresh`` shares no run that is under way: it may have read before something changed.
        ``in_full`` reads all lists whole, and shares no run that does not.
        ``tell`` has the customer's channel told, not before that moment, when this opens the gate.
        """
        every = frozenset(requirement.id for requirement in catalogue())
        wanted = every if items is None else frozenset(items)
        runs = self._running.setdefault(customer_id, [])
        run = (
            None
            if fresh
            else next((r for r in runs if wanted <= r.items and r.in_full >= in_full), None)
        )
        if run is None:
            run = _Run(wanted, in_full, tell)
            runs.append(run)
            run.task = asyncio.create_task(self._run(customer_id, run, by))
        assert run.task is not None
        # The run goes on for the others who wait for it when one of them is cancelled.
        return await asyncio.shield(run.task)

    async def _run(self, customer_id: int, run: _Run, by: str) -> CheckOutcome:
        try:
            async with self._store.transaction() as tx:
                await existing(tx, customer_id)
            await self.show(customer_id)
            with timed(self._meter, CHECK_SECONDS):
                snapshot = await self._read(customer_id, run)
                outcome = await self._conclude(customer_id, run, snapshot, by)
            self._count(outcome)
        except Exception:
            self._meter.count(CHECKS, "failed")
            raise
        finally:
            # Before the outcome is handed out: whoever asks from now on gets a fresh run.
            self._forget(customer_id, run)
            await self.show(customer_id)
        if self._follow is not None and len(run.items) == len(catalogue()):
            self._follow(customer_id, snapshot)
        return outcome

    def _count(self, outcome: CheckOutcome) -> None:
        report = outcome.view.report
        self._meter.count(CHECKS, report.gate.value)
        for item in outcome.checked:
            finding = report.status(item).finding
            if finding is not None:
                self._meter.count(FINDINGS, item, finding.verdict.value)

    async def stop(self) -> None:
        """Cancel what is running; nothing of it was stored yet."""
        tasks = [run.task for runs in self._running.values() for run in runs if run.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, customer_id: int, run: _Run) -> None:
        self._running[customer_id].remove(run)
        if not self._running[customer_id]:
            del self._running[customer_id]

    async def _read(self, customer_id: int, run: _Run) -> Snapshot:
        requirements = [r for r in catalogue() if r.id in run.items]

        async def say(text: str) -> None:
            run.progress = text
            await self.show(customer_id)

        needed = facets_of(requirements)
        return await self._source.read(customer_id, needed, say, in_full=run.in_full)

    async def _conclude(
        self, customer_id: int, run: _Run, snapshot: Snapshot, by: str
    ) -> CheckOutcome:
        """Judge, and store it; again when somebody decided something while it was judged."""
        requirements = [r for r in catalogue() if r.id in run.items]
        for last in (False, False, True):
            # Only now: what a person chose while the systems were being read counts already.
            async with self._store.transaction() as tx:
                context = await read_context(tx, await existing(tx, customer_id), self._support)
            findings = await self._judge(requirements, snapshot, context, self._clock.now())
            outcome = await self._keep(customer_id, run, findings, by, None if last else context)
            if outcome is not None:
                return outcome
        raise AssertionError("the last try stores what it found")

    async def show(self, customer_id: int) -> None:
        """Have the card show what stands now, and what is being checked."""
        runs = self._running.get(customer_id, [])
        busy = {item: run.progress for run in runs for item in run.items}
        await self._board.refresh(customer_id, Busy(busy) if busy else None)

    async def _keep(
        self,
        customer_id: int,
        run: _Run,
        findings: Mapping[str, Finding],
        by: str,
        judged_by: CheckContext | None,
    ) -> CheckOutcome | None:
        """Store what was found; None, and nothing stored, when ``judged_by`` holds no more."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            if judged_by not in (None, await read_context(tx, customer, self._support)):
                return None
            stored = await read_stored(tx, customer, self._clock)
            before = stored.report()
            newer = _newer(findings, before)
            if CONTACT in findings:
                # By the stage as it is now: it may have changed since the check began.
                newer |= contact_finding(customer, now)
            await tx.findings.save(customer_id, newer)
            after = stored.report(newer)
            changes = compare(before, after)
            await self._note(tx, customer, by, findings, moves_in_words(before, after))
            stage = customer.stage
            customer = await self._stages.follow(tx, customer, after, now, tell=run.tell)
            if any(change.better for change in changes):
                customer = replace(customer, last_movement_at=now, escalation=0)
            await tx.customers.save(customer)
            # A customer that starts over has lost its hand-off, and the report shows that, too.
            same = after if customer.stage is stage else None
            view = await read_view(tx, customer, self._clock, same)
        return CheckOutcome(view, tuple(sorted(findings)), changes)

    async def _note(
        self,
        tx: Transaction,
        customer: Customer,
        by: str,
        findings: Mapping[str, Finding],
        moved: str,
    ) -> None:
        what = "everything" if len(findings) == len(catalogue()) else ", ".join(sorted(findings))
        entry = HistoryEntry(customer.id, self._clock.now(), by, CHECK, f"{what}. {moved}".strip())
        await tx.history.append(entry)


def facets_of(requirements: Sequence[Requirement]) -> list[Facet[object]]:
    """Each facet once, in the catalogue's order: no fact is read twice, none without need."""
    needed = {facet.name: facet for r in requirements for facet in r.needs}
    return list(needed.values())


def _newer(findings: Mapping[str, Finding], before: Report) -> dict[str, Finding]:
    """Without the findings that rest on older facts than the stored ones."""
    stored = {item: before.status(item).finding for item in findings}
    return {
        item: succeed(stored[item], finding)
        for item, finding in findings.items()
        if not _is_older(finding, stored[item])
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
    """From open to met; that a system answers again after an outage of ours is no movement."""
    finding = old.finding
    only_unread = (
        old.kind is StatusKind.UNKNOWN
        and finding is not None
        and finding.outage
        and finding.unmet_at is None
    )
    return old.is_open and not new.is_open and not only_unread
