"""A record that was read before and still says the same is not held a second time.

A large company's lists are tens of megabytes. While they are read anew, those that are remembered
stay in use: both would be in memory at once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast

from bot.domain.model import Facet, Present, Snapshot
from bot.domain.records import Party, Target
from integrations.decode import Row

R = TypeVar("R", bound=Target | Party)


class Same:
    """The records of one list as they are held already, by id."""

    def __init__(self, held: Iterable[object] = ()) -> None:
        self._held: Mapping[str, Target | Party] = {
            one.id: one for one in held if isinstance(one, Target | Party)
        }

    def of(self, one: R) -> R:
        """The record that is held, where it equals ``one``; otherwise ``one`` itself."""
        held = self._held.get(one.id)
        # Equal records are of one type.
        return cast("R", held) if held == one else one

    def made(self, make: Callable[[Row], R]) -> Callable[[Row], R]:
        """``make``, whose records are held ones where they are equal."""
        return (lambda row: self.of(make(row))) if self._held else make


NOTHING = Same()


def same(known: Snapshot, facet: Facet[tuple[R, ...]]) -> Same:
    """The records of a facet; none where it is not known."""
    read = known.get(facet)
    return Same(read.value) if isinstance(read, Present) else NOTHING
