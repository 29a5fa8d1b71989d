"""Named rights that one holder has for a while, for all processes on the database."""

from datetime import datetime
from functools import cache

from sqlalchemy import Insert, bindparam, delete, update

from bot.storage.repositories.base import Repository, col, insert_into, table_of
from bot.storage.tables import LeaseRow

_HELD = (col(LeaseRow.name) == bindparam("held"), col(LeaseRow.owner) == bindparam("holder"))
_PROLONG = update(table_of(LeaseRow)).where(*_HELD)
_RELEASE = delete(table_of(LeaseRow)).where(*_HELD)


@cache
def _acquire(dialect: str) -> Insert:
    statement = insert_into(dialect, LeaseRow)
    return statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"owner": statement.excluded.owner, "until": statement.excluded.until},
        where=col(LeaseRow.until) <= bindparam("now"),
    ).returning(col(LeaseRow.owner))


class LeaseRepository(Repository):
    """Leases; a holder's name is used for one lease only, so that nobody ends another's."""

    async def acquire(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take the lease if nobody has it or it ran out; False otherwise."""
        values = {"name": name, "owner": holder, "until": until, "now": now}
        return (await self._run(_acquire(self._dialect), values)).first() is not None

    async def prolong(self, name: str, holder: str, until: datetime) -> None:
        """Hold it until later; does nothing when somebody else has it by now."""
        await self._change(_PROLONG, held=name, holder=holder, until=until)

    async def release(self, name: str, holder: str) -> None:
        """Give it up; does nothing when somebody else has it by now."""
        await self._change(_RELEASE, held=name, holder=holder)
