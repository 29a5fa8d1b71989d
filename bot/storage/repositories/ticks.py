"""What is to be looked at again because a system told of a change: one row per customer."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.domain.lifecycle import Stage
from bot.domain.tick import Tick
from bot.storage.repositories.base import LIMIT, Repository, col, columns_of, of_customer, table_of
from bot.storage.tables import CustomerRow, TickRow

_LOCKED = of_customer(TickRow).with_for_update()
_SAVE = update(table_of(TickRow)).where(col(TickRow.customer_id) == bindparam("this"))
_DONE = _SAVE.where(col(TickRow.version) == bindparam("as_read"))
_DUE = (
    columns_of(TickRow)
    .where(col(TickRow.due_at) <= bindparam("now"))
    .order_by(col(TickRow.due_at), col(TickRow.customer_id))
    .limit(LIMIT)
    .with_for_update(skip_locked=True)
)


class TickRepository(Repository):
    """``ports.Ticks``."""

    async def note(self, customer_id: int, items: Collection[str], due: datetime) -> None:
        new = {"customer_id": customer_id, "items": "", "version": 0, "runs": 0}
        await self._insert_once(TickRow, new)
        row = await self._first(_LOCKED, customer_id=customer_id)
        assert row is not None
        await self._change(
            _SAVE,
            this=customer_id,
            items=" ".join(sorted({*row.items.split(), *items})),
            due_at=due if row.due_at is None else min(row.due_at, due),
            version=row.version + 1,
        )

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Tick]:
        rows = await self._all(_DUE, now=now, limit=limit)
        ticks = [_tick(row, now + lease) for row in rows]
        for tick in ticks:
            await self.save(tick)
        return ticks

    async def save(self, tick: Tick) -> None:
        values = {"due_at": tick.due_at, "since": tick.since, "runs": tick.runs}
        await self._change(_SAVE, this=tick.customer_id, **values)

    async def done(self, tick: Tick, again: datetime | None = None) -> bool:
        these = {"this": tick.customer_id, "as_read": tick.version}
        return bool(await self._change(_DONE, **these, items="", due_at=again))

    async def idle(self, stages: Collection[Stage], limit: int) -> Sequence[tuple[int, str]]:
        due = select(col(TickRow.customer_id)).where(col(TickRow.due_at).is_not(None))
        found = await self._run(
            select(col(CustomerRow.id), col(CustomerRow.timezone))
            .where(col(CustomerRow.stage).in_([stage.value for stage in stages]))
            .where(col(CustomerRow.id).not_in(due))
            .order_by(col(CustomerRow.id))
            .limit(limit)
        )
        rows: Sequence[Any] = found.all()
        return [(row[0], row[1]) for row in rows]


def _tick(row: TickRow, due: datetime) -> Tick:
    known = Tick(row.customer_id, frozenset(row.items.split()), due, row.version)
    return replace(known, since=row.since, runs=row.runs)
