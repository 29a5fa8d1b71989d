"""What people match: cost codes to accounts and items, and duplicates that are none.

Works on what was last read (``remembered``) and reads again only when that is too old. Each
decision is stored with a line of history and judged at once, without asking the systems.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.customer import Customer, HistoryEntry
from bot.domain.facets import ACCOUNTS, COST_CODES, ITEMS
from bot.domain.matching.choices import apply_choices
from bot.domain.matching.costcodes import CodeMatch, CostCodeReport, match_cost_codes
from bot.domain.matching.search import TargetIndex
from bot.domain.matching.usability import in_mode, problem_words, target_problem
from bot.domain.model import Facet, Failed, MappingMode, Present, Snapshot
from bot.domain.records import CostCode, CostCodes, Target
from bot.domain.requirements.cost_code_coverage import judge_report, targets_of
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
from bot.services.reading import existing

CODES_ITEM = "cost-code-coverage"
LINE = 0.7
"""From this score on a suggestion stands above the line: people may take all of these at once."""
TRIES = 3
DETAIL = 2_000
GONE = "{what} isn't there any more, so nothing changed. Open the list again to see what is."


@dataclass(frozen=True, slots=True)
class CodesView:
    """Cost codes as they are matched now, with everything to show and to change that."""

    report: CostCodeReport
    targets: Mapping[str, Target]
    mode: MappingMode
    lists: Mapping[str, str]
    scope: str
    read_at: datetime

    @property
    def open_rows(self) -> tuple[CodeMatch, ...]:
        """The codes that still need somebody, in the lists' order."""
        return tuple(row for row in self.report.rows if not row.ok)

    @property
    def above_the_line(self) -> dict[str, str]:
        """Open code → its first suggestion, where that stands above the line; the best first."""
        rows = [row for row in self.open_rows if row.suggestions]
        rows.sort(key=lambda row: (-row.suggestions[0].score, row.code.code, row.code.key))
        return {
            row.code.key: row.suggestions[0].target.key
            for row in rows
            if row.suggestions[0].score >= LINE
        }

    def division_of(self, code: CostCode) -> CostCode | None:
        """The topmost parent of a code."""
        parents = {parent.key: parent for parent in self.report.divisions}
        found = None
        seen: set[str] = set()
        above = parents.get(f"{code.list_id}/{code.parent_id}")
        while above is not None and above.key not in seen:
            seen.add(above.key)
            found, above = above, parents.get(f"{above.list_id}/{above.parent_id}")
        return found


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: the codes that it changed, and how everything stands now."""

    changed: tuple[CodeMatch, ...]
    view: CodesView


@dataclass(frozen=True, slots=True)
class _Base:
    """A finished run without choices, and the facts that it was made of."""

    reads: tuple[object, ...]
    mode: MappingMode
    report: CostCodeReport
    targets: Mapping[str, Target]
    index: TargetIndex
    lists: Mapping[str, str]
    scope: str
    read_at: datetime

    def with_choices(self, choices: Mapping[str, str]) -> CodesView:
        report = apply_choices(self.report, tuple(self.targets.values()), self.mode, choices)
        return CodesView(report, self.targets, self.mode, self.lists, self.scope, self.read_at)


class MatchingService:
    """Cost codes: look, search, choose."""

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
        self._bases: dict[int, _Base] = {}
        self._working: dict[int, asyncio.Lock] = {}

    def is_fresh(self, customer_id: int) -> bool:
        """Whether looking now will probably take no time."""
        return customer_id in self._bases and self._facts.is_fresh(
            customer_id, (COST_CODES, ACCOUNTS, ITEMS)
        )

    async def codes(self, customer_id: int, progress: Progress | None = None) -> CodesView:
        """Every cost code with its target, what stands in the way, and suggestions.

        Raises:
            UserError: a system could not be read.
        """
        base, choices = await self._look(customer_id, progress)
        return await asyncio.to_thread(base.with_choices, choices)

    async def search_targets(
        self, customer_id: int, text: str, limit: int = 100
    ) -> tuple[Target, ...]:
        """The usable accounts and items that ``text`` probably means, best first.

        Answers from memory while somebody types; only the first one may have to read.
        """
        base = self._bases.get(customer_id)
        if base is None:
            base, _ = await self._look(customer_id)
        return base.index.search(text, limit)

    async def choose(self, customer_id: int, code: str, target: str, by: str) -> Decided:
        """Map one cost code to a target, or forget what was chosen ("").

        Raises:
            UserError: there is no such code or target here, or a cost can't be booked to it.
        """
        return await self._choose(customer_id, {code: target}, by, over=True)

    async def choose_many(self, customer_id: int, pairs: Mapping[str, str], by: str) -> Decided:
        """Map many codes at once; one that somebody else has mapped meanwhile stays as it is.

        Raises:
            UserError: as ``choose``; nothing at all is changed then.
        """
        return await self._choose(customer_id, pairs, by, over=False)

    async def set_mode(self, customer_id: int, mode: MappingMode, by: str) -> CodesView:
        """Map to accounts, to items, or to either.

        Raises:
            UserError: a system could not be read.
        """
        for _ in range(TRIES):
            base, _choices = await self._look(customer_id, mode=mode)
            made: list[CodesView] = []

            async def change(
                tx: Transaction,
                customer: Customer,
                base: _Base = base,
                made: list[CodesView] = made,
            ) -> Customer:
                made.append(await self._judge(tx, customer.id, base))
                return replace(customer, mode=mode)

            try:
                await self._decisions.change(customer_id, by, "map to", mode.value, change)
            except MovedError:
                continue
            return made[-1]
        raise UserError(GONE.format(what="What you were shown"))

    async def _choose(
        self, customer_id: int, pairs: Mapping[str, str], by: str, *, over: bool
    ) -> Decided:
        for _ in range(TRIES):
            base, _choices = await self._look(customer_id)
            _validate(base, pairs)
            done: list[Decided] = []

            async def change(
                tx: Transaction, customer: Customer, base: _Base = base, done: list[Decided] = done
            ) -> Customer:
                done.append(await self._store_choices(tx, customer, base, pairs, by, over=over))
                return customer

            try:
                await self._decisions.change(customer_id, by, "", "", change)
            except MovedError:
                continue
            return done[-1]
        raise UserError(GONE.format(what="What you were shown"))

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
        if customer.mode is not base.mode:
            raise MovedError
        before = await tx.decisions.choices(customer.id)
        now = self._clock.now()
        new = {
            code: target
            for code, target in pairs.items()
            if before.get(code, "") != target and (over or code not in before)
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
        return Decided(changed, view)

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
        async with self._working.setdefault(customer_id, asyncio.Lock()):
            base = await self._base(customer_id, mode or customer.mode, progress)
        return base, choices

    async def _base(self, customer_id: int, mode: MappingMode, progress: Progress | None) -> _Base:
        needs: list[Facet[object]] = [COST_CODES]
        needs += [ACCOUNTS] * (mode is not MappingMode.ITEM)
        needs += [ITEMS] * (mode is not MappingMode.ACCOUNT)
        snapshot = await self._facts.get(customer_id, CODES_ITEM, needs, progress)
        codes, reads, read_at = _facts_of(snapshot, needs)
        known = self._bases.get(customer_id)
        if known is not None and known.mode is mode and _same(known.reads, reads):
            return known
        targets = targets_of(snapshot.get(ACCOUNTS), snapshot.get(ITEMS))
        if progress is not None:
            await progress(f"matching {len(codes.value.codes):,} cost codes")
        size = max(len(codes.value.codes), len(targets))
        report = await self._away(size, run_match, codes.value.codes, tuple(targets), mode)
        usable = [one for one in targets if in_mode(one, mode) and target_problem(one) is None]
        base = _Base(
            reads,
            mode,
            report,
            {target.key: target for target in targets},
            await asyncio.to_thread(TargetIndex, usable),
            {one.id: one.name for one in codes.value.lists},
            codes.scope,
            read_at,
        )
        self._bases[customer_id] = base
        return base


def run_match(
    codes: tuple[CostCode, ...], targets: tuple[Target, ...], mode: MappingMode
) -> CostCodeReport:
    """A run without choices, for whichever process it is done in."""
    return match_cost_codes(codes, targets, mode=mode)


def _facts_of(
    snapshot: Snapshot, needs: Sequence[Facet[object]]
) -> tuple[Present[CostCodes], tuple[object, ...], datetime]:
    """The codes, everything that was read, and how old the oldest of it is.

    Raises:
        UserError: a list could not be read.
    """
    reads: list[object] = []
    times: list[datetime] = []
    for facet in needs:
        read = snapshot.get(facet)
        if isinstance(read, Failed):
            raise unreadable(read)
        reads.append(read.value)
        times.append(read.read_at)
    codes = snapshot.get(COST_CODES)
    assert not isinstance(codes, Failed)
    return codes, tuple(reads), min(times)


def _same(left: Sequence[object], right: Sequence[object]) -> bool:
    return len(left) == len(right) and all(a is b for a, b in zip(left, right, strict=True))


def _validate(base: _Base, pairs: Mapping[str, str]) -> None:
    """Refuse keys that are not of this customer's data, and targets that can't carry a cost."""
    known = {row.code.key for row in base.report.rows}
    for code, key in pairs.items():
        if code not in known:
            raise UserError(GONE.format(what="That cost code"))
        target = base.targets.get(key)
        if key and target is None:
            raise UserError(GONE.format(what="That account or item"))
        if target is None:
            continue
        if not in_mode(target, base.mode):
            raise UserError(
                f"Cost codes are mapped to {base.mode}s only now, so nothing changed. Choose "
                f"another, or change what they are mapped to."
            )
        problem = target_problem(target)
        if problem is not None:
            why = problem_words(target, problem)
            raise UserError(f"{why[:1].upper()}{why[1:]}, so nothing changed. Choose another.")


def target_label(target: Target) -> str:
    """``account 5010 Sub - Concrete``."""
    number = f"{target.number} " if target.number else ""
    return f"{target.kind} {number}{target.full_name or target.name}"


def _line(row: CodeMatch) -> str:
    code = f"{row.code.code} {row.code.name}".strip()
    return f"{code} → {target_label(row.target) if row.target else 'nothing'}"
