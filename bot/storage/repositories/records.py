"""The small ones: cards, history, inbox, reminders, signs of life."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from functools import cache

from sqlalchemy import TextClause, bindparam, delete, func, select, text

from bot.domain.beat import Beat
from bot.domain.customer import CardRef, HistoryEntry
from bot.storage.repositories.base import (
    LIMIT,
    Repository,
    col,
    columns_of,
    in_order_of_keys,
    of_customer,
    of_customers,
    one_of,
    table_of,
)
from bot.storage.tables import (
    BeatRow,
    CardRow,
    CustomerRow,
    HistoryRow,
    InboxRow,
    ReminderRow,
)
from bot.storage.types import PlainText, UtcDateTime

_CUSTOMERS = in_order_of_keys(
    columns_of(CustomerRow).where(col(CustomerRow.id).in_(one_of("ids"))), CustomerRow
)
_HELD = (
    select(col(CustomerRow.id))
    .where(col(CustomerRow.id).in_(one_of("ids")))
    .order_by(col(CustomerRow.id))
    .with_for_update(read=True, key_share=True)
)
_HISTORY = (
    of_customer(HistoryRow)
    .where(col(HistoryRow.action).not_in(one_of("without")))
    .order_by(col(HistoryRow.at).desc(), col(HistoryRow.id).desc())
    .limit(LIMIT)
)
_COUNT = (
    select(func.count())
    .select_from(table_of(HistoryRow))
    .where(
        col(HistoryRow.customer_id) == bindparam("customer_id"),
        col(HistoryRow.action) == bindparam("action"),
    )
)
_FORGET_KEYS = delete(table_of(InboxRow)).where(col(InboxRow.at) < bindparam("before"))
_LAST_REMINDER = select(func.max(col(ReminderRow.day))).where(
    col(ReminderRow.customer_id) == bindparam("customer_id"),
    col(ReminderRow.kind) == bindparam("kind"),
)
_BEATS = columns_of(BeatRow).order_by(col(BeatRow.started_at))
_FORGET_BEATS = delete(table_of(BeatRow)).where(col(BeatRow.at) < bindparam("before"))


class CardRepository(Repository):
    """``ports.Cards``."""

    async def get(self, customer_id: int) -> CardRef | None:
        row = await self._first(of_customer(CardRow), customer_id=customer_id)
        return None if row is None else CardRef(row.customer_id, row.channel_id, row.ts)

    async def put(self, card: CardRef) -> None:
        await self._upsert(CardRow, [asdict(card)])

    async def replace(self, cards: Sequence[CardRef]) -> Sequence[CardRef | None]:
        ids = sorted({card.customer_id for card in cards})
        # Others who do the same wait for their customers, so that each card is replaced once.
        there = await self._all(_CUSTOMERS, ids=ids)
        rows = await self._all(of_customers(CardRow), ids=ids)
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
        await self._insert(HistoryRow, asdict(entry))

    async def append_all(self, entries: Sequence[HistoryEntry]) -> None:
        ids = list({entry.customer_id for entry in entries})
        there = set((await self._run(_HELD, {"ids": ids})).scalars())
        rows = [asdict(entry) for entry in entries if entry.customer_id in there]
        if rows:
            await self._insert(HistoryRow, *rows)

    async def of(
        self, customer_id: int, limit: int = 50, without: Collection[str] = ()
    ) -> Sequence[HistoryEntry]:
        rows = await self._all(
            _HISTORY, customer_id=customer_id, without=list(without), limit=limit
        )
        return [
            HistoryEntry(row.customer_id, row.at, row.actor, row.action, row.detail) for row in rows
        ]

    async def count(self, customer_id: int, action: str) -> int:
        return await self._value(_COUNT, customer_id=customer_id, action=action) or 0


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
            taken = await self._run(statement, values | {"at": at})
            new.update(taken.scalars())
        return frozenset(new)

    async def forget_before(self, at: datetime) -> int:
        """Forget older keys; how many there were."""
        return await self._change(_FORGET_KEYS, before=at)


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
        return await self._value(_LAST_REMINDER, customer_id=customer_id, kind=kind)


class BeatRepository(Repository):
    """``ports.Beats``."""

    async def put(self, beat: Beat) -> None:
        await self._upsert(BeatRow, [asdict(beat)])

    async def all(self) -> Sequence[Beat]:
        names = [one.name for one in fields(Beat)]
        return [Beat(*(getattr(row, name) for name in names)) for row in await self._all(_BEATS)]

    async def forget_before(self, at: datetime) -> int:
        return await self._change(_FORGET_BEATS, before=at)
