"""What people decided."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import combinations
from typing import TypeVar

from sqlalchemy import ColumnElement, Delete, and_, bindparam, delete, or_

from bot.domain.model import Assignment, Attestation, System, Waiver
from bot.domain.reviewed import Dismissal, Reviewed
from bot.storage.repositories.base import Repository, col, of_customer, one_of, table_of
from bot.storage.tables import (
    AssignmentRow,
    AttestationRow,
    ChoiceRow,
    DismissalRow,
    KeptRow,
    OfCustomer,
    OfItem,
    OfSystem,
    WaiverRow,
)

R = TypeVar("R", bound=OfCustomer)

BATCH = 200
"""Pairs of one DELETE; SQLite allows 32,766 bound values in a statement."""

_UNCHOOSE = delete(table_of(ChoiceRow)).where(
    col(ChoiceRow.customer_id) == bindparam("customer_id"), col(ChoiceRow.code) == bindparam("code")
)
_KEEP_NONE = delete(table_of(KeptRow)).where(
    col(KeptRow.customer_id) == bindparam("customer_id"),
    col(KeptRow.system) == bindparam("system"),
    col(KeptRow.record).in_(one_of("records")),
)


@cache
def _forget(table: type[OfItem]) -> Delete:
    of_item = col(table.item) == bindparam("item")
    return delete(table_of(table)).where(
        col(table.customer_id) == bindparam("customer_id"), of_item
    )


class DecisionRepository(Repository):
    """``ports.Decisions``. A later decision about the same thing replaces the earlier one."""

    async def attest(self, customer_id: int, item: str, attestation: Attestation) -> None:
        made = {"made_by": attestation.by, "made_at": attestation.at, "note": attestation.note}
        await self._put(AttestationRow, customer_id, item=item, **made)

    async def withdraw_attestation(self, customer_id: int, item: str) -> bool:
        return await self._forget(AttestationRow, customer_id, item)

    async def attestations(self, customer_id: int) -> Mapping[str, Attestation]:
        rows = await self._of(AttestationRow, customer_id)
        return {row.item: Attestation(row.made_by, row.made_at, row.note) for row in rows}

    async def waive(self, customer_id: int, item: str, waiver: Waiver) -> None:
        made = {"made_by": waiver.by, "made_at": waiver.at, "why": waiver.why}
        await self._put(WaiverRow, customer_id, item=item, until=waiver.until, **made)

    async def withdraw_waiver(self, customer_id: int, item: str) -> bool:
        return await self._forget(WaiverRow, customer_id, item)

    async def waivers(self, customer_id: int) -> Mapping[str, Waiver]:
        rows = await self._of(WaiverRow, customer_id)
        return {row.item: Waiver(row.made_by, row.made_at, row.why, row.until) for row in rows}

    async def assign(self, customer_id: int, item: str, assignment: Assignment) -> None:
        """Store who does it by when; nobody and no day forgets it."""
        if assignment == Assignment():
            await self._forget(AssignmentRow, customer_id, item)
            return
        owner, due = assignment.owner, assignment.due
        await self._put(AssignmentRow, customer_id, item=item, owner=owner, due=due)

    async def assignments(self, customer_id: int) -> Mapping[str, Assignment]:
        rows = await self._of(AssignmentRow, customer_id)
        return {row.item: Assignment(row.owner, row.due) for row in rows}

    async def choose(self, customer_id: int, code: str, target: str, by: str, at: datetime) -> None:
        if not target:
            await self._change(_UNCHOOSE, customer_id=customer_id, code=code)
            return
        await self._put(ChoiceRow, customer_id, code=code, target=target, made_by=by, made_at=at)

    async def choices(self, customer_id: int) -> Mapping[str, str]:
        rows = await self._of(ChoiceRow, customer_id)
        return {row.code: row.target for row in rows}

    async def dismiss(
        self, customer_id: int, system: System, names: Mapping[str, str], by: str, at: datetime
    ) -> None:
        of = {"customer_id": customer_id, "system": system.value, "made_by": by, "made_at": at}
        rows = [
            {**of, "a": a, "b": b, "name_a": names[a], "name_b": names[b]}
            for a, b in combinations(sorted(names), 2)
        ]
        await self._upsert(DismissalRow, rows)

    async def ask_again(
        self, customer_id: int, system: System, pairs: Collection[frozenset[str]]
    ) -> int:
        wanted = sorted(tuple(sorted(pair)) for pair in pairs)
        forgotten = 0
        for start in range(0, len(wanted), BATCH):
            these = or_(
                *(
                    and_(col(DismissalRow.a) == a, col(DismissalRow.b) == b)
                    for a, b in wanted[start : start + BATCH]
                )
            )
            of_system = _of_system(DismissalRow, customer_id, system)
            forgotten += await self._change(delete(table_of(DismissalRow)).where(of_system, these))
        return forgotten

    async def keep(
        self, customer_id: int, system: System, one: str, ids: frozenset[str], by: str, at: datetime
    ) -> None:
        of_group = {"customer_id": customer_id, "system": system.value, "records": sorted(ids)}
        await self._change(_KEEP_NONE, **of_group)
        if one:
            made = {"made_by": by, "made_at": at}
            await self._put(KeptRow, customer_id, system=system.value, record=one, **made)

    async def reviewed(self, customer_id: int, system: System) -> Reviewed:
        return (await self.all_reviewed(customer_id))[system]

    async def all_reviewed(self, customer_id: int) -> Mapping[System, Reviewed]:
        dismissed = await self._of(DismissalRow, customer_id)
        kept = await self._of(KeptRow, customer_id)
        return {
            system: Reviewed(
                tuple(
                    sorted(
                        Dismissal(row.a, row.b, row.name_a, row.name_b, row.made_by, row.made_at)
                        for row in dismissed
                        if row.system == system.value
                    )
                ),
                frozenset(row.record for row in kept if row.system == system.value),
            )
            for system in System
        }

    async def _of(self, table: type[R], customer_id: int) -> Sequence[R]:
        """Every row of a customer."""
        return await self._all(of_customer(table), customer_id=customer_id)

    async def _put(self, table: type[R], customer_id: int, **values: object) -> None:
        await self._upsert(table, [{"customer_id": customer_id, **values}])

    async def _forget(self, table: type[OfItem], customer_id: int, item: str) -> bool:
        return await self._change(_forget(table), customer_id=customer_id, item=item) > 0


def _of_system(table: type[OfSystem], customer_id: int, system: System) -> ColumnElement[bool]:
    """The rows of one customer's records in one system."""
    return and_(col(table.customer_id) == customer_id, col(table.system) == system.value)
