"""What the repositories share whose rows hold secrets: the vault, and a change of its key."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sqlalchemy import inspect, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.repositories.base import Repository, columns_of, table_of
from bot.storage.tables import Row
from bot.storage.vault import Vault

Secrets = Mapping[type[Row], Sequence[str]]
"""Columns of ciphertext by table."""


class SecretRepository(Repository):
    """A repository with a vault."""

    secrets: ClassVar[Secrets] = {}

    def __init__(self, database: AsyncConnection, vault: Vault) -> None:
        super().__init__(database)
        self._vault = vault

    async def rotate(self) -> int:
        """Encrypt every secret again with the vault's first key; how many rows there are.

        Raises:
            SecretKeyError: one of them cannot be read; the transaction must not be committed.
        """
        count = 0
        for table, names in self.secrets.items():
            keys = inspect(table).primary_key
            for row in await self._all(columns_of(table).with_for_update()):
                same = [key == getattr(row, key.name) for key in keys]
                fresh = {name: self._vault.rotate(getattr(row, name)) for name in names}
                await self._change(update(table_of(table)).where(*same).values(fresh))
                count += 1
        return count
