"""Read a world file and say every mistake in it as ``FILE:LINE: path.to.key: reason``."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from integrations.sandbox.world.model import World

DEMO_FILE = Path(__file__).with_name("demo.yaml")

Loc = tuple[str | int, ...]

# The C parser is some ten times faster and is not in every build of PyYAML.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
# JSON writes what lies beyond 16 bits as two escapes; YAML wants one.
_PAIR = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)
_MERGE = "tag:yaml.org,2002:merge"
_PLAIN = {"null": None, "~": None, "": None, "true": True, "false": False}
_MOST_SHOWN = 50


class WorldError(ValueError):
    """A world file cannot be used; the text has one line for each mistake."""

    for_people = True

    def __init__(self, problems: list[str]) -> None:
        shown = problems[:_MOST_SHOWN]
        if len(problems) > len(shown):
            shown.append(f"… and {len(problems) - len(shown)} more")
        super().__init__("\n".join(shown))
        self.problems = problems


@cache
def load_demo() -> World:
    """The demo world that comes with the sandbox, read once: whoever changes it takes a copy."""
    return load_world(DEMO_FILE)


def load_world(path: Path) -> World:
    """Read the world in ``path`` (YAML or JSON).

    Raises:
        WorldError: The file cannot be read, or something in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WorldError([f"{path}:1: the file is not UTF-8 text"]) from None
    except OSError as error:
        raise WorldError([f"{path}:1: {error.strerror or error}"]) from error
    return parse_world(text, name=str(path))


def parse_world(text: str, *, name: str = "world") -> World:
    """Make a world from ``text``; ``name`` stands for the file in messages.

    Raises:
        WorldError: Something in ``text`` is wrong.
    """
    reader = _Reader(name)
    data = reader.read(text)
    if reader.problems:
        raise WorldError(reader.problems)
    if not isinstance(data, Mapping):
        raise WorldError([f"{name}:1: a world file is a mapping of sections"])
    try:
        return World.model_validate(data)
    except ValidationError as error:
        raise WorldError(reader.explain(error)) from None


class _Reader:
    """Turns YAML into plain data and remembers the line of every key and list entry."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: dict[Loc, int] = {(): 1}
        self.problems: list[str] = []

    def read(self, text: str) -> Any:  # noqa: ANN401 - whatever the file holds.
        try:
            node = yaml.compose(_as_yaml(text), Loader=_LOADER)
            return self._value(node, ()) if node is not None else {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "this is not YAML"
            self._problem(mark.line + 1 if mark else 1, reason)
        except RecursionError:
            self._problem(1, "the file is nested too deeply, or a part of it holds itself")
        return None

    def _problem(self, line: int, reason: str) -> None:
        self.problems.append(f"{self._name}:{line}: {reason}")

    def explain(self, error: ValidationError) -> list[str]:
        """Each mistake with its line, in the order of the file."""
        found = [(self._line(one["loc"]), self._sentence(one)) for one in error.errors()]
        return [f"{self._name}:{line}: {text}" for line, text in sorted(found, key=lambda f: f[0])]

    def _sentence(self, error: Mapping[str, Any]) -> str:
        loc: Loc = error["loc"]
        first = error.get("ctx", {}).get("first")
        reason = _reason(error)
        if first is not None:
            reason += f" (first on line {self._line((*loc[:-1], first))})"
        return f"{_path(loc)}: {reason}" if loc else reason

    def _line(self, loc: Loc) -> int:
        while loc not in self._lines:
            loc = loc[:-1]
        return self._lines[loc]

    def _value(self, node: Any, loc: Loc) -> Any:  # noqa: ANN401 - whatever the file holds.
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            rows = []
            for position, child in enumerate(node.value):
                self._lines[(*loc, position)] = child.start_mark.line + 1
                rows.append(self._value(child, (*loc, position)))
            return rows
        return self._mapping(node, loc)

    def _mapping(self, node: Any, loc: Loc) -> dict[str, Any]:  # noqa: ANN401 - yaml is untyped.
        made: dict[str, Any] = {}
        for key_node, child in _pairs(node):
            line = key_node.start_mark.line + 1
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            path = _path((*loc, key))
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(line, f"{path or 'here'}: a key is a word, not a list or a mapping")
            elif key_node.tag == _MERGE:
                self._problem(line, f"{path}: only a mapping, or a list of them, can be merged")
            elif key in made:
                self._problem(line, f"{path}: this key is here twice")
            self._lines[(*loc, key)] = line
            made[key] = self._value(child, (*loc, key))
        return made


def _as_yaml(text: str) -> str:
    """JSON is YAML but for characters that it writes as two escapes, such as emoji."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return text
    return _PAIR.sub(_one_escape, text)


def _one_escape(pair: re.Match[str]) -> str:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return f"{pair[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _pairs(node: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - yaml is untyped.
    """A mapping's keys and values, with what ``<<`` merges in unless a key of its own is there."""
    merged: dict[str, tuple[Any, Any]] = {}
    own = []
    for key, child in node.value:
        parts = child.value if isinstance(child, yaml.SequenceNode) else [child]
        if key.tag != _MERGE or not all(isinstance(one, yaml.MappingNode) for one in parts):
            own.append((key, child))
            continue
        for part in parts:
            for pair in _pairs(part):
                merged.setdefault(str(pair[0].value), pair)
    named = {str(key.value) for key, _ in own}
    return [pair for name, pair in merged.items() if name not in named] + own


def _scalar(node: Any) -> Any:  # noqa: ANN401 - yaml is untyped.
    """A scalar's value. ``03300`` stays text: it is a cost code, and no octal number."""
    text: str = node.value
    if node.style in ("'", '"', "|", ">") or node.tag == "tag:yaml.org,2002:binary":
        return text
    if text.lower() in _PLAIN:
        return _PLAIN[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text


_REASONS = {
    "extra_forbidden": "there is no such key here",
    "missing": "this key is missing",
    "string_type": "this should be text",
    "list_type": "this should be a list",
    "dict_type": "this should be a mapping, keys with values",
    "model_type": "this should be a mapping, keys with values",
    "model_attributes_type": "this should be a mapping, keys with values",
    "int_type": "this should be a whole number",
    "int_parsing": "this should be a whole number",
    "float_parsing": "this should be a number",
    "bool_type": "this should be true or false",
    "bool_parsing": "this should be true or false",
}
"""By pydantic's type of error; the others have a text that says enough."""


def _reason(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    if kind.startswith(("datetime", "timezone")):
        return "this should be a time with its zone, such as 2026-11-23T09:00:00+11:00"
    said = str(error["msg"]).removeprefix("Value error, ")
    said = said.replace("Input should", "this should").replace("String should", "this should")
    return _REASONS.get(kind, said)


def _path(loc: Loc) -> str:
    """``customers[0].slug`` for ``("customers", 0, "slug")``."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
