"""Sign-ins under way; what is secret in them passes through the vault."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, delete, update

from bot.domain.customer import Purpose
from bot.domain.model import System
from bot.domain.signin import SignIn, Step
from bot.storage.repositories.base import col, columns_of, table_of
from bot.storage.repositories.secret import SecretRepository, Secrets
from bot.storage.tables import SignInRow

_BY_KEY = columns_of(SignInRow).where(col(SignInRow.key) == bindparam("key"))
_USE = update(table_of(SignInRow)).where(
    col(SignInRow.key) == bindparam("this"), col(SignInRow.used_at).is_(None)
)


class SignInRepository(SecretRepository):
    """``ports.SignIns``."""

    secrets: ClassVar[Secrets] = {SignInRow: ("secret",)}

    async def add(self, signin: SignIn) -> None:
        row = {
            "key": signin.key,
            "customer_id": signin.customer_id,
            "system": signin.system.value,
            "purpose": signin.purpose.value,
            "made_by": signin.by,
            "step": signin.step.value,
            "made_at": signin.made_at,
            "expires_at": signin.expires_at,
            "secret": self._vault.encrypt(signin.secret),
        }
        await self._insert(SignInRow, row)

    async def get(self, key: str) -> SignIn | None:
        row = await self._first(_BY_KEY, key=key)
        if row is None:
            return None
        return SignIn(
            row.key,
            row.customer_id,
            System(row.system),
            Purpose(row.purpose),
            row.made_by,
            Step(row.step),
            row.made_at,
            row.expires_at,
            self._vault.decrypt(row.secret),
            row.used_at,
        )

    async def use(self, key: str, at: datetime) -> bool:
        return await self._change(_USE, this=key, used_at=at, secret="") == 1

    async def forget_before(self, at: datetime) -> int:
        return await self._change(delete(table_of(SignInRow)).where(col(SignInRow.expires_at) < at))
