"""SQLite on a thread of its own, with one trip to that thread for each statement.

By itself aiosqlite goes there four times when SQLAlchemy has a statement: to make a cursor, to
execute, to fetch, and to close it. Each trip wakes a thread and then the event loop again, and for
the short statements of this bot the trips cost more than the statements. For the same reason a
transaction begins in the trip of its first statement, and nothing goes there to end one that did
not begin or has ended.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, cast

import aiosqlite

Rows = list[Any]


class OneTripCursor:
    """A cursor that lives within one trip: it is executed, emptied and closed there.

    What SQLAlchemy asks of it afterwards is still known then.
    """

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: Rows = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Execute a statement and fetch what it gives."""
        return await self._do(lambda cursor: cursor.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Execute a statement with each of these parameters."""
        return await self._do(lambda cursor: cursor.executemany(sql, parameters))

    async def _do(self, work: Callable[[sqlite3.Cursor], sqlite3.Cursor]) -> Self:
        self._cursor, self._rows = await self._connection.in_one_trip(work)
        return self

    async def fetchall(self) -> Rows:
        """All rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget the rows; there is nothing open."""
        self._rows = []

    @property
    def description(self) -> Any:  # noqa: ANN401 - as the DB-API has it
        """The columns; None before a statement, and after one that gives no rows."""
        return None if self._cursor is None else self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed, or -1."""
        return -1 if self._cursor is None else self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The id of the row that was inserted last."""
        return None if self._cursor is None else self._cursor.lastrowid


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors make one trip; await it to open it."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, iter_chunk_size=64)
        # It must not keep a process alive that ends in a hurry; SQLAlchemy sees to that elsewhere.
        self._thread.daemon = True
        self._begins = False

    def begin_with_the_next(self) -> None:
        """Have a transaction begin, as the only writer, right before the next statement."""
        self._begins = True

    async def commit(self) -> None:
        """Commit what was begun."""
        self._begins = False
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Roll back what was begun."""
        self._begins = False
        if self.in_transaction:
            await super().rollback()

    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        """A cursor; that takes no trip."""
        return OneTripCursor(self)

    async def in_one_trip(
        self, work: Callable[[sqlite3.Cursor], sqlite3.Cursor]
    ) -> tuple[sqlite3.Cursor, Rows]:
        """Do this with a new cursor; the cursor, closed, and the rows it gave.

        Raises:
            sqlite3.Error: the statement failed.
        """
        trip = self._execute(self._whole_life, work)  # type: ignore[no-untyped-call]
        return cast("tuple[sqlite3.Cursor, Rows]", await trip)

    def _whole_life(
        self, work: Callable[[sqlite3.Cursor], sqlite3.Cursor]
    ) -> tuple[sqlite3.Cursor, Rows]:
        cursor = self._conn.cursor()
        try:
            if self._begins:
                cursor.execute("BEGIN IMMEDIATE")
                # Only now: where the file was locked, nothing may ever run outside a transaction.
                self._begins = False
            return work(cursor), cursor.fetchall()
        finally:
            cursor.close()
