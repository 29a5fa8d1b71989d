"""Work that may be done by several processes at once; the domain itself starts none."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Hands(Protocol):
    """Who does the parts of a large run."""

    @property
    def count(self) -> int:
        """How many parts can be worked on at once."""

    def do(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        """What each work gives, in order; the first is done by this process itself."""


class OneHand:
    """This process alone."""

    count = 1

    def do(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        """One after the other."""
        return [work() for work in works]


ALONE = OneHand()


def slices(rows: Sequence[T], count: int) -> list[Sequence[T]]:
    """``rows`` in ``count`` contiguous parts of nearly one length."""
    ends = [len(rows) * part // count for part in range(count + 1)]
    return [rows[start:end] for start, end in pairwise(ends)]
