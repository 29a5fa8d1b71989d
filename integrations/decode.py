"""JSON that does not hold up the event loop, and careful access to what it held.

``json.loads`` keeps Python's interpreter lock for the whole of a page, in a thread as much as on
the loop. Two megabytes, two thousand vendors, take about ten milliseconds; larger bodies are walked
here one row at a time, which takes twice as long, and other tasks run in between.
"""

import codecs
import json
import math
import re
from collections.abc import Callable, Sequence
from sys import intern
from typing import TypeVar

from bot.services.way import give_way
from integrations.errors import BadAnswerError

S = TypeVar("S")
T = TypeVar("T")
Row = dict[str, object]

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_SMALL = 2_000_000
_STRETCH = 200_000
_STRETCH_ROWS = 100
_WALKED_DEPTH = 2


async def loads(body: bytes) -> object:
    """The value of a JSON text.

    Raises:
        ValueError: the body is not one complete JSON text.
    """
    text = body.removeprefix(codecs.BOM_UTF8).decode()
    try:
        return json.loads(text) if len(text) < _SMALL else await _Walker(text).whole()
    except RecursionError:
        raise ValueError("nested too deeply") from None


class _Walker:
    """Decodes containers near the top piece by piece and everything below them at once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._rested_at = 0

    async def whole(self) -> object:
        found = await self._value(0)
        self._skip_space()
        if self._at != len(self._text):
            raise ValueError("text after the JSON value")
        return found

    async def _value(self, depth: int) -> object:
        self._skip_space()
        first = self._text[self._at : self._at + 1]
        if depth <= _WALKED_DEPTH and first == "[":
            return await self._array()
        if depth <= _WALKED_DEPTH and first == "{":
            return await self._object(depth)
        return await self._leaf()

    async def _leaf(self) -> object:
        found, self._at = _DECODER.raw_decode(self._text, self._at)
        if self._at - self._rested_at > _STRETCH:
            self._rested_at = self._at
            await give_way()
        return found

    async def _array(self) -> list[object]:
        found: list[object] = []
        self._at += 1
        if self._take("]"):
            return found
        while True:
            # Rows of a list are decoded whole: walking each one would only cost time.
            self._skip_space()
            found.append(await self._leaf())
            if self._take("]"):
                return found
            self._expect(",")

    async def _object(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        self._at += 1
        if self._take("}"):
            return found
        while True:
            self._skip_space()
            if not self._text.startswith('"', self._at):
                raise ValueError(f"a key expected at character {self._at}")
            key = str(await self._leaf())
            self._expect(":")
            found[key] = await self._value(depth + 1)
            if self._take("}"):
                return found
            self._expect(",")

    def _skip_space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        if match:
            self._at = match.end()

    def _take(self, mark: str) -> bool:
        self._skip_space()
        if self._text.startswith(mark, self._at):
            self._at += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise ValueError(f"{mark} expected at character {self._at}")


async def mapped(rows: Sequence[S], make: Callable[[S], T]) -> list[T]:
    """``make`` of every row, letting other tasks run between every 100 rows."""
    found: list[T] = []
    for start in range(0, len(rows), _STRETCH_ROWS):
        if start:
            await give_way()
        found.extend([make(row) for row in rows[start : start + _STRETCH_ROWS]])
    return found


def as_row(value: object) -> Row:
    """``value`` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_rows(value: object, whose: str) -> list[Row]:
    """``value`` as a list of objects.

    Raises:
        BadAnswerError: it is something else.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadAnswerError(f"{whose} sent something other than a list.", again=True)
    return value


def text(row: Row, key: str, *deeper: str) -> str:
    """The text at ``key`` (and ``deeper`` below it), stripped; "" where there is none.

    Numbers become text, because ids are text everywhere in the product.
    """
    value = row.get(key)
    for below in deeper:
        value = value.get(below) if isinstance(value, dict) else None
    # Nearly every text is ASCII, and a large company has a million of them.
    if value.__class__ is str and value.isascii():
        return value.strip()
    return "" if value is None else _as_text(value)


def shared(row: Row, key: str) -> str:
    """The text at ``key``, as one string for all rows that say the same, such as a town's name."""
    return intern(text(row, key))


def _as_text(value: object) -> str:
    if isinstance(value, str):
        # Half of a surrogate pair is valid in JSON, and nothing that can be stored or sent on.
        return value.encode("utf-8", "replace").decode().strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def flag(row: Row, key: str) -> bool | None:
    """A boolean; None where it is missing or something else."""
    value = row.get(key)
    return value if isinstance(value, bool) else None


def number(row: Row, key: str) -> float:
    """A finite number, 0 where there is none; numbers sent as text count."""
    try:
        found = float(text(row, key) or 0)
    except (ValueError, OverflowError):
        return 0.0
    return found if math.isfinite(found) else 0.0


def ident(row: Row, key: str, whose: str) -> str:
    """The id of a row.

    Raises:
        BadAnswerError: the row has none, so that it cannot be told from others.
    """
    found = text(row, key)
    if not found:
        raise BadAnswerError(f"{whose} sent a row without {key}.", again=True)
    return found
