"""What a cost name means: its content words, how the thing is bought, and the trades it is of."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from bot.domain.matching.codes import code_key, split_leading_code
from bot.domain.matching.costnames import CostName, cost_name
from bot.domain.matching.lexicon import classes, entries

_TRADES = "cost_trades.txt"
_LONGEST_PHRASE = 4
_AND = re.compile(r"&|,|/|:|\band\b", re.IGNORECASE)
_BETWEEN_THINGS = frozenset("&,/:")
"""One of these, or "and", stands wherever a name names several things."""
_NO_TRADE: frozenset[str] = frozenset()


class Meaning(NamedTuple):
    """What one name says.

    ``core`` are the content words, ``letters`` the written ones in alphabetical order; ``trades``
    all that they belong to, ``general`` those which the name stands for as a whole ("Concrete");
    ``head`` is how it is bought.
    """

    text: str
    core: frozenset[str]
    letters: str
    head: str
    trades: frozenset[str]
    general: frozenset[str]
    number: str


def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words without those that only say how a thing is bought; all of them where no other is."""
    heads = classes("cost_heads.txt")
    if heads.keys().isdisjoint(words):
        return words
    return tuple([word for word in words if word not in heads]) or words


_Ways = tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]


def _ways(name: CostName) -> _Ways:
    """How a phrase is looked up: by its words, by what they mean, and by all of its words."""
    core = name.meaning.difference(classes("cost_heads.txt")) or name.meaning
    return _core(name.bag), core, name.bag


def _key(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _keys(text: str) -> set[str]:
    return {_key(way) for way in _ways(cost_name(text)) if way}


_Table = Mapping[str, frozenset[str]]


@cache
def _vocabulary() -> tuple[_Table, _Table]:
    """(phrase → trades that it names, phrase → trades that it names or is part of)."""
    named: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    for trade, body in entries(_TRADES):
        general, _, parts = body.partition("|")
        for phrase in general.split(","):
            for key in _keys(phrase):
                named.setdefault(key, set()).add(trade)
        for phrase in f"{general},{parts}".split(","):
            for key in _keys(phrase):
                known.setdefault(key, set()).add(trade)
    return (
        {key: frozenset(found) for key, found in named.items()},
        {key: frozenset(found) for key, found in known.items()},
    )


@cache
def _phrase_words() -> frozenset[str]:
    """Every word that some phrase holds: most words of most names are in none."""
    return frozenset(word for key in _vocabulary()[1] for word in key.split())


@cache
def _naming_words() -> frozenset[str]:
    """Every word of a phrase that names a trade."""
    return frozenset(word for key in _vocabulary()[0] for word in key.split())


@lru_cache(maxsize=16384)
def _of_phrases(words: tuple[str, ...]) -> frozenset[str]:
    """The trades of the longest phrases within ``words``, in which "" is a word of no phrase."""
    table = _vocabulary()[1]
    for length in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
        spans = [words[start : start + length] for start in range(len(words) - length + 1)]
        found = [table.get(_key(span), _NO_TRADE) for span in spans if all(span)]
        if any(found):
            return _NO_TRADE.union(*found)
    return _NO_TRADE


def _found(words: Iterable[str]) -> frozenset[str]:
    """The trades of the longest phrases within ``words``."""
    known = _phrase_words()
    # What a list tells apart its names with, stages and numbers, is in no phrase.
    return _of_phrases(tuple([word if word in known else "" for word in words]))


@cache
def _outer(trade: str) -> frozenset[str]:
    """The trades that a trade is part of: formwork is part of concrete."""
    known = _vocabulary()[1]
    return frozenset(outer for key in _keys(trade) for outer in known.get(key, ()))


@lru_cache(maxsize=4096)
def _with_outer(trades: frozenset[str]) -> frozenset[str]:
    """Trades, and those that they are part of."""
    return trades.union(*map(_outer, trades))


def _general(text: str, whole: _Ways) -> frozenset[str]:
    """The trades that a name, or one of the things that it names together, stands for."""
    ways: tuple[Collection[str], ...] = whole
    if not _BETWEEN_THINGS.isdisjoint(text) or "and" in text.casefold():
        pieces = [piece for piece in _AND.split(text) if piece.strip()]
        ways += tuple(way for piece in pieces for way in _ways(cost_name(piece)))
    named, naming = _vocabulary()[0], _naming_words()
    found = [named.get(_key(way), _NO_TRADE) for way in ways if naming.issuperset(way)]
    return _NO_TRADE.union(*found)


@lru_cache(maxsize=32768)
def meaning_of(text: str, number: str) -> Meaning:
    """The meaning of a cost code's, account's or item's name, less a number that leads it."""
    told = split_leading_code(text)[1]
    name = cost_name(told)
    heads = classes("cost_heads.txt")
    kinds = [min(heads[word]) for word in name.bag if word in heads]
    ways = written, core, _ = _ways(name)
    general = _general(told, ways)
    trades = general | _found(name.bag) | _found(sorted(core))
    return Meaning(
        text=text,
        core=core,
        letters=" ".join(sorted(written)),
        head=next((kind for kind in kinds if kind != "other"), ""),
        trades=_with_outer(trades),
        general=general,
        number=code_key(number),
    )
