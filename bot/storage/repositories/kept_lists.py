"""Lists that were read before, as the vault's ciphertext; see ``bot.storage.kept_lists``."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from bot.domain.customer import Connection
from bot.storage.repositories.base import Repository, Values, col, columns_of, one_of, table_of
from bot.storage.tables import KeptListRow

_THESE = (
    col(KeptListRow.customer_id) == bindparam("customer_id"),
    col(KeptListRow.system) == bindparam("system"),
    col(KeptListRow.purpose) == bindparam("purpose"),
    col(KeptListRow.name).in_(one_of("names")),
    col(KeptListRow.connected_at).is_not_distinct_from(bindparam("connected_at")),
)
_ROWS = columns_of(KeptListRow).where(*_THESE)
_NEWEST = select(col(KeptListRow.as_of)).where(*_THESE)
_FORGET = delete(table_of(KeptListRow)).where(
    col(KeptListRow.customer_id) == bindparam("customer_id")
)


class KeptListRepository(Repository):
    """``ports.KeptLists``, and the rows themselves for their keeper."""

    async def of(self, connection: Connection, names: Collection[str]) -> Sequence[KeptListRow]:
        """The rows of these lists that were read through this very sign-in."""
        return await self._all(_ROWS, **_these(connection, names))

    async def newest(self, connection: Connection, name: str) -> datetime | None:
        """When the list that is kept was confirmed; its megabytes stay where they are."""
        return await self._value(_NEWEST, **_these(connection, [name]))

    async def put(self, row: Values) -> None:
        await self._upsert(KeptListRow, [row])

    async def forget(self, customer_id: int) -> None:
        await self._change(_FORGET, customer_id=customer_id)

    async def forget_before(self, at: datetime) -> int:
        return await self._change(delete(table_of(KeptListRow)).where(col(KeptListRow.as_of) < at))

    async def forget_all(self) -> None:
        """Forget every customer's, as when the key that they are encrypted with is replaced."""
        await self._change(delete(table_of(KeptListRow)))


def _these(connection: Connection, names: Collection[str]) -> Mapping[str, Any]:
    """The values for lists of these names that were read through this very sign-in."""
    return {
        "customer_id": connection.customer_id,
        "system": connection.system.value,
        "purpose": connection.purpose.value,
        "names": list(names),
        "connected_at": connection.connected_at,
    }
