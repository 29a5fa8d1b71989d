"""Ranked suggestions for cost codes that nothing matches beyond doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.matching.costnames import cost_name
from bot.domain.records import CostCode, Target

MOST = 3
"""How many suggestions a code gets at most."""
LEAST_SCORE = 0.45


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target that a person might choose; ``score`` 0 to 1, ``reason`` in words."""

    target: Target
    score: float
    reason: str


class Suggester:
    """Ranks usable targets for codes; ``codes`` are all codes by key, for their divisions."""

    def __init__(self, targets: Sequence[Target], codes: Mapping[str, CostCode]) -> None:
        self._targets = sorted(targets, key=lambda target: target.key)
        self._codes = codes

    def suggest(self, codes: Sequence[CostCode]) -> list[tuple[Suggestion, ...]]:
        """At most three suggestions for each of ``codes``, best first."""
        from rapidfuzz import fuzz, process

        choices = [" ".join(cost_name(target.name).bag) for target in self._targets]
        answers = []
        for code in codes:
            found = process.extract(
                " ".join(cost_name(code.name).bag),
                choices,
                scorer=fuzz.token_sort_ratio,
                limit=MOST,
                score_cutoff=100 * LEAST_SCORE,
            )
            answers.append(
                tuple(
                    Suggestion(self._targets[place], round(score / 100, 3), "similar name")
                    for _, score, place in found
                )
            )
        return answers
