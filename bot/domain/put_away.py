"""Decisions that are about one company's records, when another company takes its place."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from bot.domain.model import System


@dataclass(frozen=True, slots=True)
class PutAway:
    """How many of each kind."""

    choices: int = 0
    dismissals: int = 0
    kept: int = 0
    attestations: int = 0

    def __add__(self, other: "PutAway") -> "PutAway":
        return PutAway(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        )

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    def __str__(self) -> str:
        """``12 mapped cost codes, 1 “not a duplicate”``."""
        counts = (
            (self.choices, "mapped cost code", "mapped cost codes"),
            (self.dismissals, "“not a duplicate”", "times “not a duplicate”"),
            (self.kept, "record to keep", "records to keep"),
            (self.attestations, "item marked as done", "items marked as done"),
        )
        return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n)


NOTHING = PutAway()


@dataclass(frozen=True, slots=True)
class Waiting:
    """One decision that holds again when its companies are connected; ``what`` is for people."""

    companies: Mapping[System, str]
    kind: str
    what: str
    by: str
    at: datetime
