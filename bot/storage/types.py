"""Column types that mean the same on SQLite and PostgreSQL."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

# PostgreSQL refuses NUL in text, and no UTF-8 database can hold half of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC and read back aware in UTC.

    SQLite keeps ISO text with six digits of microseconds, whose order is the order of time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The moment in UTC.

        Raises:
            ValueError: the moment is naive, so nobody can say when it is.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A stored moment must be aware, and {value!r} is not.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The moment, aware in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """SQLite's text is read in one step instead of three: there are thousands in a list."""
        if dialect.name == "sqlite":
            return _moment
        return super().result_processor(dialect, coltype)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class PlainText(TypeDecorator[str]):
    """Text from people and from other systems; what no database can hold becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """The text without NUL and without lone surrogates."""
        return None if value is None else UNSTORABLE.sub(REPLACEMENT, value)
