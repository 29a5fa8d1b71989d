"""Whether Slack still lets the bot in."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.storage.repositories.base import Repository, col, table_of
from bot.storage.tables import RemovalRow

SLACK = "slack"

_SINCE = select(col(RemovalRow.at)).where(col(RemovalRow.what) == SLACK)
_LIFT = delete(table_of(RemovalRow)).where(col(RemovalRow.what) == SLACK)


class RemovalRepository(Repository):
    """``ports.Removals``."""

    async def since(self) -> datetime | None:
        return await self._value(_SINCE)

    async def note(self, why: str, at: datetime) -> bool:
        return await self._insert_once(RemovalRow, {"what": SLACK, "why": why, "at": at})

    async def lift(self) -> bool:
        return bool(await self._change(_LIFT))
