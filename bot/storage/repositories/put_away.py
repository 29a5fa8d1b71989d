"""Decisions that wait for their company to come back, and which companies decisions are about."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, delete

from bot.domain.model import System
from bot.domain.put_away import NOTHING, PutAway, Waiting
from bot.storage.repositories.base import col, columns_of, of_customer, table_of
from bot.storage.repositories.secret import SecretRepository, Secrets
from bot.storage.tables import (
    AboutRow,
    AttestationRow,
    ChoiceRow,
    DismissalRow,
    KeptRow,
    OfCustomer,
    PutAwayRow,
)

TABLES: Mapping[str, type[OfCustomer]] = {
    "choices": ChoiceRow,
    "dismissals": DismissalRow,
    "kept": KeptRow,
    "attestations": AttestationRow,
}
WORDS = {
    "choices": "{code} → {target}",
    "dismissals": "{name_a} ({a}) is not {name_b} ({b})",
    "kept": "{record}",
    "attestations": "{item} {note}",
}
Rows = dict[str, list[dict[str, Any]]]

_OLDEST_FIRST = of_customer(PutAwayRow).order_by(col(PutAwayRow.id))


class PutAwayRepository(SecretRepository):
    """``ports.PutAways``. Company ids, and what goes with them, are the vault's ciphertext."""

    secrets: ClassVar[Secrets] = {PutAwayRow: ("data",), AboutRow: ("external_id",)}

    async def about(self, customer_id: int) -> Mapping[System, str]:
        rows = await self._all(of_customer(AboutRow), customer_id=customer_id)
        return {System(row.system): self._vault.decrypt(row.external_id) for row in rows}

    async def now_about(self, customer_id: int, system: System, external_id: str) -> None:
        secret = self._vault.encrypt(external_id)
        values = {"customer_id": customer_id, "system": system.value, "external_id": secret}
        await self._upsert(AboutRow, [values])

    async def count(self, customer_id: int, system: System, items: Sequence[str]) -> PutAway:
        return _count(await self._theirs(customer_id, system, items))

    async def put(
        self,
        customer_id: int,
        system: System,
        items: Sequence[str],
        about: Mapping[System, str],
        by: str,
        at: datetime,
    ) -> PutAway:
        rows = await self._theirs(customer_id, system, items)
        # A mapping goes from one system's record to the other's; all else is of one system.
        mapped = {name: found for name, found in rows.items() if name == "choices"}
        alone = {name: found for name, found in rows.items() if name != "choices"}
        for these, companies in ((mapped, about), (alone, {system: about[system]})):
            if any(these.values()):
                data = self._vault.encrypt(json.dumps({"companies": companies, "rows": these}))
                made = {"made_by": by, "made_at": at}
                await self._insert(PutAwayRow, {"customer_id": customer_id, "data": data, **made})
        for name in TABLES:
            await self._change(
                delete(table_of(TABLES[name])).where(_is(name, customer_id, system, items))
            )
        return _count(rows)

    async def waiting(self, customer_id: int) -> Sequence[Waiting]:
        return [
            Waiting(
                {System(name): company for name, company in data["companies"].items()},
                kind,
                WORDS[kind].format(**one),
                one["made_by"],
                datetime.fromisoformat(one["made_at"]),
            )
            for _, data in await self._stored(customer_id)
            for kind, found in data["rows"].items()
            for one in found
        ]

    async def bring_back(self, customer_id: int, companies: Mapping[System, str]) -> PutAway:
        total = NOTHING
        for row_id, data in await self._stored(customer_id):
            if not data["companies"].items() <= companies.items():
                continue
            for name, found in data["rows"].items():
                made = [{**r, "made_at": datetime.fromisoformat(r["made_at"])} for r in found]
                await self._upsert(TABLES[name], made)
            await self._change(delete(table_of(PutAwayRow)).where(col(PutAwayRow.id) == row_id))
            total += _count(data["rows"])
        return total

    async def _stored(self, customer_id: int) -> Sequence[tuple[int | None, Any]]:
        """The ids and contents of what was put away, oldest first."""
        rows = await self._all(_OLDEST_FIRST, customer_id=customer_id)
        return [(row.id, json.loads(self._vault.decrypt(row.data))) for row in rows]

    async def _theirs(self, customer_id: int, system: System, items: Sequence[str]) -> Rows:
        """The rows that are about the customer's company in one system, as JSON."""
        return {
            name: [
                table.model_validate(row, from_attributes=True).model_dump(mode="json")
                for row in await self._all(
                    columns_of(table).where(_is(name, customer_id, system, items))
                )
            ]
            for name, table in TABLES.items()
        }


def _is(name: str, customer_id: int, system: System, items: Sequence[str]) -> ColumnElement[bool]:
    wanted = {
        "choices": col(ChoiceRow.customer_id) == customer_id,
        "dismissals": and_(
            col(DismissalRow.customer_id) == customer_id, col(DismissalRow.system) == system.value
        ),
        "kept": and_(col(KeptRow.customer_id) == customer_id, col(KeptRow.system) == system.value),
        "attestations": and_(
            col(AttestationRow.customer_id) == customer_id, col(AttestationRow.item).in_(items)
        ),
    }
    return wanted[name]


def _count(rows: Rows) -> PutAway:
    return PutAway(**{name: len(found) for name, found in rows.items()})
