"""Connections; what is secret in them passes through the vault on its way in and out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import delete, func, select
from sqlmodel import col

from bot.domain.customer import Connection, Grant, Purpose, Tokens
from bot.domain.model import System
from bot.storage.repositories.secret import SecretRepository, Secrets
from bot.storage.tables import ConnectionRow, KeptListRow


class ConnectionRepository(SecretRepository):
    """``ports.Connections``."""

    secrets: ClassVar[Secrets] = {ConnectionRow: ("external_id", "access_token", "refresh_token")}

    async def get(
        self, customer_id: int, system: System, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection | None:
        row = await self._first(select(ConnectionRow).where(*_is(customer_id, system, purpose)))
        return None if row is None else self._connection(row)

    async def lock(self, customer_id: int, system: System, purpose: Purpose) -> Connection | None:
        """The connection, held against other writers until the transaction ends."""
        row = await self._first(
            select(ConnectionRow).where(*_is(customer_id, system, purpose)).with_for_update()
        )
        return None if row is None else self._connection(row)

    async def of(self, customer_id: int) -> Sequence[Connection]:
        rows = await self._all(
            select(ConnectionRow)
            .where(col(ConnectionRow.customer_id) == customer_id)
            .order_by(col(ConnectionRow.system), col(ConnectionRow.purpose))
        )
        return [self._connection(row) for row in rows]

    async def shown(self, ids: Collection[int]) -> Mapping[int, Sequence[Connection]]:
        found: defaultdict[int, list[Connection]] = defaultdict(list)
        rows = await self._plain(ConnectionRow, col(ConnectionRow.customer_id).in_(ids))
        for row in sorted(rows, key=lambda row: (row.system, row.purpose)):
            found[row.customer_id].append(self._connection(row, Tokens()))
        return found

    async def all(self) -> Sequence[Connection]:
        rows = await self._all(
            select(ConnectionRow).order_by(
                col(ConnectionRow.customer_id),
                col(ConnectionRow.system),
                col(ConnectionRow.purpose),
            )
        )
        return [self._connection(row) for row in rows]

    async def whose(self, system: System) -> Mapping[str, Collection[int]]:
        query = select(ConnectionRow).where(
            col(ConnectionRow.system) == system.value,
            col(ConnectionRow.purpose) == Purpose.CUSTOMER.value,
        )
        found: defaultdict[str, set[int]] = defaultdict(set)
        for row in await self._all(query):
            found[self._vault.decrypt(row.external_id)].add(row.customer_id)
        return found

    async def broken(self) -> Mapping[str, int]:
        counted = (
            select(col(ConnectionRow.system), func.count())
            .where(col(ConnectionRow.broken) != "")
            .group_by(col(ConnectionRow.system))
        )
        rows: Sequence[Any] = (await self._run(counted)).all()
        return {row[0]: row[1] for row in rows}

    async def put(self, connection: Connection) -> None:
        """Store it; lists that were read through another sign-in are forgotten."""
        await self._upsert(ConnectionRow, [self._values(connection)])
        await self._change(
            delete(KeptListRow).where(
                col(KeptListRow.customer_id) == connection.customer_id,
                col(KeptListRow.system) == connection.system.value,
                col(KeptListRow.purpose) == connection.purpose.value,
                col(KeptListRow.connected_at).is_distinct_from(connection.connected_at),
            )
        )

    async def delete(self, customer_id: int, system: System, purpose: Purpose) -> None:
        await self._change(delete(ConnectionRow).where(*_is(customer_id, system, purpose)))

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


def _is(customer_id: int, system: str, purpose: str) -> tuple[Any, ...]:
    return (
        col(ConnectionRow.customer_id) == customer_id,
        col(ConnectionRow.system) == str(system),
        col(ConnectionRow.purpose) == str(purpose),
    )
