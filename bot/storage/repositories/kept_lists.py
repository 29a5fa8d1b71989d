"""Lists that were read before, as the vault's ciphertext; see ``bot.storage.kept_lists``."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import col

from bot.domain.customer import Connection
from bot.storage.repositories.base import Repository, Values
from bot.storage.tables import KeptListRow


class KeptListRepository(Repository):
    """``ports.KeptLists``, and the rows themselves for their keeper."""

    async def of(self, connection: Connection, names: Collection[str]) -> Sequence[KeptListRow]:
        """The rows of these lists that were read through this very sign-in."""
        return await self._all(select(KeptListRow).where(*_these(connection, names)))

    async def newest(self, connection: Connection, name: str) -> datetime | None:
        """When the list that is kept was confirmed; its megabytes stay where they are."""
        return await self._first(select(col(KeptListRow.as_of)).where(*_these(connection, [name])))

    async def put(self, row: Values) -> None:
        await self._upsert(KeptListRow, [row])

    async def forget(self, customer_id: int) -> None:
        await self._change(delete(KeptListRow).where(col(KeptListRow.customer_id) == customer_id))

    async def forget_before(self, at: datetime) -> int:
        return await self._change(delete(KeptListRow).where(col(KeptListRow.as_of) < at))

    async def forget_all(self) -> None:
        """Forget every customer's, as when the key that they are encrypted with is replaced."""
        await self._change(delete(KeptListRow))


def _these(connection: Connection, names: Collection[str]) -> Sequence[ColumnElement[bool]]:
    """Lists of these names that were read through this very sign-in."""
    return (
        col(KeptListRow.customer_id) == connection.customer_id,
        col(KeptListRow.system) == connection.system.value,
        col(KeptListRow.purpose) == connection.purpose.value,
        col(KeptListRow.name).in_(names),
        col(KeptListRow.connected_at).is_not_distinct_from(connection.connected_at),
    )
