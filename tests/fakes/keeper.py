"""A TokenKeeper in memory that counts what was asked of it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.domain.customer import Connection, Purpose, Tokens
from bot.domain.model import System

Key = tuple[int, System, Purpose]


def key_of(connection: Connection) -> Key:
    """What identifies a connection."""
    return (connection.customer_id, connection.system, connection.purpose)


class MemoryKeeper:
    """Keeps connections in a dictionary; one renewer at a time per connection."""

    def __init__(self, *connections: Connection) -> None:
        self.connections = {key_of(one): one for one in connections}
        self.stored: list[Tokens] = []
        self.was_stored = asyncio.Event()
        self.broken: list[str] = []
        self.loads = 0
        self._locks: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(
        self, customer_id: int, system: System, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection | None:
        self.loads += 1
        return self.connections.get((customer_id, system, purpose))

    async def store(self, connection: Connection, tokens: Tokens) -> None:
        self.stored.append(tokens)
        self.was_stored.set()
        self.connections[key_of(connection)] = replace(connection, tokens=tokens, broken="")

    async def mark_broken(self, connection: Connection, reason: str) -> None:
        self.broken.append(reason)
        self.connections[key_of(connection)] = replace(connection, broken=reason)

    @asynccontextmanager
    async def renewing(self, connection: Connection) -> AsyncIterator[None]:
        async with self._locks[key_of(connection)]:
            yield
