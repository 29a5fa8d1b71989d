"""Installations in other workspaces; what is secret in them passes through the vault."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Select, bindparam, delete, select

from bot.domain.customer import Tokens
from bot.domain.installation import Installation
from bot.storage.repositories.base import Values, col, columns_of, table_of
from bot.storage.repositories.secret import SecretRepository, Secrets
from bot.storage.tables import ChannelRow, InstallationRow, InstallStateRow

_OF_TEAM = columns_of(InstallationRow).where(col(InstallationRow.team_id) == bindparam("team_id"))
_LOCKED = _OF_TEAM.with_for_update()
_ALL = columns_of(InstallationRow).order_by(col(InstallationRow.team_id))
_USE_STATE = delete(table_of(InstallStateRow)).where(
    col(InstallStateRow.key) == bindparam("key"), col(InstallStateRow.expires_at) > bindparam("now")
)


class InstallationRepository(SecretRepository):
    """``ports.Installations``."""

    secrets: ClassVar[Secrets] = {InstallationRow: ("team_name", "access_token", "refresh_token")}

    async def get(self, team_id: str) -> Installation | None:
        return await self._one(_OF_TEAM, team_id)

    async def lock(self, team_id: str) -> Installation | None:
        return await self._one(_LOCKED, team_id)

    async def all(self) -> Sequence[Installation]:
        return [self._installation(row) for row in await self._all(_ALL)]

    async def put(self, installation: Installation) -> None:
        await self._upsert(InstallationRow, [self._values(installation)])

    async def delete(self, team_id: str, installed_at: datetime) -> bool:
        gone = delete(table_of(InstallationRow)).where(
            col(InstallationRow.team_id) == team_id,
            col(InstallationRow.installed_at) == installed_at,
        )
        return await self._change(gone) == 1

    async def begin(self, key: str, until: datetime) -> None:
        await self._insert(InstallStateRow, {"key": key, "expires_at": until})

    async def use(self, key: str, now: datetime) -> bool:
        return await self._change(_USE_STATE, key=key, now=now) == 1

    async def forget_before(self, at: datetime) -> int:
        return await self._change(
            delete(table_of(InstallStateRow)).where(col(InstallStateRow.expires_at) < at)
        )

    async def forget_strangers(self, teams: Collection[str]) -> None:
        """Delete those of these workspaces with which no channel is shared any more."""
        shared = select(col(ChannelRow.team_id))
        await self._change(
            delete(table_of(InstallationRow)).where(
                col(InstallationRow.team_id).in_(teams),
                col(InstallationRow.team_id).not_in(shared),
            )
        )

    async def _one(self, query: Select[InstallationRow], team_id: str) -> Installation | None:
        row = await self._first(query, team_id=team_id)
        return None if row is None else self._installation(row)

    def _installation(self, row: InstallationRow) -> Installation:
        return Installation(
            team_id=row.team_id,
            team_name=self._vault.decrypt(row.team_name),
            bot_user=row.bot_user,
            scopes=tuple(row.scopes.split()),
            tokens=Tokens(
                self._vault.decrypt(row.access_token),
                self._vault.decrypt(row.refresh_token),
                row.expires_at,
            ),
            installed_by=row.installed_by,
            installed_at=row.installed_at,
            broken=row.broken,
        )

    def _values(self, installation: Installation) -> Values:
        tokens = installation.tokens
        plain = {one.name: getattr(installation, one.name) for one in fields(installation)}
        del plain["tokens"]
        return plain | {
            "team_name": self._vault.encrypt(installation.team_name),
            "scopes": " ".join(installation.scopes),
            "access_token": self._vault.encrypt(tokens.access_token),
            "refresh_token": self._vault.encrypt(tokens.refresh_token),
            "expires_at": tokens.expires_at,
        }
