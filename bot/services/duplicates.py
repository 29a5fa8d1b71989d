"""Duplicate vendors and customers as people review them: groups, "not a duplicate", which to keep.

Nothing is ever merged here: a person merges in Procore or QuickBooks, where it can't be undone.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.customer import Customer, HistoryEntry
from bot.domain.duplicates_finding import SHOWN, Kind, judge_groups
from bot.domain.facets import CUSTOMERS, VENDORS
from bot.domain.matching.duplicates import Band, DuplicateGroup, DuplicateReport, find_duplicates
from bot.domain.model import Facet, Failed, Finding, System
from bot.domain.records import Party
from bot.domain.requirements import procore_duplicate_vendors, qbo_duplicate_customers
from bot.services.decisions import DecisionService
from bot.services.errors import UserError
from bot.services.facts import (
    Away,
    FactKeeper,
    MovedError,
    away_in_a_thread,
    save_finding,
    unreadable,
)
from bot.services.ports import Clock, Progress, Store, Transaction

TRIES = 3
DETAIL = 2_000
GONE = "That group isn't there any more, so nothing changed. Open the list again to see what is."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two lists that can hold duplicates."""

    system: System
    item: str
    facet: Facet[tuple[Party, ...]]
    kind: Kind


SIDES = {
    side.item: side
    for side in (
        Side(
            System.PROCORE,
            procore_duplicate_vendors.REQUIREMENT.id,
            VENDORS,
            procore_duplicate_vendors.KIND,
        ),
        Side(
            System.QBO,
            qbo_duplicate_customers.REQUIREMENT.id,
            CUSTOMERS,
            qbo_duplicate_customers.KIND,
        ),
    )
}
"""By the item that each belongs to."""


def side_of(system: System) -> Side:
    """The list that a system holds."""
    return next(side for side in SIDES.values() if side.system is system)


