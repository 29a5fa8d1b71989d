"""Duplicate vendors and customers as people review them: groups, "not a duplicate", which to keep.

Nothing is ever merged here: a person merges in Procore or QuickBooks, where it can't be undone.
"""

import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import words
from bot.domain.compared import compare
from bot.domain.customer import Customer
from bot.domain.duplicates_finding import SHOWN, Kind, judge_groups, keep_of
from bot.domain.matching.apart import without
from bot.domain.matching.duplicates import Band, DuplicateGroup, DuplicateReport
from bot.domain.model import Failed, System
from bot.domain.records import Party
from bot.domain.requirements import procore_duplicate_vendors, qbo_duplicate_customers
from bot.domain.reviewed import Dismissal, Reviewed
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

SLOW = 500
"""Records from which on a person wants to see that they are being compared."""
GONE = words.review.GONE
SIDES = {kind.item: kind for kind in (procore_duplicate_vendors.KIND, qbo_duplicate_customers.KIND)}
"""The two lists that can hold duplicates, by the item that each belongs to."""


def side_of(system: System) -> Kind:
    """The list that a system holds."""
    return next(kind for kind in SIDES.values() if kind.system is system)


def _key(ids: Iterable[str]) -> str:
    return hashlib.sha256("\x00".join(ids).encode()).hexdigest()[:16]


def group_key(group: DuplicateGroup) -> str:
    """A short name for a group: it is the same only for the same records."""
    return _key(group.ids)


@dataclass(frozen=True, slots=True)
class SaidApart:
    """Records that somebody called different, in one act; its pairs that still hold."""

    ids: tuple[str, ...]
    by: str
    at: datetime
    pairs: frozenset[frozenset[str]]

    @property
    def key(self) -> str:
        """A short name: another act, or other records, have another one."""
        return _key([*self.ids, self.by, self.at.isoformat()])


