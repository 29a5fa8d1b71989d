"""Names of cost codes, accounts and items, reduced to what they mean.

Two names are *equal* only when the same words stand in the same order, or in the order of an
inversion that its separator shows: "Formwork - Concrete" is "Concrete Formwork", but "Door Glass"
is not "Glass Doors". Two things named together are no one thing: "Roof & Gutter" is "Gutter/Roof",
but not "Roof Gutter".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.matching.lexicon import folds, phrases, words

_SPELLINGS = "cost_spellings.txt"
_SYNONYMS = "cost_synonyms.txt"
_PIECES = re.compile(
    r"\s+[-\u2013\u2014]+\s+|\s*[,:;|()\[\]\u00b7]\s*|\s+[-\u2013\u2014]|[-\u2013\u2014]\s+"
)
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile(r"['\u2019`\u00b4]")
_OR = re.compile(r"(?<=[^\W\d_]{2})\s*/\s*(?=[^\W\d_]{2})")
"""The stroke of "Doors/Windows", but not that of "A/C"."""
_AND = "and"


@dataclass(frozen=True, slots=True)
class CostName:
    """A name in its forms: ``keys`` are all that count as equal, ``bag`` its words for scoring."""

    text: str
    keys: frozenset[str]
    bag: tuple[str, ...]
    meaning: frozenset[str]


def _plain(text: str) -> str:
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    text = _APOSTROPHES.sub("", text.casefold())
    if "/" in text:
        text = _OR.sub(" & ", text)
    return text.replace("&", " and ").replace("+", " and ")


@lru_cache(maxsize=16384)
def singular(word: str) -> str:
    """``footings`` → ``footing``; short words and ``glass`` stay."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1]


def _replace_phrases(tokens: list[str], file: str) -> list[str]:
    table = phrases(file)
    if table.keys().isdisjoint(tokens):
        return tokens
    told: list[str] = []
    place = 0
    while place < len(tokens):
        for old, new in table.get(tokens[place], ()):
            if tuple(tokens[place : place + len(old)]) == old:
                told += new
                place += len(old)
                break
        else:
            told.append(tokens[place])
            place += 1
    return told


@lru_cache(maxsize=16384)
def _folded(word: str, file: str) -> tuple[str, ...]:
    """The word or words that stand for ``word``."""
    return tuple(folds(file).get(word, word).split())


def _tokens(text: str) -> list[str]:
    raw = [singular(word) for word in _WORD.findall(_plain(text))]
    spelled = _replace_phrases(raw, _SPELLINGS)
    return [part for word in spelled for part in _folded(word, _SPELLINGS)]


def _telling(text: str) -> list[str]:
    """The words that carry meaning, and "and"."""
    stop = words("cost_stopwords.txt")
    return [token for token in _tokens(text) if token not in stop or token == _AND]


def _meaning(tokens: list[str]) -> frozenset[str]:
    told = _replace_phrases(tokens, _SYNONYMS)
    return frozenset([part for word in told for part in _folded(word, _SYNONYMS) if part != _AND])


def _key(tokens: Iterable[str]) -> str:
    """The words in order; things that "and" joins are sorted, whichever comes first."""
    text = " ".join(tokens)
    if _AND not in text:
        return text
    things = f" {text} ".split(f" {_AND} ")
    return f" {_AND} ".join(sorted(thing.strip() for thing in things if thing.strip()))


@lru_cache(maxsize=65536)
def cost_name(text: str) -> CostName:
    """``text`` in its forms. A number that leads it is part of it: take it off where it is none."""
    parts = _PIECES.split(text)
    pieces = [kept for part in parts if (kept := _telling(part))]
    orders = [pieces[turn:] + pieces[:turn] for turn in range(len(pieces))]
    keys = {_key(token for piece in order for token in piece) for order in orders}
    if len(parts) > 1:
        keys.add(_key(_telling(text)))
    told = [token for piece in pieces for token in piece]
    bag = tuple(token for token in told if token != _AND)
    return CostName(text, frozenset(keys - {""}), bag, _meaning(told))


def is_generic(name: CostName) -> bool:
    """Whether a name says too little to be matched by itself: "Equipment", "Other"."""
    return name.meaning <= words("cost_generic.txt")


def names_equal(left: CostName, right: CostName) -> bool:
    """Beyond doubt the same name."""
    return not left.keys.isdisjoint(right.keys)


def names_agree(left: CostName, right: CostName) -> bool:
    """The same name once trade synonyms are folded: enough beside an equal number."""
    return names_equal(left, right) or (bool(left.meaning) and left.meaning == right.meaning)
