"""How people name an item: its id, its short name, a telling word of either, or nearly so."""

import difflib
import re
from collections import Counter
from functools import cache

from bot.domain.catalogue import catalogue


def _plain_name(word: str) -> str:
    return re.sub(r"[\s_-]+", "-", word.casefold().strip("\"'`.,:;!?()*_~"))


@cache
def _item_names() -> dict[str, str]:
    """Every way to name an item, normalised, to its id."""
    names = {}
    for requirement in catalogue():
        names[_plain_name(requirement.short)] = requirement.id
        names[requirement.id] = requirement.id
    return names


def find_item(tokens: list[str]) -> tuple[int, int, str] | None:
    """Where an item is named exactly: first word, word after the last, and its id."""
    names = _item_names()
    for start in range(min(len(tokens), 4)):
        for end in range(min(len(tokens), start + 4), start, -1):
            found = names.get(_plain_name(" ".join(tokens[start:end])))
            if found is not None:
                return start, end, found
    return None


@cache
def _words() -> dict[str, frozenset[str]]:
    """The words of each item's id and short name."""
    return {
        one.id: frozenset({*one.id.split("-"), *_plain_name(one.short).split("-")})
        for one in catalogue()
    }


@cache
def _telling_words() -> dict[str, str]:
    """Words that only one item has in its id or short name ("vendors"), to its id."""
    words = [(word, item) for item, known in _words().items() for word in known]
    met = Counter(word for word, _ in words)
    return {word: item for word, item in words if met[word] == 1}


def hinted_item(tokens: list[str]) -> tuple[int, int, str] | None:
    """Where a telling word names an item, with its other words; perhaps after a one-word name."""
    telling = _telling_words()
    for start, word in enumerate(tokens[:2]):
        found = telling.get(_plain_name(word))
        if found is not None:
            end = start + 1
            while end < len(tokens) and _plain_name(tokens[end]) in _words()[found]:
                end += 1
            return start, end, found
    return None


def described_item(tokens: list[str]) -> tuple[int, int, str] | None:
    """Where some words together fit one item only ("qbo admin"); perhaps after one word."""
    plain = [_plain_name(word) for word in tokens]
    for start in range(min(len(plain), 2)):
        for end in range(min(len(plain), start + 4), start + 1, -1):
            fits = [item for item, known in _words().items() if known >= set(plain[start:end])]
            if len(fits) == 1:
                return start, end, fits[0]
    return None


def alike(word: str) -> list[str]:
    """The short names of the items that have this word, or of all where none has it."""
    fits = [one for one in catalogue() if _plain_name(word) in _words()[one.id]]
    return [one.short for one in fits or catalogue()]


def near_item(word: str, cutoff: float = 0.6) -> str:
    """The item that is nearly spelt like this, or ""."""
    names = _item_names()
    near = difflib.get_close_matches(_plain_name(word), list(names), n=1, cutoff=cutoff)
    return names[near[0]] if near else ""
