"""Searching accounts and items while somebody types: numbers and words first, then likeness."""

import re
import unicodedata
from collections.abc import Sequence

from bot.domain.matching.codes import code_key
from bot.domain.records import Target

LEAST_LIKE = 72
"""From this likeness (0 to 100) on, a name that does not hold what was typed is still offered."""


_NUMBER = re.compile(r"[\d\s.\-/]*\d[\d\s.\-/]*")
"""What may be a number, or the beginning of one, however it is cut into parts."""
_LEADING = re.compile(r"\s*\d[\d\s.\-/]*")
_NO_DIGIT = re.compile(r"\D+")


def _fold(text: str) -> str:
    """Without case and accents: who looks for "Müller" may have no such key."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _folded(target: Target) -> str:
    return _fold(f"{target.number} {target.full_name or target.name}".strip())


def _number(target: Target) -> tuple[str, str]:
    """A target's number in the form in which equal ones are equal, and its digits alone."""
    leading = _LEADING.match(target.name)
    number = target.number or (leading[0] if leading is not None else "")
    return code_key(number), _NO_DIGIT.sub("", number)


class TargetIndex:
    """Targets with their names folded once; the order of equals is theirs."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = sorted(targets, key=lambda one: (_folded(one), one.key))
        self._texts = [_folded(target) for target in self._targets]
        self._numbers = [_number(target) for target in self._targets]

    def search(self, typed: str, limit: int = 100) -> tuple[Target, ...]:
        """The targets that ``typed`` probably means, best first; the first ones for "".

        A number or name that starts with it, or the same number written otherwise (``03300``
        for ``03-300``); then one with a word that starts with each of its words, and a number
        that starts with its digits; then one that holds it; then what reads alike.
        """
        wanted = " ".join(_fold(typed).split())
        if not wanted:
            return tuple(self._targets[:limit])
        parts = wanted.split()
        is_number = _NUMBER.fullmatch(wanted) is not None
        number = (code_key(wanted), _NO_DIGIT.sub("", wanted)) if is_number else ("", "")
        ranked: list[tuple[int, int]] = []
        for place, text in enumerate(self._texts):
            rank = _rank(wanted, parts, text)
            if number[1]:
                rank = _better(rank, _rank_number(number, self._numbers[place]))
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


def _rank_number(wanted: tuple[str, str], number: tuple[str, str]) -> int | None:
    if wanted[0] == number[0]:
        return 0
    return 1 if number[1].startswith(wanted[1]) else None


def _better(first: int | None, second: int | None) -> int | None:
    ranks = [rank for rank in (first, second) if rank is not None]
    return min(ranks, default=None)
