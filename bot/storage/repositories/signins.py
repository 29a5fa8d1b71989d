"""Sign-ins under way; what is secret in them passes through the vault."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from bot.domain.customer import Purpose
from bot.domain.model import System
from bot.domain.signin import SignIn, Step
from bot.storage.repositories.secret import SecretRepository, Secrets
from bot.storage.tables import SignInRow


class SignInRepository(SecretRepository):
    """``ports.SignIns``."""

    secrets: ClassVar[Secrets] = {SignInRow: ("secret",)}

    async def add(self, signin: SignIn) -> None:
        await self._run(
            insert(SignInRow).values(
                key=signin.key,
                customer_id=signin.customer_id,
                system=signin.system.value,
                purpose=signin.purpose.value,
                made_by=signin.by,
                step=signin.step.value,
                made_at=signin.made_at,
                expires_at=signin.expires_at,
                secret=self._vault.encrypt(signin.secret),
            )
        )

    async def get(self, key: str) -> SignIn | None:
        row = await self._first(select(SignInRow).where(col(SignInRow.key) == key))
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
        changed = await self._change(
            update(SignInRow)
            .where(col(SignInRow.key) == key, col(SignInRow.used_at).is_(None))
            .values(used_at=at, secret="")
        )
        return changed == 1

    async def forget_before(self, at: datetime) -> int:
        return await self._change(delete(SignInRow).where(col(SignInRow.expires_at) < at))
