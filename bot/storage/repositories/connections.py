"""Connections; what is secret in them passes through the vault on its way in and out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import bindparam, delete, func, select

from bot.domain.customer import Connection, Grant, Purpose, Tokens
from bot.domain.model import System
from bot.storage.repositories.base import col, columns_of, of_customer, of_customers, table_of
from bot.storage.repositories.secret import SecretRepository, Secrets
from bot.storage.tables import ConnectionRow, KeptListRow

_ORDER = (col(ConnectionRow.customer_id), col(ConnectionRow.system), col(ConnectionRow.purpose))
_IS = (
    col(ConnectionRow.customer_id) == bindparam("customer_id"),
    col(ConnectionRow.system) == bindparam("system"),
    col(ConnectionRow.purpose) == bindparam("purpose"),
)
_ONE = columns_of(ConnectionRow).where(*_IS)
_LOCKED = _ONE.with_for_update()
_DELETE = delete(table_of(ConnectionRow)).where(*_IS)
_OF = of_customer(ConnectionRow).order_by(*_ORDER)
_ALL = columns_of(ConnectionRow).order_by(*_ORDER)
_OF_SYSTEM = select(col(ConnectionRow.customer_id), col(ConnectionRow.external_id)).where(*_IS[1:])
_BROKEN = (
    select(col(ConnectionRow.system), func.count())
    .where(col(ConnectionRow.broken) != "")
    .group_by(col(ConnectionRow.system))
)
_FORGET_LISTS = delete(table_of(KeptListRow)).where(
    col(KeptListRow.customer_id) == bindparam("customer_id"),
    col(KeptListRow.system) == bindparam("system"),
    col(KeptListRow.purpose) == bindparam("purpose"),
    col(KeptListRow.connected_at).is_distinct_from(bindparam("connected_at")),
)


class ConnectionRepository(SecretRepository):
    """``ports.Connections``."""

    secrets: ClassVar[Secrets] = {ConnectionRow: ("external_id", "access_token", "refresh_token")}

    async def get(
        self, customer_id: int, system: System, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection | None:
        row = await self._first(_ONE, **_is(customer_id, system, purpose))
        return None if row is None else self._connection(row)

    async def lock(self, customer_id: int, system: System, purpose: Purpose) -> Connection | None:
        """The connection, held against other writers until the transaction ends."""
        row = await self._first(_LOCKED, **_is(customer_id, system, purpose))
        return None if row is None else self._connection(row)

    async def of(self, customer_id: int) -> Sequence[Connection]:
        rows = await self._all(_OF, customer_id=customer_id)
        return [self._connection(row) for row in rows]

    async def shown(self, ids: Collection[int]) -> Mapping[int, Sequence[Connection]]:
        found: defaultdict[int, list[Connection]] = defaultdict(list)
        rows = await self._all(of_customers(ConnectionRow), ids=list(ids))
        for row in sorted(rows, key=lambda row: (row.system, row.purpose)):
            found[row.customer_id].append(self._connection(row, Tokens()))
        return found

    async def all(self) -> Sequence[Connection]:
        return [self._connection(row) for row in await self._all(_ALL)]

    async def whose(self, system: System) -> Mapping[str, Collection[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        of_system = {"system": system.value, "purpose": Purpose.CUSTOMER.value}
        rows: Sequence[Any] = (await self._run(_OF_SYSTEM, of_system)).all()
        for row in rows:
            found[self._vault.decrypt(row.external_id)].add(row.customer_id)
        return found

    async def broken(self) -> Mapping[str, int]:
        rows: Sequence[Any] = (await self._run(_BROKEN)).all()
        return {row[0]: row[1] for row in rows}

    async def put(self, connection: Connection) -> None:
        """Store it; lists that were read through another sign-in are forgotten."""
        await self._upsert(ConnectionRow, [self._values(connection)])
        which = _is(connection.customer_id, connection.system, connection.purpose)
        await self._change(_FORGET_LISTS, **which, connected_at=connection.connected_at)

    async def delete(self, customer_id: int, system: System, purpose: Purpose) -> None:
        await self._change(_DELETE, **_is(customer_id, system, purpose))

    def _tokens(self, row: ConnectionRow) -> Tokens:
        return Tokens(
            access_token=self._vault.decrypt(row.access_token),
            refresh_token=self._vault.decrypt(row.refresh_token),
            expires_at=row.expires_at,
            refresh_expires_at=row.refresh_expires_at,
            hard_expires_at=row.hard_expires_at,
        )

    def _connection(self, row: ConnectionRow, tokens: Tokens | None = None) -> Connection:
        """The connection that a row holds; its secrets are opened unless ``tokens`` are given."""
        return Connection(
            customer_id=row.customer_id,
            system=System(row.system),
            external_id=self._vault.decrypt(row.external_id),
            grant=Grant(row.grant_type),
            tokens=tokens or self._tokens(row),
            purpose=Purpose(row.purpose),
            account_name=row.account_name,
            connected_by=row.connected_by,
            connected_at=row.connected_at,
            broken=row.broken,
        )

    def _values(self, connection: Connection) -> dict[str, Any]:
        tokens = connection.tokens
        return {
            "customer_id": connection.customer_id,
            "system": connection.system.value,
            "purpose": connection.purpose.value,
            "grant_type": connection.grant.value,
            "external_id": self._vault.encrypt(connection.external_id),
            "access_token": self._vault.encrypt(tokens.access_token),
            "refresh_token": self._vault.encrypt(tokens.refresh_token),
            "expires_at": tokens.expires_at,
            "refresh_expires_at": tokens.refresh_expires_at,
            "hard_expires_at": tokens.hard_expires_at,
            "account_name": connection.account_name,
            "connected_by": connection.connected_by,
            "connected_at": connection.connected_at,
            "broken": connection.broken,
        }


def _is(customer_id: int, system: System, purpose: Purpose) -> dict[str, Any]:
    return {"customer_id": customer_id, "system": system.value, "purpose": purpose.value}
