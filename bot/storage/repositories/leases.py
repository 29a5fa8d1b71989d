"""Named rights that one holder has for a while, for all processes on the database."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col

from bot.storage.repositories.base import Repository, insert_into
from bot.storage.tables import LeaseRow


class LeaseRepository(Repository):
    """Leases; a holder's name is used for one lease only, so that nobody ends another's."""

    async def acquire(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take the lease if nobody has it or it ran out; False otherwise."""
        statement = insert_into(self._session, LeaseRow).values(
            name=name, owner=holder, until=until
        )
        taken = await self._run(
            statement.on_conflict_do_update(
                index_elements=["name"],
                set_={"owner": holder, "until": until},
                where=col(LeaseRow.until) <= now,
            ).returning(col(LeaseRow.owner))
        )
        return taken.first() is not None

    async def prolong(self, name: str, holder: str, until: datetime) -> None:
        """Hold it until later; does nothing when somebody else has it by now."""
        await self._change(
            update(LeaseRow)
            .where(col(LeaseRow.name) == name, col(LeaseRow.owner) == holder)
            .values(until=until)
        )

    async def release(self, name: str, holder: str) -> None:
        """Give it up; does nothing when somebody else has it by now."""
        await self._change(
            delete(LeaseRow).where(col(LeaseRow.name) == name, col(LeaseRow.owner) == holder)
        )
