"""What people decided."""

from collections.abc import Mapping
from datetime import datetime
from itertools import combinations

from sqlalchemy import delete, select
from sqlmodel import col

from bot.domain.model import Assignment, Attestation, System, Waiver
from bot.storage.repositories.base import Repository
from bot.storage.tables import (
    AssignmentRow,
    AttestationRow,
    ChoiceRow,
    DismissalRow,
    KeptRow,
    WaiverRow,
)


class DecisionRepository(Repository):
    """``ports.Decisions``. A later decision about the same thing replaces the earlier one."""

    async def attest(self, customer_id: int, item: str, attestation: Attestation) -> None:
        row = {
            "customer_id": customer_id,
            "item": item,
            "made_by": attestation.by,
            "made_at": attestation.at,
            "note": attestation.note,
        }
        await self._upsert(AttestationRow, [row])

    async def withdraw_attestation(self, customer_id: int, item: str) -> bool:
        return await self._forget(AttestationRow, customer_id, item)

    async def attestations(self, customer_id: int) -> Mapping[str, Attestation]:
        rows = await self._all(
            select(AttestationRow).where(col(AttestationRow.customer_id) == customer_id)
        )
        return {row.item: Attestation(row.made_by, row.made_at, row.note) for row in rows}

    async def waive(self, customer_id: int, item: str, waiver: Waiver) -> None:
        row = {
            "customer_id": customer_id,
            "item": item,
            "made_by": waiver.by,
            "made_at": waiver.at,
            "why": waiver.why,
            "until": waiver.until,
        }
        await self._upsert(WaiverRow, [row])

    async def withdraw_waiver(self, customer_id: int, item: str) -> bool:
        return await self._forget(WaiverRow, customer_id, item)

    async def waivers(self, customer_id: int) -> Mapping[str, Waiver]:
        rows = await self._all(select(WaiverRow).where(col(WaiverRow.customer_id) == customer_id))
        return {row.item: Waiver(row.made_by, row.made_at, row.why, row.until) for row in rows}

    async def assign(self, customer_id: int, item: str, assignment: Assignment) -> None:
        """Store who does it by when; nobody and no day forgets it."""
        if assignment == Assignment():
            await self._forget(AssignmentRow, customer_id, item)
            return
        row = {
            "customer_id": customer_id,
            "item": item,
            "owner": assignment.owner,
            "due": assignment.due,
        }
        await self._upsert(AssignmentRow, [row])

    async def assignments(self, customer_id: int) -> Mapping[str, Assignment]:
        rows = await self._all(
            select(AssignmentRow).where(col(AssignmentRow.customer_id) == customer_id)
        )
        return {row.item: Assignment(row.owner, row.due) for row in rows}

    async def choose(self, customer_id: int, code: str, target: str, by: str, at: datetime) -> None:
        if not target:
            await self._change(
                delete(ChoiceRow).where(
                    col(ChoiceRow.customer_id) == customer_id, col(ChoiceRow.code) == code
                )
            )
            return
        row = {
            "customer_id": customer_id,
            "code": code,
            "target": target,
            "made_by": by,
            "made_at": at,
        }
        await self._upsert(ChoiceRow, [row])

    async def choices(self, customer_id: int) -> Mapping[str, str]:
        rows = await self._all(select(ChoiceRow).where(col(ChoiceRow.customer_id) == customer_id))
        return {row.code: row.target for row in rows}

    async def dismiss(
        self, customer_id: int, system: System, ids: frozenset[str], by: str, at: datetime
    ) -> None:
        rows = [
            {
                "customer_id": customer_id,
                "system": system.value,
                "a": a,
                "b": b,
                "made_by": by,
                "made_at": at,
            }
            for a, b in combinations(sorted(ids), 2)
        ]
        await self._upsert(DismissalRow, rows)

    async def dismissals(self, customer_id: int, system: System) -> frozenset[frozenset[str]]:
        rows = await self._all(
            select(DismissalRow).where(
                col(DismissalRow.customer_id) == customer_id,
                col(DismissalRow.system) == system.value,
            )
        )
        return frozenset(frozenset((row.a, row.b)) for row in rows)

    async def keep(
        self, customer_id: int, system: System, one: str, ids: frozenset[str], by: str, at: datetime
    ) -> None:
        await self._change(
            delete(KeptRow).where(
                col(KeptRow.customer_id) == customer_id,
                col(KeptRow.system) == system.value,
                col(KeptRow.record).in_(sorted(ids)),
            )
        )
        row = {
            "customer_id": customer_id,
            "system": system.value,
            "record": one,
            "made_by": by,
            "made_at": at,
        }
        await self._upsert(KeptRow, [row])

    async def kept(self, customer_id: int, system: System) -> frozenset[str]:
        rows = await self._all(
            select(KeptRow).where(
                col(KeptRow.customer_id) == customer_id, col(KeptRow.system) == system.value
            )
        )
        return frozenset(row.record for row in rows)

    async def _forget(
        self,
        table: type[AttestationRow] | type[WaiverRow] | type[AssignmentRow],
        customer_id: int,
        item: str,
    ) -> bool:
        statement = delete(table).where(
            col(table.customer_id) == customer_id, col(table.item) == item
        )
        return await self._change(statement) > 0
