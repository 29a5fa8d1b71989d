"""Names of cost codes, accounts and items, reduced to what they mean.

Two names are *equal* only when the same words stand in the same order, or in the order of an
inversion that its separator shows: "Formwork - Concrete" is "Concrete Formwork", but "Door Glass"
is not "Glass Doors". Two things named together are no one thing: "Roof & Gutter" is "Gutter/Roof",
but not "Roof Gutter".
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from bot.domain.matching.lexicon import folds, phrases, words

_SPELLINGS = "cost_spellings.txt"
_SYNONYMS = "cost_synonyms.txt"
_PIECES = re.compile(
    r"\s+[-\u2013\u2014]+\s+|\s*[,:;|()\[\]\u00b7]\s*|\s+[-\u2013\u2014]|[-\u2013\u2014]\s+"
)
_BETWEEN_PIECES = frozenset("-\u2013\u2014,:;|()[]\u00b7")
"""One of these stands wherever a name falls into pieces."""
_WORD = re.compile(r"[a-z0-9]+")
_OR = re.compile(r"(?<=[^\W\d_]{2})\s*/\s*(?=[^\W\d_]{2})")
"""The stroke of "Doors/Windows", but not that of "A/C"."""
_AND = "and"


class CostName(NamedTuple):
    """A name in its forms: ``keys`` are all that count as equal, ``bag`` its words for scoring."""

    text: str
    keys: frozenset[str]
    bag: tuple[str, ...]
    meaning: frozenset[str]


def _plain(text: str) -> str:
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    text = text.casefold().replace("'", "").replace("`", "")
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


def _replace_phrases(tokens: Sequence[str], file: str) -> Sequence[str]:
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


def _spelled(words_of: list[str]) -> tuple[str, ...]:
    """The words in one spelling, those that carry meaning and "and"."""
    stop = words("cost_stopwords.txt")
    spelled = _replace_phrases(words_of, _SPELLINGS)
    folded = [part for word in spelled for part in _folded(word, _SPELLINGS)]
    return tuple([token for token in folded if token not in stop or token == _AND])


@lru_cache(maxsize=16384)
def _word_spelled(word: str) -> tuple[str, ...] | None:
    """As ``_spelled`` for one word, None where a phrase may begin with it."""
    one = singular(word)
    return None if one in phrases(_SPELLINGS) else _spelled([one])


def _telling(text: str) -> tuple[str, ...]:
    """The words that carry meaning, and "and"."""
    found = _WORD.findall(_plain(text))
    # A company's lists hold the same few words in very many names: each is looked up once.
    read = [_word_spelled(word) for word in found]
    if None in read:
        return _spelled([singular(word) for word in found])
    return tuple(chain.from_iterable(filter(None, read)))


def _meant(tokens: Sequence[str]) -> frozenset[str]:
    told = _replace_phrases(tokens, _SYNONYMS)
    return frozenset([part for word in told for part in _folded(word, _SYNONYMS) if part != _AND])


@lru_cache(maxsize=16384)
def _word_meant(token: str) -> frozenset[str] | None:
    """As ``_meant`` for one word, None where a phrase may begin with it."""
    return None if token in phrases(_SYNONYMS) else _meant([token])


def _meaning(tokens: Sequence[str]) -> frozenset[str]:
    read = [_word_meant(token) for token in tokens]
    return _meant(tokens) if None in read else frozenset(chain.from_iterable(filter(None, read)))


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
    if _BETWEEN_PIECES.isdisjoint(text):
        told = _telling(text)
        keys = {_key(told)}
    else:
        pieces = [kept for part in _PIECES.split(text) if (kept := _telling(part))]
        orders = [pieces[turn:] + pieces[:turn] for turn in range(len(pieces))]
        told = tuple(chain.from_iterable(pieces))
        keys = {_key(chain.from_iterable(order)) for order in orders} | {_key(_telling(text))}
    bag = tuple([token for token in told if token != _AND]) if _AND in told else told
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
