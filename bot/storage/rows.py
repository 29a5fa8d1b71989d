"""What every table is made of: one metadata of our own, texts, moments in UTC."""

from typing import Any

from sqlalchemy import Index, MetaData, text
from sqlmodel import Field, SQLModel

from bot.storage.types import PlainText, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


WHERE = "where"


def text_of(default: str | None = "", **options: Any) -> Any:  # noqa: ANN401 - as SQLModel's Field.
    """A text, the same on both databases."""
    return Field(default=default, sa_type=PlainText, **options)


def moment(**options: Any) -> Any:  # noqa: ANN401 - as SQLModel's Field.
    """A moment in UTC."""
    return Field(sa_type=UtcDateTime, **options)


def of_customer(**options: Any) -> Any:  # noqa: ANN401 - as SQLModel's Field.
    """The customer that a row is about; it goes when the customer goes."""
    return Field(foreign_key="customer.id", ondelete="CASCADE", **options)


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows of which something is true, on both databases.

    PostgreSQL's part of it waits for ``tell_postgresql``: to name it loads that whole dialect, for
    which a start on SQLite has no use.
    """
    info = {WHERE: where}
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info=info)


def tell_postgresql(metadata: MetaData) -> None:
    """Say to PostgreSQL's dialect, too, which rows are in each index of some rows only."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if WHERE in index.info:
                index.dialect_kwargs["postgresql_where"] = text(index.info[WHERE])


class Row(SQLModel):
    """What all tables share: one metadata of our own, with named constraints."""

    # A table's row is never validated, so that pydantic need not make validators at start.
    model_config = {"defer_build": True}
    metadata = MetaData(naming_convention=NAMING)
