"""What people match: cost codes to accounts and items, and duplicates that are none.

Works on what was last read (``remembered``) and reads again only when that is too old. Each
decision is stored with a line of history and judged at once, without asking the systems.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from bot import words
from bot.domain.customer import Customer, HistoryEntry
from bot.domain.facets import ACCOUNTS, COST_CODES, ITEMS
from bot.domain.matching.choices import apply_choices
from bot.domain.matching.costcodes import CodeMatch, CostCodeReport, How, match_cost_codes
from bot.domain.matching.search import TargetIndex
from bot.domain.matching.usability import in_mode, problem_words, target_label, target_problem
from bot.domain.model import Facet, Failed, MappingMode, Snapshot
from bot.domain.records import CostCode, CostCodes, Target
from bot.domain.requirements.cost_code_coverage import judge_report, targets_of
from bot.services.errors import UserError
from bot.services.facts import (
    DETAIL,
    FactService,
    MovedError,
    save_finding,
    settle,
    unreadable,
)
from bot.services.ports import Progress, Transaction
from bot.services.reading import existing

R = TypeVar("R")

CODES_ITEM = "cost-code-coverage"
LINE, LEAD = 0.91, 0.1
"""A first suggestion from this score on, this far ahead of the second, stands above the line:
people may take all of these at once. So drawn, 99.4 % of what stands above it is right in the
labelled lists of ``benchmarks/matching`` (624 of 628); by the score alone 99.1 % from 0.91 on,
93.9 % from 0.8, 88.8 % from 0.7. A lead is asked for: two that fit nearly alike are a question.
"""
GONE = words.matching.NO_LONGER_THERE


def is_above_the_line(row: CodeMatch) -> bool:
    """Whether a code's first suggestion may be taken among many at once."""
    first, second = (*(one.score for one in row.suggestions[:2]), 0.0, 0.0)[:2]
    return first >= LINE and round(first - second, 3) >= LEAD


@dataclass(frozen=True)
class CodesView:
    """Cost codes as they are matched now, with everything to show and to change that."""

    report: CostCodeReport
    targets: Mapping[str, Target]
    mode: MappingMode
    lists: Mapping[str, str]
    scope: str
    read_at: datetime

    @cached_property
    def open_rows(self) -> tuple[CodeMatch, ...]:
        """The codes that still need somebody, in the lists' order."""
        return tuple(row for row in self.report.rows if not row.ok)

    @cached_property
    def above_the_line(self) -> Mapping[str, str]:
        """Open code → its first suggestion, where that stands above the line; the best first."""
        rows = [row for row in self.open_rows if is_above_the_line(row)]
        rows.sort(key=lambda row: (-row.suggestions[0].score, row.code.code, row.code.key))
        return {row.code.key: row.suggestions[0].target.key for row in rows}

    @cached_property
    def _divisions(self) -> Mapping[str, CostCode]:
        return {division.key: division for division in self.report.divisions}

    def division_of(self, code: CostCode) -> CostCode | None:
        """The topmost parent of a code."""
        parents = self._divisions
        found = None
        seen: set[str] = set()
        above = parents.get(f"{code.list_id}/{code.parent_id}")
        while above is not None and above.key not in seen:
            seen.add(above.key)
            found, above = above, parents.get(f"{above.list_id}/{above.parent_id}")
        return found


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: the codes that it changed, and how everything stands now.

    ``kept`` are those left alone because somebody's choice holds there; ``replaced`` has for each
    changed code the target that somebody had chosen before, if that is still there.
    """

    changed: tuple[CodeMatch, ...]
    view: CodesView
    kept: tuple[CodeMatch, ...] = ()
    replaced: Mapping[str, Target] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a run without choices rests on."""

    codes: CostCodes
    targets: tuple[Target, ...]
    mode: MappingMode
    scope: str = field(compare=False)
    read_at: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Run:
    """A finished run without choices, and its targets by key and for searching."""

    report: CostCodeReport
    targets: Mapping[str, Target]
    index: TargetIndex


@dataclass(frozen=True, slots=True)
class _Base:
    """A run and what it rests on: choices are laid over it."""

    basis: _Basis
    run: _Run

    def with_choices(self, choices: Mapping[str, str]) -> CodesView:
        basis, run = self.basis, self.run
        report = apply_choices(run.report, basis.targets, basis.mode, choices)
        lists = {one.id: one.name for one in basis.codes.lists}
        return CodesView(report, run.targets, basis.mode, lists, basis.scope, basis.read_at)

    def holding(self, choices: Mapping[str, str]) -> frozenset[str]:
        """The codes whose chosen target is still there and can carry a cost."""
        rows = self.with_choices(choices).report.rows
        return frozenset(row.code.key for row in rows if row.how is How.CHOSEN and row.ok)


