"""The small ones: cards, history, inbox, reminders, signs of life."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from functools import cache

from sqlalchemy import TextClause, bindparam, delete, func, insert, select, text
from sqlmodel import col

from bot.domain.beat import Beat
from bot.domain.customer import CardRef, HistoryEntry
from bot.storage.repositories.base import Repository, insert_into
from bot.storage.steady import to_the_end
from bot.storage.tables import (
    BeatRow,
    CardRow,
    CustomerRow,
    HistoryRow,
    InboxRow,
    ReminderRow,
)
from bot.storage.types import PlainText, UtcDateTime


class CardRepository(Repository):
    """``ports.Cards``."""

    async def get(self, customer_id: int) -> CardRef | None:
        row = await self._first(select(CardRow).where(col(CardRow.customer_id) == customer_id))
        return None if row is None else CardRef(row.customer_id, row.channel_id, row.ts)

    async def put(self, card: CardRef) -> None:
        await self._upsert(CardRow, [asdict(card)])

    async def replace(self, cards: Sequence[CardRef]) -> Sequence[CardRef | None]:
        ids = sorted({card.customer_id for card in cards})
        # Others who do the same wait for their customers, so that each card is replaced once.
        there = await self._plain(CustomerRow, col(CustomerRow.id).in_(ids), lock=True)
        rows = await self._plain(CardRow, col(CardRow.customer_id).in_(ids))
        now: dict[int | None, CardRef | None] = {row.id: None for row in there}
        now |= {row.customer_id: CardRef(row.customer_id, row.channel_id, row.ts) for row in rows}
        before = []
        for card in cards:
            before.append(now.get(card.customer_id))
            if card.customer_id in now:
                now[card.customer_id] = card
        await self._upsert(CardRow, [asdict(card) for card in now.values() if card is not None])
        return before


class HistoryRepository(Repository):
    """``ports.History``. There is no way to change or remove a line."""

    async def append(self, entry: HistoryEntry) -> None:
        await self._run(insert(HistoryRow).values(**asdict(entry)))

    async def append_all(self, entries: Sequence[HistoryEntry]) -> None:
        ids = {entry.customer_id for entry in entries}
        held = select(col(CustomerRow.id)).where(col(CustomerRow.id).in_(ids))
        held = held.order_by(col(CustomerRow.id)).with_for_update(read=True, key_share=True)
        there = set((await self._run(held)).scalars())
        rows = [asdict(entry) for entry in entries if entry.customer_id in there]
        if rows:
            await self._each(insert_into(self._session, HistoryRow), rows)

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
        ordered, new = sorted(keys), set[str]()
        for start in range(0, len(ordered), MOST_AT_ONCE):
            part = ordered[start : start + MOST_AT_ONCE]
            values = {f"key{number}": key for number, key in enumerate(part)}
            statement = _accepting(len(part))
            taken = await to_the_end(self._session.execute(statement, values | {"at": at}))
            new.update(taken.scalars())
        return frozenset(new)

    async def forget_before(self, at: datetime) -> int:
        """Forget older keys; how many there were."""
        return await self._change(delete(InboxRow).where(col(InboxRow.at) < at))


MOST_AT_ONCE = 16
"""Keys of one INSERT: each number has a statement of its own, which is kept, and so is what it
is compiled to; for numbers up to hundreds the bot grew to twice its size."""


@cache
def _accepting(number: int) -> TextClause:
    """Takes in so many keys, and tells which are new.

    Slack waits for it: an INSERT of several rows that SQLAlchemy makes is compiled each time anew.
    """
    rows = ", ".join(f"(:key{one}, :at)" for one in range(number))
    return text(
        f"INSERT INTO inbox (key, at) VALUES {rows} "  # noqa: S608 - nothing but names of ours.
        "ON CONFLICT DO NOTHING RETURNING key"
    ).bindparams(
        bindparam("at", type_=UtcDateTime),
        *(bindparam(f"key{one}", type_=PlainText) for one in range(number)),
    )


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
