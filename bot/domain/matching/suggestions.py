"""Ranked suggestions for cost codes that nothing matches beyond doubt.

A target is suggested because its name shares meaningful words with the code's, because it is named
after the code's trade ("Sub - Concrete" for Footings), or because it stands for the whole division.
How a thing is bought (material, labour, hire) decides between equals only.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.domain.matching.codes import split_leading_code
from bot.domain.matching.costnames import cost_name, singular
from bot.domain.matching.trades import Meaning, meaning_of
from bot.domain.matching.usability import is_cost_target
from bot.domain.records import CostCode, Target, TargetKind

MOST = 3
"""How many suggestions a code gets at most."""
LEAST_SCORE = 0.3
_BALANCE_SHEET = 0.6
"""An asset or liability can take a cost, but is seldom where a cost code belongs."""
_HEADING = 0.9
"""An account with others under it takes a cost too, but the finer one is where it belongs."""
_LOOK_AT = 7
"""How many targets are compared closely for each code."""
_BROAD = frozenset(
    {"preliminaries", "finishes", "specialties", "overhead", "utilities", "equipment", "labour"}
)
"""Trades that hold so much that being of one says little."""
_HEAD_ORDER = {"": 0, "subcontract": 1, "other": 2, "material": 3, "equipment": 4, "labour": 5}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target that a person might choose; ``score`` 0 to 1, ``reason`` in words."""

    target: Target
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A target, what its scores are multiplied with, and where it stands among equals."""

    target: Target
    meaning: Meaning
    factors: tuple[float, ...]
    order: tuple[int, int]


class Suggester:
    """Ranks usable targets for codes; ``codes`` are all codes by key, for their divisions."""

    def __init__(self, targets: Sequence[Target], codes: Mapping[str, CostCode]) -> None:
        ordered = sorted(targets, key=lambda target: target.key)
        headings = {(target.kind, target.parent_id) for target in targets}
        self._reads = [_read_of(target, headings) for target in ordered]
        self._codes = codes

    def _asked(self, code: CostCode) -> tuple[Meaning, Meaning]:
        parent = self._codes.get(f"{code.list_id}/{code.parent_id}") if code.parent_id else None
        return meaning_of(code.name, code.code), meaning_of(parent.name if parent else "", "")

    def suggest(self, codes: Sequence[CostCode]) -> list[tuple[Suggestion, ...]]:
        """At most three suggestions for each of ``codes``, best first."""
        if not self._reads or not codes:
            return [()] * len(codes)
        from bot.domain.matching.nearest import nearest

        asked = [self._asked(code) for code in codes]
        unlike = sorted(set(asked), key=lambda pair: (pair[0].text, pair[1].text))
        found = nearest(unlike, [read.meaning for read in self._reads], _LOOK_AT)
        ranked = {pair: self._rank(*pair, near) for pair, near in zip(unlike, found, strict=True)}
        return [ranked[pair] for pair in asked]

    def _rank(
        self, meaning: Meaning, above: Meaning, near: Sequence[int]
    ) -> tuple[Suggestion, ...]:
        scored = []
        for place in near:
            read = self._reads[place]
            score, strengths = weigh(meaning, above, read.meaning)
            for factor in read.factors:
                score *= factor
            if score >= LEAST_SCORE:
                scored.append((-round(score, 3), read.order, place, strengths))
        scored.sort()
        return tuple(
            Suggestion(
                self._reads[place].target,
                -score,
                _told(meaning, above, self._reads[place].meaning, strengths),
            )
            for score, _, place, strengths in scored[:MOST]
        )


def _read_of(target: Target, headings: Collection[tuple[TargetKind, str | None]]) -> _Read:
    meaning = meaning_of(target.name, target.number)
    held_back = (
        (_BALANCE_SHEET, not is_cost_target(target)),
        (_HEADING, (target.kind, target.id) in headings),
    )
    factors = tuple([factor for factor, applies in held_back if applies])
    # Of equals the one that says least more: "Gas Supply" before its freight.
    return _Read(target, meaning, factors, (_HEAD_ORDER.get(meaning.head, 9), len(meaning.text)))


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Dice's share of common words."""
    if left.isdisjoint(right):
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


@cache
def _ratio() -> Callable[[str, str], float]:
    """Loaded when used; by name once, as it is asked for every suggestion that is weighed."""
    from rapidfuzz import fuzz

    return fuzz.ratio


def _by_words(code: Meaning, target: Meaning) -> float:
    """Common content words, less where the code's trade is known to be another."""
    overlap = _overlap(code.core, target.core)
    if not overlap:
        return 0.0
    score = 0.35 + 0.6 * overlap
    if target.core <= code.core or code.core <= target.core:
        score = max(score, 0.62 + 0.3 * overlap)
    if code.trades and target.general and code.trades.isdisjoint(target.general):
        score *= 0.6
    if code.head == "equipment" != target.head:
        score *= 0.75
    return score


_Trades = frozenset[str]