class MatchingService(FactService[int, _Basis, _Run]):
    """Cost codes: look, search, choose."""

    def is_fresh(self, customer_id: int) -> bool:
        """Whether looking now will probably take no time."""
        known = self._runs.last(customer_id)
        return known is not None and self._facts.is_fresh(customer_id, _needs(known[0].mode))

    async def codes(self, customer_id: int, progress: Progress | None = None) -> CodesView:
        """Every cost code with its target, what stands in the way, and suggestions.

        Raises:
            UserError: a system could not be read.
        """
        base, choices = await self._look(customer_id, progress)
        return await asyncio.to_thread(base.with_choices, choices)

    async def codes_as_read(self, customer_id: int) -> CodesView:
        """The codes as last read, however long ago, with every choice of now.

        For opening a form, for which Slack gives three seconds; a choice then looks again.

        Raises:
            UserError: nothing was read yet, and a system could not be read.
        """
        known = self._remembered(customer_id)
        if known is None:
            return await self.codes(customer_id)
        async with self._store.transaction() as tx:
            choices = await tx.decisions.choices(customer_id)
        return await asyncio.to_thread(_Base(*known).with_choices, choices)

    async def search_targets(
        self, customer_id: int, text: str, limit: int = 100
    ) -> tuple[Target, ...]:
        """The usable accounts and items that ``text`` probably means, best first.

        Answers from memory while somebody types; only the first one may have to read.
        """
        known = self._remembered(customer_id)
        run = known[1] if known is not None else (await self._look(customer_id))[0].run
        return run.index.search(text, limit)

    def _remembered(self, customer_id: int) -> tuple[_Basis, _Run] | None:
        """The last run, unless what it rests on was forgotten: perhaps it is another company's."""
        known = self._runs.last(customer_id)
        if known is None or not self._facts.knows(customer_id, _needs(known[0].mode)):
            return None
        return known

    async def choose(self, customer_id: int, code: str, target: str, by: str) -> Decided:
        """Map one cost code to a target, or forget what was chosen ("").

        Raises:
            UserError: there is no such code or target here, or a cost can't be booked to it.
        """
        return await self._choose(customer_id, {code: target}, by, over=True)

    async def choose_many(self, customer_id: int, pairs: Mapping[str, str], by: str) -> Decided:
        """Map many codes at once; one that somebody else has mapped meanwhile stays as it is.

        A choice whose target is gone holds nothing: its code is mapped like any other open one.

        Raises:
            UserError: as ``choose``; nothing at all is changed then.
        """
        return await self._choose(customer_id, pairs, by, over=False)

    async def set_mode(self, customer_id: int, mode: MappingMode, by: str) -> CodesView:
        """Map to accounts, to items, or to either.

        Raises:
            UserError: a system could not be read.
        """

        async def attempt() -> CodesView:
            base, _ = await self._look(customer_id, mode=mode)
            made: list[CodesView] = []

            async def change(tx: Transaction, customer: Customer) -> Customer:
                made.append(await self._judge(tx, customer.id, base))
                return replace(customer, mode=mode)

            await self._decisions.change(customer_id, by, "map to", mode.value, change)
            return made[-1]

        return _settled(await settle(attempt))

    async def _choose(
        self, customer_id: int, pairs: Mapping[str, str], by: str, *, over: bool
    ) -> Decided:
        async def attempt() -> Decided:
            base, _ = await self._look(customer_id)
            _validate(base, pairs)
            done: list[Decided] = []

            async def change(tx: Transaction, customer: Customer) -> Customer:
                done.append(await self._store_choices(tx, customer, base, pairs, by, over=over))
                return customer

            await self._decisions.change(customer_id, by, "", "", change)
            return done[-1]

        return _settled(await settle(attempt))

    async def _store_choices(
        self,
        tx: Transaction,
        customer: Customer,
        base: _Base,
        pairs: Mapping[str, str],
        by: str,
        *,
        over: bool,
    ) -> Decided:
        if customer.mode is not base.basis.mode:
            raise MovedError
        before = await tx.decisions.choices(customer.id)
        now = self._clock.now()
        ask = not over and any(code in before for code in pairs)
        holds = await asyncio.to_thread(base.holding, before) if ask else frozenset[str]()
        new = {
            code: target
            for code, target in pairs.items()
            if before.get(code, "") != target and code not in holds
        }
        for code, target in new.items():
            await tx.decisions.choose(customer.id, code, target, by, now)
        view = await self._judge(tx, customer.id, base)
        changed = tuple(row for row in view.report.rows if row.code.key in new)
        if changed:
            action = "match" if any(new.values()) else "match withdrawn"
            detail = "; ".join(_line(row) for row in changed)
            if len(changed) > 1:
                detail = f"{len(changed):,} cost codes: {detail}"
            entry = HistoryEntry(customer.id, now, by, action, detail[:DETAIL])
            await tx.history.append(entry)
        asked_too = holds.intersection(pairs)
        kept = tuple(row for row in view.report.rows if row.code.key in asked_too)
        targets = {code: view.targets.get(before.get(code, "")) for code in new}
        replaced = {code: target for code, target in targets.items() if target is not None}
        return Decided(changed, view, kept, replaced)

    async def _judge(self, tx: Transaction, customer_id: int, base: _Base) -> CodesView:
        """How the codes stand with every choice that is stored now; the finding is stored."""
        choices = await tx.decisions.choices(customer_id)
        view = await asyncio.to_thread(base.with_choices, choices)
        finding = replace(judge_report(view.report, view.scope), checked_at=view.read_at)
        await save_finding(tx, customer_id, CODES_ITEM, finding)
        return view

    async def _look(
        self,
        customer_id: int,
        progress: Progress | None = None,
        mode: MappingMode | None = None,
    ) -> tuple[_Base, Mapping[str, str]]:
        async with self._store.transaction() as tx:
            customer = await existing(tx, customer_id)
            choices = await tx.decisions.choices(customer_id)
        return await self._base(customer_id, mode or customer.mode, progress), choices

    async def _base(self, customer_id: int, mode: MappingMode, progress: Progress | None) -> _Base:
        async def basis() -> _Basis:
            needs = _needs(mode)
            return _basis(await self._facts.get(customer_id, CODES_ITEM, needs, progress), mode)

        async def run(now: _Basis) -> _Run:
            codes, targets = now.codes.codes, now.targets
            if progress is not None:
                await progress(words.matching.AT_WORK.format(number=len(codes)))
            size = max(len(codes), len(targets))
            report = await self._away(size, run_match, codes, targets, mode)
            usable = [one for one in targets if in_mode(one, mode) and target_problem(one) is None]
            index = await asyncio.to_thread(TargetIndex, usable)
            return _Run(report, {target.key: target for target in targets}, index)

        return _Base(*await self._runs.of(customer_id, basis, run))


