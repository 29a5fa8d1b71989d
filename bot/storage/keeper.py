"""The right to renew a connection's tokens, and where the new ones go."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from bot.domain.customer import Connection, Purpose, Tokens
from bot.domain.model import System
from bot.services.ports import Clock, Transaction
from bot.storage.only_one import OnlyOne
from bot.storage.store import SqlStore

log = logging.getLogger(__name__)

OnBreak = Callable[[Transaction, Connection, datetime], Awaitable[None]]
"""Told that a connection broke, within the transaction that says so."""


class StoreTokenKeeper:
    """``ports.TokenKeeper`` over the store.

    A renewer holds a lease, never a database transaction, while it talks to the other system.
    """

    def __init__(
        self, store: SqlStore, clock: Clock, only_one: OnlyOne, *, on_break: OnBreak | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._only_one = only_one
        self._on_break = on_break

    async def load(
        self, customer_id: int, system: System, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection | None:
        """The connection as it is stored now."""
        async with self._store.transaction() as tx:
            return await tx.connections.get(customer_id, system, purpose)

    async def store(self, connection: Connection, tokens: Tokens) -> None:
        """Write new tokens and clear ``broken``.

        When somebody connected anew or disconnected meanwhile, nothing is written: the tokens
        belong to a sign-in that is no longer the customer's.
        """
        async with self._store.transaction() as tx:
            stored = await tx.connections.lock(
                connection.customer_id, connection.system, connection.purpose
            )
            if stored is None or not same_sign_in(stored, connection):
                log.info("%s: replaced while it was renewed, new tokens dropped", _name(connection))
                return
            await tx.connections.put(replace(stored, tokens=tokens, broken=""))

    async def mark_broken(self, connection: Connection, reason: str) -> None:
        """Say that a person has to sign in again.

        When the stored refresh token is no longer the connection's, nothing is written: what
        failed is not what is stored. ``on_break`` runs once per break, in the same transaction.
        """
        async with self._store.transaction() as tx:
            stored = await tx.connections.lock(
                connection.customer_id, connection.system, connection.purpose
            )
            if (
                stored is None
                or not same_sign_in(stored, connection)
                or stored.tokens.refresh_token != connection.tokens.refresh_token
            ):
                log.info("%s: renewed by another, not marked as broken", _name(connection))
                return
            if stored.broken:
                return
            broken = replace(stored, broken=reason)
            await tx.connections.put(broken)
            if self._on_break is not None:
                await self._on_break(tx, broken, self._clock.now())

    @asynccontextmanager
    async def renewing(self, connection: Connection) -> AsyncIterator[None]:
        """Held by one renewer of this connection at a time, across processes."""
        async with self._only_one(_name(connection)):
            yield


def _name(connection: Connection) -> str:
    return f"renew {connection.customer_id} {connection.system} {connection.purpose}"


def same_sign_in(stored: Connection, connection: Connection) -> bool:
    """Whether a connection that was read earlier is still the one that is stored."""
    return (stored.external_id, stored.connected_at) == (
        connection.external_id,
        connection.connected_at,
    )