@lru_cache(maxsize=16384)
def _by_trade(ours: _Trades, hired: bool, named: _Trades, theirs: _Trades) -> float:
    """A target named after the code's trade, or at least of it; few are asked very often.

    ``ours`` are the code's trades, ``theirs`` the target's, ``named`` those it is named after.
    """
    trade = ours & named
    if trade:
        return 0.52 if trade <= _BROAD else 0.7
    if hired and "equipment" in named:
        return 0.75
    return 0.0 if (ours & theirs) <= _BROAD else 0.38


@lru_cache(maxsize=16384)
def _common_trades(ours: _Trades, theirs: _Trades) -> float:
    return _overlap(ours, theirs)


def _by_division(above: Meaning, target: Meaning) -> float:
    """A target named after the code's division."""
    if not (above.core or above.trades):
        return 0.0
    if overlap := _overlap(above.core, target.core):
        return 0.4 + 0.22 * overlap
    return 0.0 if (above.trades & target.general) <= _BROAD else 0.45


def _by_letters(code: Meaning, target: Meaning) -> tuple[float, float]:
    """A name that is nearly the same, and how near any name is."""
    if not (code.letters and target.letters):
        return 0.0, 0.0
    letters = _ratio()(code.letters, target.letters) / 100
    return (0.95 * letters if letters >= 0.86 else 0.0), letters


Strengths = tuple[float, float, float, float]
"""How far letters, words, trade and division speak for a target, each 0 to 1."""


def _strengths(code: Meaning, above: Meaning, target: Meaning) -> tuple[Strengths, float]:
    nearly, letters = _by_letters(code, target)
    trade = _by_trade(code.trades, code.head == "equipment", target.general, target.trades)
    return (nearly, _by_words(code, target), trade, _by_division(above, target)), letters


def weigh(code: Meaning, above: Meaning, target: Meaning) -> tuple[float, Strengths]:
    """How well ``target`` fits a code of a division ``above``, 0 to 1, and what speaks for it."""
    told, letters = _strengths(code, above, target)
    score = max(told)
    same_number = bool(code.number) and code.number == target.number
    if not score:
        return (0.31 if same_number else 0.0), told
    score += 0.05 * same_number + 0.04 * bool(code.head and code.head == target.head)
    score += 0.02 * (3 - told[1:].count(0.0)) + 0.03 * letters
    score += 0.03 * _common_trades(code.trades, target.trades)
    return min(score, 0.99), told


def why(code: Meaning, above: Meaning, target: Meaning) -> str:
    """What speaks for ``target`` most, in words that stand behind its name."""
    return _told(code, above, target, _strengths(code, above, target)[0])


def _told(code: Meaning, above: Meaning, target: Meaning, strengths: Strengths) -> str:
    best = max(strengths)
    if not best:
        return "same number"
    tellers = (_nearly, _shared_words, _shared_trade, _shared_division)
    return tellers[strengths.index(best)](code, above, target)


_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16384)
def _read(text: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """The words of a name, less a number that leads it: as written, as compared, what they mean."""
    return tuple(map(_word_read, _WORD.findall(split_leading_code(text)[1])))


@lru_cache(maxsize=16384)
def _word_read(word: str) -> tuple[str, str, frozenset[str]]:
    return word, singular(word.casefold()), cost_name(word).meaning


def _shared_words(code: Meaning, _above: Meaning, target: Meaning) -> str:
    """The words that both are written with; else those that mean what the code's words mean."""
    shared = code.core & target.core
    ours = {one: word for word, one, means in _read(code.text) if not shared.isdisjoint(means)}
    theirs = [
        (one, word) for word, one, means in _read(target.text) if not shared.isdisjoint(means)
    ]
    both = [word for one, word in theirs if one in ours]
    if both:
        return f'both say "{" ".join(dict.fromkeys(both))}"'
    if ours and theirs:
        said = " ".join([word for _, word in theirs])
        return f'"{said}" is close to "{" ".join(ours.values())}"'
    return f'both mean "{" ".join(sorted(shared))}"'


def _shared_trade(code: Meaning, _above: Meaning, target: Meaning) -> str:
    trades = code.trades & target.general
    if trades:
        return f"same trade: {_first(trades - _BROAD or trades, code, target)}"
    if code.head == "equipment" and "equipment" in target.general:
        return "for hired equipment"
    trades = (code.trades & target.trades) - _BROAD
    return f"another part of the same trade: {_first(trades, code, target)}"


def _first(trades: frozenset[str], code: Meaning, target: Meaning) -> str:
    """Of common trades the one that a person would name: what the names say or stand for."""
    said = code.core | target.core

    def last(trade: str) -> tuple[bool, bool, bool, str]:
        unsaid = not said.issuperset(trade.split())
        return unsaid, trade not in code.general, trade not in target.general, trade

    return min(trades, key=last)


def _shared_division(code: Meaning, above: Meaning, target: Meaning) -> str:
    if not above.core.isdisjoint(target.core):
        return f"named like the division, {above.text.strip()}"
    trades = (above.trades & target.general) - _BROAD
    return f"the trade of the division: {_first(trades, code, target)}"


def _nearly(_code: Meaning, _above: Meaning, _target: Meaning) -> str:
    return "nearly the same name"