def run_match(
    codes: tuple[CostCode, ...], targets: tuple[Target, ...], mode: MappingMode
) -> CostCodeReport:
    """A run without choices, for whichever process it is done in."""
    return match_cost_codes(codes, targets, mode=mode)


def _needs(mode: MappingMode) -> tuple[Facet[object], ...]:
    """What has to be read to match in this mode."""
    accounts = () if mode is MappingMode.ITEM else (ACCOUNTS,)
    items = () if mode is MappingMode.ACCOUNT else (ITEMS,)
    return (COST_CODES, *accounts, *items)


def _basis(snapshot: Snapshot, mode: MappingMode) -> _Basis:
    """What was read, as old as the oldest of it.

    Raises:
        UserError: a list could not be read.
    """
    times: list[datetime] = []
    for facet in _needs(mode):
        read = snapshot.get(facet)
        if isinstance(read, Failed):
            raise unreadable(read)
        times.append(read.read_at)
    codes = snapshot.get(COST_CODES)
    assert not isinstance(codes, Failed)
    targets = targets_of(snapshot.get(ACCOUNTS), snapshot.get(ITEMS))
    return _Basis(codes.value, tuple(targets), mode, codes.scope, min(times))


def _settled(decided: R | None) -> R:
    """What a decision came to.

    Raises:
        UserError: others decided at the same moment, each time.
    """
    if decided is None:
        raise UserError(GONE.format(what=words.matching.WHAT_YOU_SAW))
    return decided


def _validate(base: _Base, pairs: Mapping[str, str]) -> None:
    """Refuse keys that are not of this customer's data, and targets that can't carry a cost."""
    known = {row.code.key for row in base.run.report.rows}
    for code, key in pairs.items():
        if code not in known:
            raise UserError(GONE.format(what=words.matching.THAT_CODE))
        target = base.run.targets.get(key)
        if key and target is None:
            raise UserError(GONE.format(what=words.matching.THAT_TARGET))
        if target is None:
            continue
        if not in_mode(target, base.basis.mode):
            raise UserError(words.matching.OTHER_MODE.format(mode=base.basis.mode))
        problem = target_problem(target)
        if problem is not None:
            why = problem_words(target, problem)
            raise UserError(words.matching.UNUSABLE.format(name=why[:1].upper(), why=why[1:]))


def _line(row: CodeMatch) -> str:
    code = f"{row.code.code} {row.code.name}".strip()
    return f"{code} → {target_label(row.target) if row.target else 'nothing'}"
