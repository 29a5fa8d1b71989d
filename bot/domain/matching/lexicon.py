"""The trade's words, read once from the data files under ``bot/data/matching``.

People extend the files; nothing here knows a word by itself. Lines are comments from ``#`` on.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources


def _lines(file: str) -> Iterator[str]:
    text = resources.files("bot").joinpath("data", "matching", file).read_text(encoding="utf-8")
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield content


@cache
def words(file: str) -> frozenset[str]:
    """A plain list: every word of every line."""
    return frozenset(word for line in _lines(file) for word in line.casefold().split())


@cache
def folds(file: str) -> Mapping[str, str]:
    """Groups ``kept = other = other``: each other spelling to the kept one, in lower case."""
    table: dict[str, str] = {}
    for line in _lines(file):
        kept, *others = (part.strip() for part in line.casefold().split("="))
        table.update(dict.fromkeys(others, kept))
    return table


@cache
def phrases(file: str) -> Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """The folds of several words by their first one, as (words, replacement), longest first."""
    table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for other, kept in folds(file).items():
        words_of = tuple(other.split())
        if len(words_of) > 1:
            table.setdefault(words_of[0], []).append((words_of, tuple(kept.split())))
    return {
        first: tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair)))
        for first, found in table.items()
    }


@cache
def entries(file: str) -> tuple[tuple[str, str], ...]:
    """Lines ``name: body`` as they stand, in lower case."""
    parts = (line.casefold().partition(":") for line in _lines(file))
    return tuple((name.strip(), body.strip()) for name, _, body in parts)


@cache
def classes(file: str) -> Mapping[str, frozenset[str]]:
    """Lines ``class: word, two words, …`` turned round: each word or phrase to its classes."""
    table: dict[str, set[str]] = {}
    for name, members in entries(file):
        for member in members.split(","):
            if member.strip():
                table.setdefault(member.strip(), set()).add(name)
    return {member: frozenset(names) for member, names in table.items()}
