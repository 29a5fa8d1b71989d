"""What the repositories share: reads that are never stale, upserts, inserts that happen once."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Delete,
    Executable,
    Insert,
    Result,
    Select,
    Table,
    Update,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.steady import to_the_end
from bot.storage.tables import Row

R = TypeVar("R", bound=Row)
V = TypeVar("V")
Values = Mapping[str, Any]


def insert_into(session: AsyncSession, table: type[Row]) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the session's dialect.

    It is into the plain table: by the class, the session would look at every row one by one.
    """
    plain = cast("Table", inspect(table).local_table)
    if session.get_bind().dialect.name == "postgresql":
        # The two dialects' Inserts have the same methods, and no common type that says so.
        return cast("sqlite.Insert", postgresql.insert(plain))
    return sqlite.insert(plain)


@cache
def columns_of(table: type[Row]) -> Select[Any]:
    """A SELECT of a table's columns."""
    return select(*inspect(table).columns)


class Repository:
    """A part of one open transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def _run(self, statement: Executable) -> Result[Any]:
        options = {
            # A session would otherwise hand out the objects that it read before our UPDATEs.
            "populate_existing": True,
            "synchronize_session": False,
        }
        return await to_the_end(self._session.execute(statement, execution_options=options))

    async def _all(self, query: Select[V]) -> Sequence[V]:
        """The first column of every result, as the database has it now."""
        result = await self._run(query)
        return result.scalars().all()

    async def _plain(
        self, table: type[R], which: ColumnElement[bool], *, lock: bool = False
    ) -> Sequence[R]:
        """Rows as the database has them now, with a column for each field.

        They are no objects of the session, which cost many times as much. ``lock`` holds them
        until the transaction ends, in the order of their keys, so that two such reads never wait
        for each other.
        """
        query = columns_of(table).where(which)
        if lock:
            # FOR NO KEY UPDATE: see ``CustomerRepository.lock``.
            query = query.order_by(*inspect(table).primary_key).with_for_update(key_share=True)
        return cast("Sequence[R]", (await self._run(query)).all())

    async def _first(self, query: Select[V]) -> V | None:
        found = await self._all(query.limit(1))
        return found[0] if found else None

    async def _change(self, statement: Update | Delete) -> int:
        """Run an UPDATE or DELETE; how many rows it met."""
        return cast("CursorResult[Any]", await self._run(statement)).rowcount

    async def _insert_once(self, table: type[Row], values: Values) -> bool:
        """Insert a row; False when a unique constraint says that it exists already."""
        key = inspect(table).primary_key[0]
        statement = insert_into(self._session, table).values(**values)
        result = await self._run(statement.on_conflict_do_nothing().returning(key))
        return result.first() is not None

    async def _upsert(self, table: type[Row], rows: Sequence[Values]) -> None:
        """Insert rows (all with the same columns), or overwrite those with the same key."""
        if not rows:
            return
        keys = [column.name for column in inspect(table).primary_key]
        statement = insert_into(self._session, table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        await self._each(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)

    async def _each(self, statement: Insert, rows: Sequence[Values]) -> None:
        """Insert rows by one statement that is run for each: compiled once, sent in one go."""
        await to_the_end(self._session.execute(statement, rows))
