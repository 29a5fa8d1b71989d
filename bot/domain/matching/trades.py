"""What a cost name means: its content words, how the thing is bought, and the trades it is of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.domain.matching.codes import code_key, split_leading_code
from bot.domain.matching.costnames import cost_name
from bot.domain.matching.lexicon import classes, entries

_TRADES = "cost_trades.txt"
_LONGEST_PHRASE = 4
_AND = re.compile(r"&|,|/|:|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one name says.

    ``core`` are the content words; ``trades`` all that they belong to, ``general`` those which the
    name stands for as a whole ("Concrete"); ``head`` is how it is bought.
    """

    text: str
    core: frozenset[str]
    core_text: str
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


def _ways(text: str) -> list[tuple[str, ...]]:
    """How a phrase is looked up: by its words, by what they mean, and by all of its words."""
    name = cost_name(text)
    core = _core(name.bag)
    told = [core, _core(tuple(name.meaning)), *([] if core is name.bag else [name.bag])]
    return [way for way in told if way]


def _key(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _keys(text: str) -> set[str]:
    return {_key(way) for way in _ways(text)}


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


def _found(words: tuple[str, ...], table: _Table) -> frozenset[str]:
    """The trades of the longest phrases within ``words``."""
    phrase_words = _phrase_words()
    known = [word in phrase_words for word in words]
    found: set[str] = set()
    for length in range(min(_LONGEST_PHRASE, sum(known)), 0, -1):
        for start in range(len(words) - length + 1):
            if all(known[start : start + length]):
                found |= table.get(_key(words[start : start + length]), frozenset())
        if found:
            break
    return frozenset(found)


@cache
def _outer(trade: str) -> frozenset[str]:
    """The trades that a trade is part of: formwork is part of concrete."""
    known = _vocabulary()[1]
    return frozenset(outer for key in _keys(trade) for outer in known.get(key, ()))


@lru_cache(maxsize=32768)
def meaning_of(text: str, number: str) -> Meaning:
    """The meaning of a cost code's, account's or item's name, less a number that leads it."""
    told = split_leading_code(text)[1]
    name = cost_name(told)
    heads = classes("cost_heads.txt")
    kinds = [min(heads[word]) for word in name.bag if word in heads]
    named, known = _vocabulary()
    pieces = {told, *[piece for piece in _AND.split(told) if piece.strip()]}
    naming = _naming_words()
    general = frozenset(
        trade
        for piece in pieces
        for way in _ways(piece)
        if naming.issuperset(way)
        for trade in named.get(_key(way), ())
    )
    core = _core(tuple(name.meaning))
    trades = general | _found(name.bag, known) | _found(tuple(sorted(core)), known)
    above = frozenset(outer for trade in trades for outer in _outer(trade))
    return Meaning(
        text=text,
        core=frozenset(core),
        core_text=" ".join(_core(name.bag)),
        head=next((kind for kind in kinds if kind != "other"), ""),
        trades=trades | above,
        general=general,
        number=code_key(number),
    )
