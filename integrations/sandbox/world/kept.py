"""What was made of a company is made once for every sandbox that says the same of it."""

from collections.abc import Callable
from hashlib import sha256
from typing import Generic, TypeVar

from integrations.sandbox.world.base import Section

_C = TypeVar("_C", bound=Section)
_M = TypeVar("_M")

MOST = 16
"""So many companies' records stay; what an open sandbox has stays with it anyhow."""


class Kept(Generic[_C, _M]):
    """Makes something of a company of a world, and gives it again to whoever says the same.

    What is given is shared: whoever changes a part of it puts another in its place.
    """

    def __init__(self, make: Callable[[_C], _M]) -> None:
        self._make = make
        self._made: dict[bytes, _M] = {}

    def of(self, company: _C) -> _M:
        """What was made of a company that says this."""
        text = company.model_dump_json(warnings=False)
        key = sha256(text.encode()).digest()
        made = self._made.pop(key, None)
        if made is None:
            made = self._make(company.model_copy(deep=True))
            if len(self._made) >= MOST:
                del self._made[next(iter(self._made))]
        self._made[key] = made
        return made
