"""Ranked suggestions for cost codes that nothing matches beyond doubt.

A target is suggested because its name shares meaningful words with the code's, because it is named
after the code's trade ("Sub - Concrete" for Footings), or because it stands for the whole division.
How a thing is bought (material, labour, hire) decides between equals only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.matching.trades import Meaning, meaning_of
from bot.domain.records import CostCode, Target

MOST = 3
"""How many suggestions a code gets at most."""
LEAST_SCORE = 0.3
_LOOK_AT = 10
"""How many targets are compared closely for each code."""
_HEAD_ORDER = {"": 0, "subcontract": 1, "other": 2, "material": 3, "equipment": 4, "labour": 5}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target that a person might choose; ``score`` 0 to 1, ``reason`` in words."""

    target: Target
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Read:
    target: Target
    meaning: Meaning


class Suggester:
    """Ranks usable targets for codes; ``codes`` are all codes by key, for their divisions."""

    def __init__(self, targets: Sequence[Target], codes: Mapping[str, CostCode]) -> None:
        ordered = sorted(targets, key=lambda target: target.key)
        self._reads = [_Read(target, meaning_of(target.name, target.number)) for target in ordered]
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
            score, reason = compare(meaning, above, read.meaning)
            if score >= LEAST_SCORE:
                order = _HEAD_ORDER.get(read.meaning.head, 9)
                scored.append((-round(score, 3), order, place, reason))
        scored.sort()
        return tuple(
            Suggestion(self._reads[place].target, -score, reason)
            for score, _, place, reason in scored[:MOST]
        )


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Dice's share of common words."""
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def _letters(left: Meaning, right: Meaning) -> float:
    from rapidfuzz import fuzz

    return fuzz.token_sort_ratio(left.core_text, right.core_text) / 100


def compare(code: Meaning, above: Meaning, target: Meaning) -> tuple[float, str]:
    """How well ``target`` fits a code of a division ``above``, and why."""
    shared = code.core & target.core
    words = _overlap(code.core, target.core)
    letters = _letters(code, target) if code.core_text and target.core_text else 0.0
    options = [(0.92 * words, f"shares {' '.join(sorted(shared))}")] if shared else []
    if shared and (target.core <= code.core or code.core <= target.core):
        options.append((0.62 + 0.3 * words, f"shares {' '.join(sorted(shared))}"))
    if letters >= 0.72:
        options.append((0.95 * letters, "nearly the same name"))
    trade = code.trades & target.general
    if trade:
        options.append((0.66, f"trade {min(trade)}"))
    elif code.general & target.trades or code.trades & target.trades:
        options.append((0.38, "of the same trade"))
    if above.core and target.core and above.core & target.core:
        fits = 0.4 + 0.22 * _overlap(above.core, target.core)
        options.append((fits, f"division {above.text.strip()}"))
    if not options:
        return (0.3, "same number") if code.number and code.number == target.number else (0.0, "")
    score, reason = max(options)
    score += 0.04 * bool(trade) + 0.05 * (code.number == target.number != "")
    score += 0.04 * bool(code.head and code.head == target.head)
    score += 0.03 * bool(above.core & target.core) + 0.03 * letters
    return min(score, 0.99), reason
