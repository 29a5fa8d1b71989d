"""What every section of a world file has in common."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError


def _a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name} is not a time zone such as Australia/Sydney") from None
    return name


Zone = Annotated[str, AfterValidator(_a_zone)]
"""An IANA time zone that this machine knows."""


class Section(BaseModel):
    """A part of a world file. Unknown keys are refused, so that a typo is not silence."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        coerce_numbers_to_str=True,  # A postcode or an ABN need not be quoted.
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: object) -> object:
        """A known key without a value counts as left out: scripts write null for "none"."""
        if not isinstance(data, Mapping):
            return data
        known = cls.model_fields
        return {key: value for key, value in data.items() if value is not None or key not in known}


class Mistakes:
    """Collects what is wrong across records, so that all of it can be shown at once."""

    def __init__(self) -> None:
        self._details: list[InitErrorDetails] = []

    def add(self, loc: Iterable[str | int], reason: str, first: int | None = None) -> None:
        """Note one mistake at ``loc`` (keys and list positions from the top).

        ``first`` is the position in the same list of the record that this one repeats.
        """
        # Braces are pydantic's own template marks.
        text = reason.replace("{", "{{").replace("}", "}}")
        kind = PydanticCustomError("world", text, {"first": first})
        self._details.append({"type": kind, "loc": tuple(loc), "input": None})

    def repeats(self, loc: tuple[str | int, ...], what: str, keys: Iterable[Hashable]) -> None:
        """Note every key that comes twice in the list at ``loc``; None is no key."""
        first: dict[Hashable, int] = {}
        for position, key in enumerate(keys):
            if key is None:
                continue
            if key in first:
                self.add((*loc, position), f"{what} {key!r} is here twice", first[key])
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
