"""How a customer's items stood at any time: read from the lines that its history holds.

Each line that changed something says so in words that people read and that are understood here:
``cost-code-coverage: unmet (31 of 44) → verified``. What happened without a line (a waiver ran out,
another company was connected) shows in what the next line says it was before; it counts from then.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.customer import CHECK, HistoryEntry
from bot.domain.lifecycle import Event, Stage
from bot.domain.model import Finding, Grade, Report, Status, StatusKind

STANDING = "status"
"""The action of a line that says how items stand since somebody decided something."""
REMINDER = "reminder"
_ARROW = " → "
_KINDS = "|".join(kind.value for kind in StatusKind)
_ONE = rf"({_KINDS})(?: \(([^()]*)\))?"
_MOVE = re.compile(rf"([a-z][a-z0-9-]*): {_ONE}{_ARROW}{_ONE}")
_STAGES = {stage.label: stage for stage in Stage}
_EVENTS = frozenset(event.value for event in Event)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands, and how far it is where that can be counted (``31 of 44``)."""

    kind: StatusKind
    measure: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.kind in (StatusKind.UNMET, StatusKind.UNKNOWN, StatusKind.NOT_CHECKED)

    def __str__(self) -> str:
        return f"{self.kind} ({self.measure})" if self.measure else self.kind.value


UNSEEN = Standing(StatusKind.NOT_CHECKED)


def standing_of(status: Status) -> Standing:
    """How an item stands now; only what is unmet is measured."""
    measured = status.kind is StatusKind.UNMET and status.finding is not None
    return Standing(status.kind, _measure(status.finding) if measured else "")


def _measure(finding: Finding | None) -> str:
    counts = finding.counts if finding is not None else {}
    if "matched" in counts and "total" in counts:
        return f"{counts['matched']} of {counts['total']}"
    return f"{counts['groups']} groups" if "groups" in counts else ""


def moves_in_words(before: Report, after: Report) -> str:
    """What differs between two reports, as the history says it; "" where nothing does."""
    return _in_words(zip(before.statuses, after.statuses, strict=True))


def risks_in_words(before: Report, after: Report) -> str:
    """The same of the risks; one that is looked at for the first time is no change."""
    stood = {one.requirement.id: one for one in before.risks}
    known = [one for one in after.risks if one.requirement.id in stood]
    return _in_words((stood[one.requirement.id], one) for one in known)


def _in_words(pairs: Iterable[tuple[Status, Status]]) -> str:
    stood = [(one.requirement.id, standing_of(one), standing_of(two)) for one, two in pairs]
    return "; ".join(f"{item}: {was}{_ARROW}{now}" for item, was, now in stood if was != now)


@dataclass(frozen=True, slots=True)
class Move:
    """That an item's standing changed; ``place`` counts the lines of the history."""

    place: int
    item: str
    was: Standing
    now: Standing


@dataclass(frozen=True, slots=True)
class Past:
    """A customer's lines, the oldest first, and how its items stand now.

    ``entries`` need not hold clicks. ``risks`` are those of ``present`` that are risks: before its
    first line one stood as that says, because being looked at for the first time leaves none.
    """

    entries: Sequence[HistoryEntry]
    present: Mapping[str, Standing]
    risks: frozenset[str] = frozenset()

    def moves(self) -> Mapping[str, Sequence[Move]]:
        """Every change of each of the items, in order."""
        found: dict[str, list[Move]] = {item: [] for item in self.present}
        for place, entry in enumerate(self.entries):
            for move in _moves(place, entry):
                if move.item in found:
                    found[move.item].append(move)
        return found

    def standings(self, places: Sequence[int]) -> list[Mapping[str, Standing]]:
        """How the items stood just before each of these lines (``len(entries)``: now)."""
        moves = self.moves()
        return [
            {item: self._at(place, item, moves[item]) for item in self.present} for place in places
        ]

    def _at(self, place: int, item: str, moves: Sequence[Move]) -> Standing:
        if place >= len(self.entries):
            return self.present[item]
        before = [move for move in moves if move.place < place]
        if before:
            return before[-1].now
        # A line's own word is better than none, for customers whose first lines say nothing yet.
        if moves:
            return moves[0].was
        return self.present[item] if item in self.risks else UNSEEN

    def stage(self, place: int) -> Stage:
        """The stage just before a line."""
        for entry in reversed(self.entries[:place]):
            if entry.action in _EVENTS:
                to = entry.detail.partition(_ARROW)[2].partition(":")[0].strip()
                if to in _STAGES:
                    return _STAGES[to]
        return Stage.PREPARING

    def places(self, action: str) -> list[int]:
        """Where the lines of an action are."""
        return [place for place, entry in enumerate(self.entries) if entry.action == action]

    def since(self, moment: datetime) -> int:
        """The first line that is not older than ``moment``."""
        older = (place for place, entry in enumerate(self.entries) if entry.at >= moment)
        return next(older, len(self.entries))


def past_of(newest_first: Sequence[HistoryEntry], report: Report) -> Past:
    """From a customer's history as it is stored, and its report; the hand-off is a stage."""
    items = [one for one in report.statuses if one.requirement.grade is not Grade.HAND_OFF]
    present = {one.requirement.id: standing_of(one) for one in (*items, *report.risks)}
    risks = frozenset(one.requirement.id for one in report.risks)
    return Past(tuple(reversed(newest_first)), present, risks)


def _moves(place: int, entry: HistoryEntry) -> Iterator[Move]:
    if entry.action not in (CHECK, STANDING):
        return
    for item, was, measured, now, counted in _MOVE.findall(entry.detail):
        before, after = Standing(StatusKind(was), measured), Standing(StatusKind(now), counted)
        yield Move(place, item, before, after)
