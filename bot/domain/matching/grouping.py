"""From scored pairs to groups, without chaining strangers together.

The best pairs join first. Two groups join only when no pair across them is forbidden or clearly
different and the pairs across agree on the whole, so that A~B and B~C does not make A~C.
"""

from collections.abc import Callable, Iterable, Sequence

LARGEST = 60
CLEARLY_DIFFERENT = -4.0
"""Log-odds below which one pair across two groups keeps them apart."""
_LEAST_MEAN = -1.0
"""Log-odds that the pairs across two groups must exceed on the whole."""


class Groups:
    """Groups of places, grown edge by edge."""

    def __init__(
        self, score: Callable[[int, int], float], forbidden: Callable[[int, int], bool]
    ) -> None:
        self._score = score
        self._forbidden = forbidden
        self._group: dict[int, list[int]] = {}
        self._link: dict[int, float] = {}

    def _members(self, place: int) -> list[int]:
        members = self._group.get(place)
        if members is None:
            members = self._group[place] = [place]
        return members

    def _fit(self, left: Sequence[int], right: Sequence[int], edge: float) -> bool:
        if len(left) == len(right) == 1:
            return edge > _LEAST_MEAN
        if len(left) + len(right) > LARGEST:
            return False
        total = 0.0
        for a in left:
            for b in right:
                if self._forbidden(a, b):
                    return False
                score = self._score(a, b)
                if score < CLEARLY_DIFFERENT:
                    return False
                total += min(score, 4.0)
        return total > _LEAST_MEAN * len(left) * len(right)

    def join(self, edges: Iterable[tuple[float, int, int]]) -> None:
        """Join along edges (score, place, place), which come best first."""
        for score, a, b in edges:
            left, right = self._members(a), self._members(b)
            if left is right or not self._fit(left, right, score):
                continue
            weakest = min(score, self._link_of(left), self._link_of(right))
            left.extend(right)
            for place in right:
                self._group[place] = left
            self._link[id(left)] = weakest

    def _link_of(self, members: list[int]) -> float:
        return self._link.get(id(members), float("inf"))

    def found(self) -> list[tuple[tuple[int, ...], float]]:
        """Every group of two or more, sorted, with the weakest score that holds it together."""
        groups = {id(members): members for members in self._group.values() if len(members) > 1}
        return sorted((tuple(sorted(each)), self._link_of(each)) for each in groups.values())
