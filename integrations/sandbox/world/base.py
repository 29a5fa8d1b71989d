"""What every section of a world file has in common."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError


class Section(BaseModel):
    """A part of a world file. Unknown keys are refused, so that a typo is not silence."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        coerce_numbers_to_str=True,  # A postcode or an ABN need not be quoted.
    )


class Mistakes:
    """Collects what is wrong across records, so that all of it can be shown at once."""

    def __init__(self) -> None:
        self._details: list[InitErrorDetails] = []

    def add(self, loc: Iterable[str | int], reason: str) -> None:
        """Note one mistake at ``loc`` (keys and list positions from the top)."""
        # Braces are pydantic's own template marks.
        text = reason.replace("{", "{{").replace("}", "}}")
        kind = PydanticCustomError("world", text)
        self._details.append({"type": kind, "loc": tuple(loc), "input": None})

    def repeats(self, loc: tuple[str | int, ...], what: str, keys: Iterable[Hashable]) -> None:
        """Note every key that comes twice in the list at ``loc``; None is no key."""
        first: dict[Hashable, int] = {}
        for position, key in enumerate(keys):
            if key is None:
                continue
            if key in first:
                self.add((*loc, position), f"{what} {key!r} is already at position {first[key]}")
            else:
                first[key] = position

    def unknown(
        self, loc: Iterable[str | int], what: str, key: object, known: Iterable[Any]
    ) -> None:
        """Note that ``key`` is none of ``known``; None refers to nothing and is fine."""
        names = list(known)
        if key is None or key in names:
            return
        shown = ", ".join(repr(name) for name in names[:8]) or "none"
        more = ", …" if len(names) > 8 else ""
        self.add(loc, f"no {what} {key!r} here (there is: {shown}{more})")

    def signed_in(
        self, loc: Iterable[str | int], email: str | None, known: Mapping[str, bool], why: str
    ) -> None:
        """Note that ``email`` is no user of a company, or, with ``why``, one that can't sign in."""
        self.unknown(loc, "user of that company", email, known)
        if email is not None and known.get(email) is False:
            self.add(loc, f"{email} {why}")

    def raise_any(self, title: str) -> None:
        """Raise all of it as one pydantic error, if there is any."""
        if self._details:
            raise ValidationError.from_exception_data(title, self._details)
