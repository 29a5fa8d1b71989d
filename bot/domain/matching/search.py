"""Searching accounts and items while somebody types: numbers and words first, then likeness."""

from collections.abc import Sequence

from bot.domain.records import Target

LEAST_LIKE = 72
"""From this likeness (0 to 100) on, a name that does not hold what was typed is still offered."""


def _folded(target: Target) -> str:
    return f"{target.number} {target.full_name or target.name}".strip().casefold()


class TargetIndex:
    """Targets with their names folded once; the order of equals is theirs."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = sorted(targets, key=lambda one: (_folded(one), one.key))
        self._texts = [_folded(target) for target in self._targets]

    def search(self, typed: str, limit: int = 100) -> tuple[Target, ...]:
        """The targets that ``typed`` probably means, best first; the first ones for "".

        A number or name that starts with it, then one with a word that starts with each of its
        words, then one that holds it, then what reads alike.
        """
        wanted = " ".join(typed.casefold().split())
        if not wanted:
            return tuple(self._targets[:limit])
        parts = wanted.split()
        ranked: list[tuple[int, int]] = []
        for place, text in enumerate(self._texts):
            rank = _rank(wanted, parts, text)
            if rank is not None:
                ranked.append((rank, place))
        ranked.sort()
        places = [place for _, place in ranked[:limit]]
        if len(places) < limit:
            places += self._alike(wanted, set(places), limit - len(places))
        return tuple(self._targets[place] for place in places)

    def _alike(self, wanted: str, seen: set[int], room: int) -> list[int]:
        from rapidfuzz import fuzz, process

        found = process.extract(
            wanted,
            self._texts,
            scorer=fuzz.token_set_ratio,
            score_cutoff=LEAST_LIKE,
            limit=room + len(seen),
        )
        return [place for _, _, place in found if place not in seen][:room]


def _rank(wanted: str, parts: list[str], text: str) -> int | None:
    if text.startswith(wanted):
        return 0
    words = text.replace(":", " ").split()
    if all(any(word.startswith(part) for word in words) for part in parts):
        return 1
    return 2 if wanted in text else None
