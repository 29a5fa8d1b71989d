"""Keeping lists that were read: compressed, encrypted, and bound to the sign-in they came through.

A list is customer data, so its rows are never in the database as they are. It is stored in pieces
of a few hundred records, so that neither packing nor unpacking holds up the event loop. It goes
with its connection: a disconnect and a purge take it along (foreign keys), another sign-in too.
"""

import asyncio
import logging
import zlib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.customer import Connection
from bot.domain.kept import MOST_ROWS, KeptList
from bot.domain.lifecycle import Stage
from bot.domain.records import Party, Target
from bot.services.way import give_way
from bot.storage.keeper import same_sign_in
from bot.storage.store import SqlStore
from bot.storage.tables import KeptListRow
from bot.storage.vault import SecretKeyError, Vault

log = logging.getLogger(__name__)

PIECE = 400
"""Records to a piece: a few milliseconds to pack or unpack."""


class _Head(BaseModel):
    """What stands before the pieces: whose list it is, of what kind and form."""

    external_id: str
    form: str
    kind: str


class StoreListKeeper:
    """``ports.ListKeeper`` over the store.

    It never raises because of the database or the key: a list that cannot be had is read anew, and
    one that cannot be kept was read all the same.
    """

    def __init__(self, store: SqlStore, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def load(self, connection: Connection, names: Collection[str]) -> Mapping[str, KeptList]:
        """Those of the lists that are kept and readable, by name."""
        try:
            async with self._store.transaction() as tx:
                rows = await tx.kept_lists.of(connection, names)
        except SQLAlchemyError:
            log.warning("kept lists could not be loaded", exc_info=True)
            return {}
        found = {row.name: await self._unpacked(row, connection) for row in rows}
        return {name: kept for name, kept in found.items() if kept is not None}

    async def save(self, connection: Connection, name: str, kept: KeptList) -> None:
        """Keep a list in place of the older one of its name; all of it or nothing.

        Nothing is kept where the sign-in was replaced meanwhile, where a newer list is there
        already, where the list is too long, and for customers who were put away.
        """
        if len(kept.rows) > MOST_ROWS:
            return
        data = await self._packed(connection, kept)
        values = {
            "customer_id": connection.customer_id,
            "system": connection.system.value,
            "purpose": connection.purpose.value,
            "name": name,
            "connected_at": connection.connected_at,
            "as_of": kept.as_of,
            "whole_at": kept.whole_at,
            "data": data,
        }
        try:
            await self._put(connection, name, values)
        except SQLAlchemyError:
            log.warning("the list %s could not be kept", name, exc_info=True)

    async def _put(self, connection: Connection, name: str, values: Mapping[str, Any]) -> None:
        key = (connection.customer_id, connection.system, connection.purpose)
        async with self._store.transaction() as tx:
            stored = await tx.connections.lock(*key)
            if stored is None or not same_sign_in(stored, connection):
                return
            customer = await tx.customers.by_id(connection.customer_id)
            there = await tx.kept_lists.newest(connection, name)
            newer = there is not None and there > values["as_of"]
            if customer is None or customer.stage is Stage.ARCHIVED or newer:
                return
            await tx.kept_lists.put(values)

    async def _packed(self, connection: Connection, kept: KeptList) -> str:
        rows = iter(kept.rows.values())
        first = next(iter(kept.rows.values()), None)
        kind = type(first).__name__ if first is not None else Target.__name__
        head = _Head(external_id=connection.external_id, form=kept.form, kind=kind)
        pieces = [self._vault.encrypt(head.model_dump_json())]
        while piece := list(islice(rows, PIECE)):
            await give_way()
            pieces.append(await asyncio.to_thread(self._pack, kind, piece))
        return "\n".join(pieces)

    def _pack(self, kind: str, piece: Sequence[Target | Party]) -> str:
        return self._vault.encrypt_bytes(zlib.compress(_codec(kind).dump_json(piece), 1))

    async def _unpacked(self, row: KeptListRow, connection: Connection) -> KeptList | None:
        try:
            first, *pieces = row.data.split("\n")
            head = _Head.model_validate_json(self._vault.decrypt(first))
            if head.external_id != connection.external_id:
                return None
            rows: dict[str, Target | Party] = {}
            for piece in pieces:
                packed = self._vault.decrypt_bytes(piece)
                rows |= {
                    one.id: one for one in _codec(head.kind).validate_json(zlib.decompress(packed))
                }
                await give_way()
        except (SecretKeyError, ValidationError, KeyError, zlib.error):
            # Made by another version or under a lost key: it is only a copy.
            log.info("a kept list is not readable any more and will be read anew")
            return None
        return KeptList(rows, row.as_of, row.whole_at, head.form)


@cache
def _codec(kind: str) -> TypeAdapter[Sequence[Target | Party]]:
    """Between records of one kind and JSON.

    Raises:
        KeyError: there is no such kind.
    """
    record = {one.__name__: one for one in (Target, Party)}[kind]
    return TypeAdapter(list[record])  # type: ignore[valid-type]
