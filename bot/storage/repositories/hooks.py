"""Procore's webhooks that the bot set up: at most one row per customer."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select

from bot.domain.customer import Purpose
from bot.domain.hook import BEING_MADE, Hook
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.storage.repositories.base import Repository, col, columns_of, of_customer, table_of
from bot.storage.tables import ConnectionRow, CustomerRow, HookRow

_ALL = columns_of(HookRow).order_by(col(HookRow.customer_id))
_DELETE = delete(table_of(HookRow)).where(col(HookRow.customer_id) == bindparam("customer_id"))


class HookRepository(Repository):
    """``ports.Hooks``."""

    async def claim(
        self, stages: Collection[Stage], now: datetime, before: datetime, limit: int
    ) -> Sequence[Hook]:
        wanted = await self._run(
            select(col(ConnectionRow.customer_id), col(ConnectionRow.connected_at))
            .join(table_of(CustomerRow), col(CustomerRow.id) == col(ConnectionRow.customer_id))
            .outerjoin(
                table_of(HookRow), col(HookRow.customer_id) == col(ConnectionRow.customer_id)
            )
            .where(
                col(ConnectionRow.system) == System.PROCORE.value,
                col(ConnectionRow.purpose) == Purpose.CUSTOMER.value,
                col(ConnectionRow.broken) == "",
                col(CustomerRow.stage).in_([stage.value for stage in stages]),
                or_(
                    col(HookRow.customer_id).is_(None),
                    col(HookRow.connected_at).is_distinct_from(col(ConnectionRow.connected_at)),
                    and_(col(HookRow.problem) != "", col(HookRow.tried_at) <= before),
                ),
            )
            .order_by(col(ConnectionRow.customer_id))
            .limit(limit)
            .with_for_update(skip_locked=True, of=table_of(ConnectionRow))
        )
        rows: Sequence[Any] = wanted.all()
        claimed = []
        for customer_id, connected_at in rows:
            known = await self.get(customer_id)
            told = known.told if known is not None else ""
            claimed.append(Hook(customer_id, connected_at, now, problem=BEING_MADE, told=told))
            await self.put(claimed[-1])
        return claimed

    async def all(self) -> Sequence[Hook]:
        return [_hook(row) for row in await self._all(_ALL)]

    async def get(self, customer_id: int) -> Hook | None:
        row = await self._first(of_customer(HookRow), customer_id=customer_id)
        return None if row is None else _hook(row)

    async def put(self, hook: Hook) -> None:
        await self._upsert(HookRow, [asdict(hook)])

    async def delete(self, customer_id: int) -> None:
        await self._change(_DELETE, customer_id=customer_id)


def _hook(row: HookRow) -> Hook:
    return Hook(*(getattr(row, one.name) for one in fields(Hook)))
