"""What a cost name means: its content words, how the thing is bought, and the trades it is of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.domain.matching.codes import code_key
from bot.domain.matching.costnames import cost_name
from bot.domain.matching.lexicon import classes, entries

_TRADES = "cost_trades.txt"
_LONGEST_PHRASE = 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """``core`` are the content words; ``trades`` all that they belong to, ``general`` those which
    the name stands for as a whole ("Concrete"); ``head`` is how it is bought.
    """

    text: str
    core: frozenset[str]
    core_text: str
    head: str
    trades: frozenset[str]
    general: frozenset[str]
    number: str


@cache
def _vocabulary() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """(phrase → trades it names, phrase → trades it is part of), phrases as meanings."""
    named: dict[str, set[str]] = {}
    part: dict[str, set[str]] = {}
    for trade, body in entries(_TRADES):
        general, _, parts = body.partition("|")
        for text, table in ((general, named), (parts, part)):
            for phrase in text.split(","):
                for key in {_key(phrase), " ".join(sorted(cost_name(phrase).bag))} - {""}:
                    table.setdefault(key, set()).add(trade)
    return (
        {key: frozenset(found) for key, found in named.items()},
        {key: frozenset(found) for key, found in part.items()},
    )


def _key(phrase: str) -> str:
    return " ".join(sorted(cost_name(phrase).meaning))


def _found(words: tuple[str, ...], table: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The trades of the longest phrases within ``words``; single words where no phrase is."""
    found: set[str] = set()
    for length in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            key = " ".join(sorted(words[start : start + length]))
            found |= table.get(key, frozenset())
        if found:
            break
    return frozenset(found)


@lru_cache(maxsize=32768)
def meaning_of(text: str, number: str) -> Meaning:
    """The meaning of a cost code's, account's or item's name."""
    name = cost_name(text)
    heads = classes("cost_heads.txt")
    kinds = [min(heads[word]) for word in name.bag if word in heads]
    head = next((kind for kind in kinds if kind != "other"), "")
    core = frozenset(word for word in name.meaning if word not in heads) or name.meaning
    named, part = _vocabulary()
    ordered = tuple(word for word in name.bag if word not in heads) or name.bag
    folded = tuple(sorted(core))
    general = named.get(" ".join(folded), frozenset()) | named.get(
        " ".join(sorted(ordered)), frozenset()
    )
    trades = general | _found(name.bag, part) | _found(folded, part)
    return Meaning(
        text=text,
        core=core,
        core_text=" ".join(ordered),
        head=head,
        trades=trades or _found(ordered, named) | _found(folded, named),
        general=general,
        number=code_key(number),
    )
