"""Read a world file and say every mistake in it as ``FILE:LINE: path.to.key: reason``."""

import re
from collections.abc import Mapping
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


def load_demo() -> World:
    """The demo world that comes with the sandbox."""
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
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "this is not YAML"
            self.problems.append(f"{self._name}:{mark.line + 1 if mark else 1}: {reason}")
            return None
        return self._value(node, ()) if node is not None else {}

    def explain(self, error: ValidationError) -> list[str]:
        """Each mistake with its line, in the order of the file."""
        found = [(self._line(one["loc"]), _sentence(one)) for one in error.errors()]
        return [f"{self._name}:{line}: {text}" for line, text in sorted(found, key=lambda f: f[0])]

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
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            key = str(key_node.value)
            if key in made:
                path = _path((*loc, key))
                self.problems.append(f"{self._name}:{line}: {path}: this key is here twice")
            self._lines[(*loc, key)] = line
            made[key] = self._value(child, (*loc, key))
        return made


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


def _sentence(error: Mapping[str, Any]) -> str:
    loc: Loc = error["loc"]
    reason = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        reason = "there is no such key here"
    elif error["type"] == "missing":
        reason = "this key is missing"
    return f"{_path(loc)}: {reason}" if loc else reason


def _path(loc: Loc) -> str:
    """``customers[0].slug`` for ``("customers", 0, "slug")``."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