@dataclass(frozen=True, slots=True)
class DuplicatesView:
    """The groups of one list, surest first; each one's ``keep`` is what people decided.

    ``apart`` is what people called different, the newest first.
    """

    kind: Kind
    groups: tuple[DuplicateGroup, ...]
    parties: Mapping[str, Party]
    kept: frozenset[str]
    apart: tuple[SaidApart, ...]
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

    def find_apart(self, key: str) -> SaidApart:
        """What somebody called different, with this key.

        Raises:
            UserError: nobody says so now.
        """
        for said in self.apart:
            if said.key == key:
                return said
        raise UserError(GONE)

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The records' names by id, in the order of ids."""
        return {one: self.parties[one].name for one in sorted(ids)}


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a comparison rests on: records, and the pairs that people called different."""

    parties: tuple[Party, ...]
    apart: frozenset[frozenset[str]]
    reviewed: Reviewed = field(compare=False)
    scope: str = field(compare=False)
    read_at: datetime = field(compare=False)


Act = Callable[[Transaction], Awaitable[object]]


class DuplicateService(FactService[tuple[int, System], _Basis, DuplicateReport]):
    """Duplicates: look, say "not a duplicate", say which to keep, and take either back."""

    def is_fresh(self, customer_id: int, system: System) -> bool:
        """Whether looking now will probably take no time."""
        known = self._runs.last((customer_id, system))
        return known is not None and self._facts.is_fresh(customer_id, (side_of(system).facet,))

    def is_slow(self, customer_id: int, system: System) -> bool:
        """Whether a comparison takes long enough that a person wants to see something."""
        known = self._runs.last((customer_id, system))
        return known is None or len(known[0].parties) > SLOW

    async def look(
        self, customer_id: int, system: System, progress: Progress | None = None
    ) -> DuplicatesView:
        """The groups as they are now.

        Raises:
            UserError: the system could not be read.
        """
        kind = side_of(system)
        return _view(kind, *await self._run(customer_id, kind, progress))

    async def dismiss(
        self, customer_id: int, system: System, ids: frozenset[str], by: str
    ) -> DuplicatesView:
        """Remember that these records are different parties, and judge what is left.

        It holds until one of them has another name.

        Raises:
            UserError: they are no group of this customer's records.
        """
        view = await self.look(customer_id, system)
        _group_of(view, ids)
        names = view.names(ids)
        now = self._clock.now()

        async def store(tx: Transaction) -> None:
            await tx.decisions.dismiss(customer_id, system, names, by, now)

        detail = " · ".join(names.values())
        return await self._decide(
            customer_id, view.kind, by, words.history.NOT_A_DUPLICATE, detail, store
        )

    async def ask_again(
        self, customer_id: int, system: System, key: str, by: str
    ) -> DuplicatesView:
        """Forget that somebody called some records different.

        Raises:
            UserError: nobody says so now.
        """
        view = await self.look(customer_id, system)
        said = view.find_apart(key)

        async def store(tx: Transaction) -> None:
            if not await tx.decisions.ask_again(customer_id, system, said.pairs):
                raise UserError(GONE)

        detail = " · ".join(view.names(said.ids).values())
        return await self._decide(customer_id, view.kind, by, "ask again", detail, store)

    async def keep(
        self, customer_id: int, system: System, ids: frozenset[str], one: str, by: str
    ) -> DuplicatesView:
        """Remember which record of a group is to survive the merge; "" leaves it to us again.

        Raises:
            UserError: they are no group of this customer's records, or the record isn't in it.
        """
        view = await self.look(customer_id, system)
        group = _group_of(view, ids)
        if one and one not in group.ids:
            raise UserError(GONE)
        now = self._clock.now()

        async def store(tx: Transaction) -> None:
            await tx.decisions.keep(customer_id, system, one, ids, by, now)

        names = view.names(ids)
        kept = names.pop(one or group.keep)
        detail = f"{kept} rather than {', '.join(names.values())}"
        action = "keep" if one else "keep withdrawn"
        return await self._decide(customer_id, view.kind, by, action, detail, store)

    async def _decide(
        self, customer_id: int, kind: Kind, by: str, action: str, detail: str, store: Act
    ) -> DuplicatesView:
        """Store a decision with its line of history, and judge what it leaves."""

        async def change(tx: Transaction, customer: Customer) -> Customer:
            await store(tx)
            return customer

        line = f"{kind.system.label}: {detail}"[:DETAIL]
        await self._decisions.change(customer_id, by, action, line, change)
        # Where it moves each time, whoever moved it judges this decision too.
        await settle(lambda: self._judge(customer_id, kind))
        return await self.look(customer_id, kind.system)

    async def _judge(self, customer_id: int, kind: Kind) -> None:
        """Store what the groups make of the item.

        Raises:
            MovedError: somebody decided at the same moment, or a check read anew.
        """
        basis, report = await self._run(customer_id, kind)

        async def change(tx: Transaction, customer: Customer) -> Customer:
            reviewed = await tx.decisions.reviewed(customer.id, kind.system)
            if reviewed.apart(basis.parties) != basis.apart:
                raise MovedError
            finding = judge_groups(kind, basis.parties, report, reviewed.kept, basis.scope)
            finding = replace(finding, checked_at=basis.read_at)
            await save_finding(tx, customer.id, kind.item, finding)
            return customer

        await self._decisions.change(customer_id, "bot", "", "", change)

    async def _run(
        self, customer_id: int, kind: Kind, progress: Progress | None = None
    ) -> tuple[_Basis, DuplicateReport]:
        async def basis() -> _Basis:
            snapshot = await self._facts.get(customer_id, kind.item, (kind.facet,), progress)
            read = snapshot.get(kind.facet)
            if isinstance(read, Failed):
                raise unreadable(read)
            async with self._store.transaction() as tx:
                reviewed = await tx.decisions.reviewed(customer_id, kind.system)
            apart = reviewed.apart(read.value)
            return _Basis(read.value, apart, reviewed, read.scope, read.read_at)

        async def run(now: _Basis) -> DuplicateReport:
            spared = _spared(now, self._runs.last((customer_id, kind.system)))
            if spared is not None:
                return spared
            if progress is not None:
                await progress(f"comparing {len(now.parties):,} {kind.many}")
            return await self._away(len(now.parties), run_comparison, now.parties, now.apart)

        return await self._runs.of((customer_id, kind.system), basis, run)


def _spared(now: _Basis, known: tuple[_Basis, DuplicateReport] | None) -> DuplicateReport | None:
    """The comparison where it differs from the last one by more dismissals only, and no run."""
    if known is None or known[0].parties != now.parties or not known[0].apart <= now.apart:
        return None
    return without(known[1], now.apart - known[0].apart)


def run_comparison(parties: tuple[Party, ...], apart: frozenset[frozenset[str]]) -> DuplicateReport:
    """A comparison, for whichever process it is done in."""
    return compare(parties, apart)


def _view(kind: Kind, basis: _Basis, report: DuplicateReport) -> DuplicatesView:
    kept = basis.reviewed.kept
    groups = tuple(replace(group, keep=keep_of(group, kept)) for group in report.groups)
    parties = {party.id: party for party in basis.parties}
    apart = _acts(basis.reviewed.holding(basis.parties))
    return DuplicatesView(kind, groups, parties, kept, apart, basis.scope, basis.read_at)


def _acts(dismissals: Iterable[Dismissal]) -> tuple[SaidApart, ...]:
    """The dismissals by the act that made them, the newest first."""
    acts: dict[tuple[datetime, str], list[set[str]]] = defaultdict(list)
    pairs: dict[tuple[datetime, str], list[frozenset[str]]] = defaultdict(list)
    for one in dismissals:
        made = one.at, one.by
        pairs[made].append(one.pair)
        # Each act dismissed every pair of its records, so what shares a record is one act.
        near = [ids for ids in acts[made] if ids & one.pair]
        apart = [ids for ids in acts[made] if not ids & one.pair]
        acts[made] = [*apart, set(one.pair).union(*near)]
    return tuple(
        SaidApart(
            tuple(sorted(ids)), made[1], made[0], frozenset(p for p in pairs[made] if p <= ids)
        )
        for made in sorted(acts, reverse=True)
        for ids in sorted(acts[made], key=sorted)
    )


def _group_of(view: DuplicatesView, ids: frozenset[str]) -> DuplicateGroup:
    for group in view.groups:
        if ids == frozenset(group.ids):
            return group
    raise UserError(GONE)


def why_keep(view: DuplicatesView, group: DuplicateGroup) -> str:
    """Why a group's record is the one to keep, in words."""
    keep = view.parties[group.keep]
    others = [view.parties[one] for one in group.ids if one != group.keep]
    if group.keep in view.kept:
        return words.review.CHOSEN_HERE
    if keep.keep_rank > max((other.keep_rank for other in others), default=0):
        reason = words.review.ON_THE_NETWORK if keep.keep_rank > 1 else (words.review.SYNCED)
        return words.review.NOT_TO_LOSE.format(what=reason)
    if not keep.blockers and any(other.blockers for other in others):
        return words.review.UNBLOCKED
    if all(int(keep.weight) > int(other.weight) for other in others):
        return words.review.MOST_HANGS
    if all(keep.filled > other.filled for other in others):
        return words.review.COMPLETE
    if keep.created_on and all(keep.created_on < (other.created_on or "9999") for other in others):
        return words.review.OLDEST
    return words.review.EITHER