def group_key(group: DuplicateGroup) -> str:
    """A short name for a group: it is the same only for the same records."""
    return hashlib.sha256("\x00".join(group.ids).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DuplicatesView:
    """The groups of one list, surest first; each one's ``keep`` is what people decided."""

    side: Side
    groups: tuple[DuplicateGroup, ...]
    parties: Mapping[str, Party]
    chosen: frozenset[str]
    scope: str
    read_at: datetime

    def in_bands(self, *, possible: bool) -> tuple[DuplicateGroup, ...]:
        """The groups that people are shown; those merely possible only on request."""
        bands = (*SHOWN, Band.POSSIBLE) if possible else SHOWN
        return tuple(group for group in self.groups if group.band in bands)

    def find(self, key: str) -> DuplicateGroup:
        """The group with this key.

        Raises:
            UserError: there is none now: merged, changed, or never there.
        """
        for group in self.groups:
            if group_key(group) == key:
                return group
        raise UserError(GONE)


@dataclass(frozen=True, slots=True)
class _Run:
    """A finished comparison, and what it was made of."""

    value: tuple[Party, ...]
    dismissed: frozenset[frozenset[str]]
    report: DuplicateReport
    parties: Mapping[str, Party]
    scope: str
    read_at: datetime


class DuplicateService:
    """Duplicates: look, say "not a duplicate", say which to keep."""

    def __init__(
        self,
        store: Store,
        facts: FactKeeper,
        clock: Clock,
        decisions: DecisionService,
        away: Away = away_in_a_thread,
    ) -> None:
        self._store = store
        self._facts = facts
        self._clock = clock
        self._decisions = decisions
        self._away = away
        self._runs: dict[tuple[int, System], _Run] = {}
        self._working: dict[tuple[int, System], asyncio.Lock] = {}

    def is_fresh(self, customer_id: int, system: System) -> bool:
        """Whether looking now will probably take no time."""
        facets = (side_of(system).facet,)
        return (customer_id, system) in self._runs and self._facts.is_fresh(customer_id, facets)

    def is_slow(self, customer_id: int, system: System) -> bool:
        """Whether a comparison takes long enough that a person wants to see something."""
        run = self._runs.get((customer_id, system))
        return run is None or len(run.value) > 500

    async def look(
        self, customer_id: int, system: System, progress: Progress | None = None
    ) -> DuplicatesView:
        """The groups as they are now.

        Raises:
            UserError: the system could not be read.
        """
        run = await self._run(customer_id, side_of(system), progress)
        async with self._store.transaction() as tx:
            kept = await tx.decisions.kept(customer_id, system)
        return _view(side_of(system), run, kept)

    async def dismiss(
        self, customer_id: int, system: System, ids: frozenset[str], by: str
    ) -> DuplicatesView:
        """Remember that these records are different parties, and judge what is left.

        Raises:
            UserError: they are no group of this customer's records.
        """
        view = await self.look(customer_id, system)
        _group_of(view, ids)
        names = " · ".join(view.parties[one].name for one in sorted(ids))
        now = self._clock.now()

        async def store(tx: Transaction, customer: Customer) -> Customer:
            await tx.decisions.dismiss(customer.id, system, ids, by, now)
            return customer

        detail = f"{view.side.kind.system}: {names}"[:DETAIL]
        await self._decisions.change(customer_id, by, "not a duplicate", detail, store)
        return await self._judge_again(customer_id, view.side)

    async def keep(
        self, customer_id: int, system: System, ids: frozenset[str], one: str, by: str
    ) -> DuplicatesView:
        """Remember which record of a group is to survive the merge.

        Raises:
            UserError: they are no group of this customer's records, or the record isn't in it.
        """
        view = await self.look(customer_id, system)
        group = _group_of(view, ids)
        if one not in group.ids:
            raise UserError(GONE)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.decisions.keep(customer_id, system, one, ids, by, now)
            others = ", ".join(view.parties[i].name for i in group.ids if i != one)
            detail = f"{view.side.kind.system}: {view.parties[one].name} rather than {others}"
            entry = HistoryEntry(customer_id, now, by, "keep", detail[:DETAIL])
            await tx.history.append(entry)
        return await self.look(customer_id, system)

    async def _judge_again(self, customer_id: int, side: Side) -> DuplicatesView:
        for _ in range(TRIES):
            run = await self._run(customer_id, side)
            finding = replace(
                judge_groups(side.kind, run.value, run.report, run.scope), checked_at=run.read_at
            )

            async def store(
                tx: Transaction, customer: Customer, run: _Run = run, finding: Finding = finding
            ) -> Customer:
                if await tx.decisions.dismissals(customer.id, side.system) != run.dismissed:
                    raise MovedError
                await save_finding(tx, customer.id, side.item, finding)
                return customer

            try:
                await self._decisions.change(customer_id, "bot", "", "", store)
            except MovedError:
                # Somebody else decided at the same moment, or a check read anew: judge both.
                continue
            break
        return await self.look(customer_id, side.system)

    async def _run(self, customer_id: int, side: Side, progress: Progress | None = None) -> _Run:
        async with self._working.setdefault((customer_id, side.system), asyncio.Lock()):
            snapshot = await self._facts.get(customer_id, side.item, (side.facet,), progress)
            read = snapshot.get(side.facet)
            if isinstance(read, Failed):
                raise unreadable(read)
            async with self._store.transaction() as tx:
                dismissed = await tx.decisions.dismissals(customer_id, side.system)
            known = self._runs.get((customer_id, side.system))
            if known is not None and known.value is read.value and known.dismissed == dismissed:
                return known
            if progress is not None:
                await progress(f"comparing {len(read.value):,} {side.kind.many}")
            report = await self._away(len(read.value), run_comparison, read.value, dismissed)
            parties = {party.id: party for party in read.value}
            run = _Run(read.value, dismissed, report, parties, read.scope, read.read_at)
            self._runs[customer_id, side.system] = run
            return run


def run_comparison(
    parties: tuple[Party, ...], dismissed: frozenset[frozenset[str]]
) -> DuplicateReport:
    """A comparison, for whichever process it is done in."""
    return find_duplicates(parties, dismissed=dismissed)


def _view(side: Side, run: _Run, kept: frozenset[str]) -> DuplicatesView:
    groups = tuple(
        replace(group, keep=next((one for one in group.ids if one in kept), group.keep))
        for group in run.report.groups
    )
    return DuplicatesView(side, groups, run.parties, kept, run.scope, run.read_at)


def _group_of(view: DuplicatesView, ids: frozenset[str]) -> DuplicateGroup:
    for group in view.groups:
        if ids == frozenset(group.ids):
            return group
    raise UserError(GONE)


def why_keep(view: DuplicatesView, group: DuplicateGroup) -> str:
    """Why a group's record is the one to keep, in words."""
    keep = view.parties[group.keep]
    others = [view.parties[one] for one in group.ids if one != group.keep]
    if group.keep in view.chosen:
        return "as somebody here chose"
    if not keep.blockers and any(other.blockers for other in others):
        return "because nothing blocks its merge"
    if all(int(keep.weight) > int(other.weight) for other in others):
        return "because most hangs on it"
    return "because it is the most complete or the oldest"
