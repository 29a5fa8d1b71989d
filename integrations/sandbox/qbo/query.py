"""Intuit's query language: a parser for the documented grammar, and the search itself.

``SELECT *|COUNT(*) FROM Entity [WHERE property op value [AND …]] [ORDERBY property [ASC|DESC]
[, …]] [STARTPOSITION n] [MAXRESULTS n]``. Operators: ``= < > <= >= IN LIKE`` (``%`` only). There
is no OR, JOIN, GROUP BY or projection; ``*, Sku`` asks for a property beside all others
(python-quickbooks asks for items so). Names are understood in any case. Values stand in single
quotes, a quote in them behind a backslash; the start position counts from 1; at most 1,000 rows
come back, unasked 100.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

DEFAULT_ROWS = 100
MOST_ROWS = 1_000

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>'(?:\\.|[^'\\])*')
      | (?P<number>-?\d+(?:\.\d+)?(?![\w.-]))
      | (?P<word>[A-Za-z_][\w.]*)
      | (?P<mark><=|>=|!=|<>|[=<>(),*])
    )""",
    re.VERBOSE,
)
_OPERATORS = {"=", "<", ">", "<=", ">="}


class QueryError(Exception):
    """A query that Intuit refuses, with its code: 4000 cannot be read, 4001 makes no sense."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; ``values`` has several for IN and one otherwise."""

    name: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read."""

    entity: str
    count: bool = False
    where: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    start: int = 1
    most: int = DEFAULT_ROWS


@lru_cache(1_000)
def parse(text: str) -> Query:
    """Read a query; whoever reads a company asks for each page in the same words.

    Raises:
        QueryError: It does not follow the grammar, or asks for a page that cannot be.
    """
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place, text = 0, text.strip().rstrip(";")
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            column = place + 1
            msg = f"QueryParserError: Lexical error at line 1, column {column}"
            raise QueryError("4000", msg)
        found.append((match.lastgroup, match.group(match.lastgroup)))
        place = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> Query:
        self._expect("SELECT")
        count = self._what()
        self._expect("FROM")
        entity = self._take("word")
        where = self._where() if self._next_is("WHERE") else ()
        order = self._order()
        start = self._number("STARTPOSITION", 1)
        most = self._number("MAXRESULTS", DEFAULT_ROWS)
        if self._at < len(self._tokens):
            raise self._unexpected()
        if start < 1:
            raise QueryError("4001", "QueryValidationError: startposition must be 1 or more")
        if not 1 <= most <= MOST_ROWS:
            raise QueryError(
                "4001", f"QueryValidationError: maxresults must be between 1 and {MOST_ROWS}"
            )
        return Query(entity, count, where, order, start, most)

    def _what(self) -> bool:
        if self._next_is("*"):
            while self._next_is(","):
                self._take("word")
            return False
        if self._next_is("COUNT"):
            for mark in "(*)":
                self._expect(mark)
            return True
        raise self._unexpected()

    def _where(self) -> tuple[Condition, ...]:
        conditions = [self._condition()]
        while self._next_is("AND"):
            conditions.append(self._condition())
        return tuple(conditions)

    def _condition(self) -> Condition:
        name = self._take("word")
        if self._next_is("IN"):
            self._expect("(")
            values = [self._value()]
            while self._next_is(","):
                values.append(self._value())
            self._expect(")")
            return Condition(name, "IN", tuple(values))
        if self._next_is("LIKE"):
            return Condition(name, "LIKE", (self._value(),))
        kind, text = self._peek()
        if kind != "mark" or text not in _OPERATORS:
            raise self._unexpected()
        self._at += 1
        return Condition(name, text, (self._value(),))

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if self._next_is("ORDER"):
            self._expect("BY")
        elif not self._next_is("ORDERBY"):
            return ()
        keys = [self._order_key()]
        while self._next_is(","):
            keys.append(self._order_key())
        return tuple(keys)

    def _order_key(self) -> tuple[str, bool]:
        name = self._take("word")
        if self._next_is("DESC"):
            return name, True
        self._next_is("ASC")
        return name, False

    def _number(self, word: str, otherwise: int) -> int:
        if not self._next_is(word):
            return otherwise
        text = self._take("number")
        if "." in text:
            raise self._unexpected()
        return int(text)

    def _value(self) -> str:
        kind, text = self._peek()
        if kind == "string":
            self._at += 1
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number" or text.lower() in {"true", "false"}:
            self._at += 1
            return text
        raise self._unexpected()

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "<EOF>")

    def _next_is(self, word: str) -> bool:
        kind, text = self._peek()
        if kind in {"word", "mark"} and text.upper() == word:
            self._at += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._next_is(word):
            raise self._unexpected()

    def _take(self, kind: str) -> str:
        found, text = self._peek()
        if found != kind:
            raise self._unexpected()
        self._at += 1
        return text

    def _unexpected(self) -> QueryError:
        return QueryError("4000", f'QueryParserError: Encountered "{self._peek()[1]}"')


def select(query: Query, rows: Iterable[dict[str, Any]], known: frozenset[str]) -> list[Any]:
    """The rows that ``query`` wants, in its order, before paging.

    Inactive rows are left out unless the query speaks of ``Active``.

    Args:
        query: What was asked.
        rows: The entity's rows as JSON.
        known: The properties that can be asked for; dotted ones reach into objects.

    Raises:
        QueryError: 4001 for a property that cannot be asked for, or an operator it cannot take.
    """
    spelled = {name.lower(): name for name in known}

    def own(name: str) -> str:
        if name.lower() not in spelled:
            detail = f"QueryValidationError: Property {name} not found for Entity {query.entity}"
            raise QueryError("4001", detail)
        return spelled[name.lower()]

    conditions = tuple(replace(one, name=own(one.name)) for one in query.where)
    order = [(own(name), down) for name, down in query.order]
    for one in conditions:
        if one.name == "Id" and one.operator not in {"=", "IN"}:
            detail = f"QueryValidationError: operator {one.operator} is not allowed for Id"
            raise QueryError("4001", detail)
    if not any(one.name == "Active" for one in conditions):
        conditions = (*conditions, Condition("Active", "IN", ("true",)))
    found = [row for row in rows if all(_holds(one, row) for one in conditions)]
    for name, down in reversed(order):
        found.sort(key=lambda row: _order_value(_reach(row, name)), reverse=down)
    return found


def _reach(row: Any, name: str) -> Any:  # noqa: ANN401 - JSON of any shape.
    for step in name.split("."):
        row = row.get(step) if isinstance(row, dict) else None
    return row


def _order_value(value: Any) -> tuple[int, float, str]:  # noqa: ANN401 - JSON of any shape.
    if value is None:
        return 0, 0.0, ""
    text = str(value)
    number = float(text) if re.fullmatch(r"-?\d{1,15}(\.\d+)?", text) else 0.0
    return 1, number, text


def _holds(condition: Condition, row: dict[str, Any]) -> bool:
    value = _reach(row, condition.name)
    if condition.name == "Active" and value is None:
        value = True
    if condition.operator == "IN":
        return any(_compare(value, "=", wanted) for wanted in condition.values)
    if condition.operator == "LIKE":
        pattern = ".*".join(re.escape(part) for part in condition.values[0].split("%"))
        return value is not None and re.fullmatch(pattern, str(value), re.DOTALL) is not None
    return _compare(value, condition.operator, condition.values[0])


def _compare(value: Any, operator: str, wanted: str) -> bool:  # noqa: ANN401 - JSON.
    left: Any
    right: Any
    if value is None:
        return operator == "=" and wanted == ""
    if isinstance(value, bool):
        left, right = str(value).lower(), wanted.lower()
    elif isinstance(value, int | float):
        left, right = float(value), _number_or_nan(wanted)
    else:
        left, right = _comparable(str(value), wanted)
    return bool(
        {
            "=": left == right,
            "<": left < right,
            ">": left > right,
            "<=": left <= right,
            ">=": left >= right,
        }[operator],
    )


def _number_or_nan(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _comparable(value: str, wanted: str) -> tuple[Any, Any]:
    """Two moments where both texts are moments, else the texts."""
    if re.match(r"\d{4}-\d\d-\d\d", value) and re.match(r"\d{4}-\d\d-\d\d", wanted):
        try:
            return _moment(value), _moment(wanted)
        except ValueError:
            return value, wanted
    return value, wanted


def _moment(text: str) -> datetime:
    made = datetime.fromisoformat(text)
    return made if made.tzinfo else made.replace(tzinfo=UTC)
