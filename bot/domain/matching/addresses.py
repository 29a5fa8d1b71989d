"""Addresses as far as they tell two parties apart: box or street, number, street, place."""

import re
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from bot.domain.matching.lexicon import folds
from bot.domain.records import Address

_BOX = re.compile(
    r"\b(?:p\.?\s*o\.?|gpo|locked|private|post(?:al)?(?:\s+office)?)\s*(?:box|bag)\b\D*(\d+)"
)
_NUMBERED = re.compile(r"(\d+)[a-z]?(?:\s*-\s*\d+[a-z]?)?\s+(?=[a-z])")
_WORD = re.compile(r"[a-z0-9]+")
_POSTCODE = re.compile(r"\b(\d{4,5})(?:-\d{4})?\s*$")
_DIGITS = re.compile(r"\d+")


class Place(NamedTuple):
    """``number`` and ``street`` of a street address, or ``box`` of a postal one; "" for unknown."""

    box: str = ""
    number: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    state: str = ""

    def __reduce__(self) -> tuple[type["Place"], tuple[object, ...]]:
        return Place, tuple(self)

    @property
    def is_street(self) -> bool:
        """Whether this names a building."""
        return bool(self.number and self.street)

    @property
    def known(self) -> bool:
        """Whether anything is."""
        return bool(self.box or self.street or self.postcode or self.city or self.state)


NOWHERE = Place()


@lru_cache(maxsize=4096)
def _street(text: str) -> tuple[str, str, str]:
    lower = text.casefold()
    box = _BOX.search(lower) if "box" in lower or "bag" in lower else None
    if box is not None:
        return box[1], "", ""
    # The last number before a word is the building's; units and levels come before it.
    numbered = list(_NUMBERED.finditer(lower))
    if not numbered:
        return "", "", ""
    types = folds("street_types.txt")
    rest = [types.get(word, word) for word in _WORD.findall(lower[numbered[-1].end() :])]
    return "", numbered[-1][1], " ".join(word for word in rest if word)


def place(address: Address) -> Place:
    """What of ``address`` can be compared."""
    if not (address.street or address.postcode or address.city or address.state):
        return NOWHERE
    street = address.street.split("\n")[0] if address.city else address.street
    box, number, name = _street(street)
    postcode = address.postcode
    if not postcode and street:
        found = _POSTCODE.search(street)
        postcode = found[1] if found else ""
    return Place(box, number, name, *_town(postcode, address.city, address.state))


@lru_cache(maxsize=4096)
def _town(postcode: str, city: str, state: str) -> tuple[str, str, str]:
    """Postcode, city and state as they are compared."""
    digits = _DIGITS.search(postcode)
    letters = "".join(_WORD.findall(state.casefold()))
    return (
        intern(digits[0]) if digits else "",
        intern(" ".join(_WORD.findall(city.casefold()))),
        folds("states.txt").get(letters) or intern(letters),
    )
