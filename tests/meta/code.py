"""The code as trees: each file is read once in a process, and walked no further than is asked."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.docs import tree

__all__ = ["ROOT", "every_part", "name", "parts", "read", "sources", "tree"]

ROOT = Path(__file__).parents[2]


def sources(*folders: str) -> list[Path]:
    """The files of some folders, in their order.

    Raises:
        AssertionError: There are none, so that a test over them would show nothing.
    """
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def name(path: Path) -> str:
    """A file as the project names it."""
    return str(path.relative_to(ROOT))


@cache
def read(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


@cache
def every_part(path: Path) -> list[ast.AST]:
    """Every part of a file's tree; many tests walk the same files."""
    return list(parts(tree(path)))


def parts(within: ast.AST) -> Iterator[ast.AST]:
    """Every part but whether a name is read or set: as ``ast.walk``, in half the time."""
    left = [within]
    while left:
        node = left.pop()
        yield node
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                left.extend(one for one in value if isinstance(one, ast.AST))
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                left.append(value)
