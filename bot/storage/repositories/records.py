"""The small ones: cards, history, inbox, reminders, signs of life."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from bot.domain.beat import Beat
from bot.domain.customer import CardRef, HistoryEntry
from bot.storage.repositories.base import Repository, insert_into
from bot.storage.tables import BeatRow, CardRow, HistoryRow, InboxRow, ReminderRow


class CardRepository(Repository):
    """``ports.Cards``."""

    async def get(self, customer_id: int) -> CardRef | None:
        row = await self._first(select(CardRow).where(col(CardRow.customer_id) == customer_id))
        return None if row is None else CardRef(row.customer_id, row.channel_id, row.ts)

    async def put(self, card: CardRef) -> None:
        row = {"customer_id": card.customer_id, "channel_id": card.channel_id, "ts": card.ts}
        await self._upsert(CardRow, [row])


class HistoryRepository(Repository):
    """``ports.History``. There is no way to change or remove a line."""

    async def append(self, entry: HistoryEntry) -> None:
        await self._run(
            insert(HistoryRow).values(
                customer_id=entry.customer_id,
                at=entry.at,
                actor=entry.actor,
                action=entry.action,
                detail=entry.detail,
            )
        )

    async def of(
        self, customer_id: int, limit: int = 50, without: Collection[str] = ()
    ) -> Sequence[HistoryEntry]:
        rows = await self._all(
            select(HistoryRow)
            .where(col(HistoryRow.customer_id) == customer_id)
            .where(col(HistoryRow.action).not_in(without))
            .order_by(col(HistoryRow.at).desc(), col(HistoryRow.id).desc())
            .limit(limit)
        )
        return [
            HistoryEntry(row.customer_id, row.at, row.actor, row.action, row.detail) for row in rows
        ]

    async def count(self, customer_id: int, action: str) -> int:
        found = await self._first(
            select(func.count())
            .select_from(HistoryRow)
            .where(col(HistoryRow.customer_id) == customer_id, col(HistoryRow.action) == action)
        )
        return found or 0


class InboxRepository(Repository):
    """``ports.Inbox``."""

    async def accept(self, key: str, at: datetime) -> bool:
        return bool(await self.accept_all([key], at))

    async def accept_all(self, keys: Collection[str], at: datetime) -> Collection[str]:
        # In one order everywhere, so that two processes never wait for each other.
        rows = [{"key": key, "at": at} for key in sorted(keys)]
        statement = insert_into(self._session, InboxRow).values(rows).on_conflict_do_nothing()
        new = await self._run(statement.returning(col(InboxRow.key)))
        return frozenset(new.scalars())

    async def forget_before(self, at: datetime) -> int:
        """Forget older keys; how many there were."""
        return await self._change(delete(InboxRow).where(col(InboxRow.at) < at))


class ReminderRepository(Repository):
    """``ports.ReminderLog``."""

    async def claim(self, customer_id: int, day: date, kind: str, at: datetime) -> bool:
        row = {"customer_id": customer_id, "day": day, "kind": kind, "at": at}
        return await self._insert_once(ReminderRow, row)

    async def last(self, customer_id: int, kind: str) -> date | None:
        return await self._first(
            select(func.max(col(ReminderRow.day))).where(
                col(ReminderRow.customer_id) == customer_id, col(ReminderRow.kind) == kind
            )
        )


class BeatRepository(Repository):
    """``ports.Beats``."""

    async def put(self, beat: Beat) -> None:
        await self._upsert(BeatRow, [asdict(beat)])

    async def all(self) -> Sequence[Beat]:
        rows = await self._all(select(BeatRow).order_by(col(BeatRow.started_at)))
        return [Beat(**row.model_dump()) for row in rows]

    async def forget_before(self, at: datetime) -> int:
        return await self._change(delete(BeatRow).where(col(BeatRow.at) < at))
