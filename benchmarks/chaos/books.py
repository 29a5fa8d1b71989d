"""What the driver looks up in the bot's database: whether a zone's work is over, and why not.

Nothing here is counted. It tells "not yet" apart from "never", and it tells the story of what
went wrong.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, func

from bot.services.ports import OutboxState
from bot.storage.tables import CustomerRow, HistoryRow, OutboxRow

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Books:
    """The bot's database, read only."""

    engine: AsyncEngine

    async def is_busy(self, now: datetime) -> bool:
        """Something is due, or waits to be sent."""
        waiting = col(OutboxRow.state) == OutboxState.WAITING.value
        due = col(CustomerRow.next_reminder_at) <= now
        async with self.engine.connect() as connection:
            # In this order: what stops being due has its message waiting in the same moment.
            for table, which in ((CustomerRow, due), (OutboxRow, waiting)):
                query = select(func.count()).select_from(table).where(which)
                if (await connection.execute(query)).scalar_one():
                    return True
        return False

    async def postponed(self, customers: Collection[int], day: date) -> datetime | None:
        """The earliest moment at which one of them is looked at once more on its own ``day``.

        A reminder that was held back, because no check ended in time, is tried again within the
        hour: that is late, and neither lost nor over.
        """
        query = select(col(CustomerRow.next_reminder_at), col(CustomerRow.timezone)).where(
            col(CustomerRow.id).in_(customers), col(CustomerRow.next_reminder_at).is_not(None)
        )
        async with self.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        moments = [at for at, zone in rows if at and at.astimezone(ZoneInfo(zone)).date() == day]
        return min(moments, default=None)

    async def story(self, customer: int) -> list[str]:
        """What the bot knows of a customer: the customer, its messages, its history."""
        lines = []
        async with self.engine.connect() as connection:
            for table, shown in _STORY.items():
                number = "id" if table is CustomerRow else "customer_id"
                columns = table.__table__.columns
                query = select(*(columns[name] for name in shown)).where(
                    columns[number] == customer
                )
                rows = (await connection.execute(query.order_by(columns["id"]))).mappings()
                lines += [f"{table.__tablename__}: {_told(dict(row))}" for row in rows]
        return lines


_STORY: dict[type[Any], tuple[str, ...]] = {
    CustomerRow: ("id", "stage", "next_reminder_at", "lease_owner", "lease_until"),
    OutboxRow: (
        "key",
        "state",
        "added_at",
        "attempts",
        "uncertain",
        "lease_owner",
        "not_before",
        "sent_ts",
        "sent_at",
        "last_error",
    ),
    HistoryRow: ("at", "actor", "action", "detail"),
}


def _told(row: Row) -> str:
    return ", ".join(f"{k}={_short(v)}" for k, v in row.items() if v not in (None, ""))


def _short(value: object) -> str:
    return f"{value.astimezone(UTC):%dT%H:%M:%S}" if isinstance(value, datetime) else str(value)
