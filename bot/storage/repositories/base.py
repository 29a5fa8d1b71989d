"""What the repositories share: reads, upserts, inserts that happen once.

To put a statement together costs several times what the database needs for it, and so does the key
by which SQLAlchemy finds what it was compiled to. So what is asked often is put together once, with
names where the values go, and is told the values each time. There must be few such statements, for
each is kept: a list of any length is one value (``expanding``).

They go over a plain connection, and are made of plain tables and columns. A session would make an
object of every row and remember it, which takes longer than the rest, and nothing here changes an
object to have it saved.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Delete,
    Executable,
    Insert,
    Integer,
    Select,
    Table,
    Update,
    bindparam,
    inspect,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.steady import to_the_end
from bot.storage.tables import Row

R = TypeVar("R", bound=Row)
V = TypeVar("V")
Values = Mapping[str, Any]

LIMIT = bindparam("limit", type_=Integer)
"""Stands for the most rows that are wanted."""


def one_of(name: str) -> BindParameter[Any]:
    """Stands for a list of values, however many, in ``column.in_(…)``."""
    return bindparam(name, expanding=True)


def table_of(rows: type[Row]) -> Table:
    """The table alone, of which a session would know nothing."""
    return cast("Table", inspect(rows).local_table)


def col(attribute: V) -> ColumnElement[V]:
    """The column alone, for ``SomeRow.attribute``; it knows the type of its values."""
    return cast("ColumnElement[V]", cast("Any", attribute).property.columns[0])


@cache
def columns_of(table: type[R]) -> Select[R]:
    """A SELECT of a table's columns; a row has an attribute for each."""
    return cast("Select[R]", select(*inspect(table).columns))


@cache
def of_customer(table: type[R]) -> Select[R]:
    """A SELECT of every row of ``customer_id``."""
    return columns_of(table).where(_whose(table) == bindparam("customer_id"))


@cache
def of_customers(table: type[R]) -> Select[R]:
    """A SELECT of every row of the customers ``ids``."""
    return columns_of(table).where(_whose(table).in_(one_of("ids")))


def _whose(table: type[Row]) -> ColumnElement[int]:
    return cast("ColumnElement[int]", inspect(table).columns["customer_id"])


def in_order_of_keys(query: Select[R], table: type[R]) -> Select[R]:
    """The same, holding the rows until the transaction ends.

    In the order of their keys, so that two such reads never wait for each other. FOR NO KEY
    UPDATE: see ``CustomerRepository.lock``.
    """
    return query.order_by(*inspect(table).primary_key).with_for_update(key_share=True)


@cache
def insert_into(dialect: str, table: type[Row]) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in that dialect."""
    if dialect == "postgresql":
        # Where the database is SQLite nothing of PostgreSQL's dialect is loaded.
        from sqlalchemy.dialects import postgresql

        # The two dialects' Inserts have the same methods, and no common type that says so.
        return cast("sqlite.Insert", postgresql.insert(table_of(table)))
    return sqlite.insert(table_of(table))


@cache
def _insert_if_new(dialect: str, table: type[Row]) -> Insert:
    key = inspect(table).primary_key[0]
    return insert_into(dialect, table).on_conflict_do_nothing().returning(key)


@cache
def _insert_or_overwrite(dialect: str, table: type[Row], names: tuple[str, ...]) -> Insert:
    keys = [column.name for column in inspect(table).primary_key]
    statement = insert_into(dialect, table)
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


class Repository:
    """A part of one open transaction."""

    def __init__(self, database: AsyncConnection) -> None:
        self._database = database

    @property
    def _dialect(self) -> str:
        return self._database.dialect.name

    async def _run(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        """Run a statement with these values, or for each of several rows of values."""
        return await to_the_end(self._database.execute(statement, values), self._dialect)

    async def _all(self, query: Select[V], **values: object) -> Sequence[V]:
        """Every row, with an attribute for each column."""
        return cast("Sequence[V]", (await self._run(query, values)).all())

    async def _first(self, query: Select[V], **values: object) -> V | None:
        """The first row, with an attribute for each column."""
        return cast("V | None", (await self._run(query, values)).first())

    async def _value(self, query: Select[V], **values: object) -> V | None:
        """The first column of the first row."""
        return cast("V | None", (await self._run(query, values)).scalar())

    async def _change(self, statement: Update | Delete, **values: object) -> int:
        """Run an UPDATE or DELETE; how many rows it met."""
        return (await self._run(statement, values)).rowcount

    async def _insert(self, table: type[Row], *rows: Values) -> None:
        """Insert rows (all with the same columns): compiled once, sent in one go."""
        await self._run(insert_into(self._dialect, table), list(rows))

    async def _insert_once(self, table: type[Row], values: Values) -> bool:
        """Insert a row; False when a unique constraint says that it exists already."""
        result = await self._run(_insert_if_new(self._dialect, table), values)
        return result.first() is not None

    async def _upsert(self, table: type[Row], rows: Sequence[Values]) -> None:
        """Insert rows (all with the same columns), or overwrite those with the same key."""
        if rows:
            await self._run(_insert_or_overwrite(self._dialect, table, tuple(rows[0])), list(rows))
