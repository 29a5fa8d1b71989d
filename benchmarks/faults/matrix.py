"""Every read endpoint with every fault for every requirement that needs it, judged."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.faults.kinds import KINDS, TOKEN_KINDS, Kind
from benchmarks.faults.rig import Reading, Rig, Strike
from bot.domain import facets
from bot.domain.catalogue import catalogue
from bot.domain.model import (
    Cause,
    CheckContext,
    Failed,
    Finding,
    Requirement,
    Snapshot,
    SupportIdentity,
    Verdict,
)
from tests.fakes.lists import MemoryLists

WORDS = {
    Cause.RATE_LIMITED: r"used up our requests|too many requests|slow down|too often",
    Cause.SERVER_ERROR: r"fault of its own|out of service|reports a fault|this app",
    Cause.UNREACHABLE: r"couldn't be reached|can't be reached|too long to answer|broke off",
    Cause.BAD_ANSWER: (
        r"isn't data|unknown shape|something other|didn't accept|without a token|sent a row without"
        r"|refused (to say|the question)|doesn't say where"
    ),
    Cause.INCOMPLETE: r"empty|twice|sent \d|says|changed|left out|announced|same page",
    Cause.NO_PERMISSION: r"doesn't (let|show)|can't see|hides|isn't (installed|there)|permitted",
    Cause.RECONNECT: r"(connect|sign in) .*again",
}
"""What a sentence must contain to name a cause."""

KEPT = frozenset({facets.ACCOUNTS, facets.ITEMS, facets.CUSTOMERS})
"""The lists that a reader keeps, and has confirmed the next time."""


@dataclass(frozen=True)
class Case:
    """One cell of the matrix."""

    world: str
    requirement: str
    endpoint: str
    kind: str
    mode: str

    def __str__(self) -> str:
        return f"{self.world}: {self.requirement}, {self.endpoint}, {self.kind} ({self.mode})"


@dataclass(frozen=True)
class Judged:
    """A cell and what was wrong with it ("" for nothing); ``unknown`` where it could not tell."""

    case: Case
    unknown: bool
    wrong: str = ""


@dataclass(frozen=True)
class Truth:
    """What is found without faults, and which endpoints are asked for it."""

    snapshot: Snapshot
    finding: Finding
    endpoints: tuple[str, ...]


class Matrix:
    """The cells of one customer of one world."""

    def __init__(self, name: str, rig: Rig) -> None:
        self._name = name
        self._rig = rig
        self._context = CheckContext(support=SupportIdentity())

    async def truth(self, requirement: Requirement) -> Truth:
        """The verdict without faults."""
        self._rig.wire.asked.clear()
        async with self._rig.reading() as reading:
            snapshot = await reading.read(requirement.needs)
        # Once more with sign-ins that have to be renewed, for the endpoints that do that, and
        # where there are any with lists that were kept, for the one that confirms them.
        async with self._rig.reading(stale=True) as reading:
            await reading.read(requirement.needs)
        if KEPT.intersection(requirement.needs):
            async with self._known(requirement) as reading:
                await reading.read(requirement.needs)
        finding = requirement.check(snapshot, self._context)
        return Truth(snapshot, finding, tuple(sorted(self._rig.wire.asked)))

    async def judge(
        self, requirement: Requirement, truth: Truth, endpoint: str, kind: Kind, mode: str
    ) -> Judged | None:
        """One cell; None where the fault touched no call."""
        case = Case(self._name, requirement.id, endpoint, kind.name, mode)
        strike = Strike(endpoint, kind.make, mode)
        async with self._opened(requirement, endpoint, kind) as reading:
            self._rig.wire.strike = strike
            found = await reading.read(requirement.needs)
            reading.lift()
            if not strike.hits:
                return None
            finding = self._check(requirement, found, truth)
            wrong = _wrong(finding, truth.finding, _causes(kind, endpoint))
            if not wrong and confirms(endpoint):
                wrong = _outdated(found, truth.snapshot)
            if not wrong:
                found = await reading.read(requirement.needs)
                if kind.loses and reading.is_dead:
                    # The server spent the old key for an answer that nobody got: see oauth.py.
                    reading.lift()
                    found = await reading.read(requirement.needs)
                again = self._check(requirement, found, truth)
                if (again.verdict, again.summary) != (
                    truth.finding.verdict,
                    truth.finding.summary,
                ):
                    wrong = f"afterwards {again.verdict}: {again.summary}"
        return Judged(case, finding.verdict is Verdict.UNKNOWN, wrong)

    @asynccontextmanager
    async def _opened(
        self, requirement: Requirement, endpoint: str, kind: Kind
    ) -> AsyncIterator[Reading]:
        """A reader in the state in which it asks this endpoint."""
        if confirms(endpoint):
            async with self._known(requirement, kind.skew) as reading:
                yield reading
        else:
            async with self._rig.reading(kind.skew, stale=renews(endpoint)) as reading:
                yield reading

    @asynccontextmanager
    async def _known(
        self, requirement: Requirement, skew: timedelta = timedelta()
    ) -> AsyncIterator[Reading]:
        """A reader that has kept lists, in which something has changed since."""
        self._rig.kept = MemoryLists()
        self._rig.unsettle()
        async with self._rig.reading(skew) as reading:
            await reading.read([one for one in requirement.needs if one in KEPT])
            self._rig.unsettle()
            yield reading
        self._rig.kept = None

    def _check(self, requirement: Requirement, found: Snapshot, truth: Truth) -> Finding:
        """The requirement's own check; not run again where the very same facts arrived."""
        if _facts(found) == _facts(truth.snapshot):
            return truth.finding
        return requirement.check(found, self._context)


def _facts(snapshot: Snapshot) -> dict[str, object]:
    return {
        name: read if isinstance(read, Failed) else (read.value, read.scope)
        for name, read in snapshot.reads.items()
    }


def _outdated(found: Snapshot, truth: Snapshot) -> str:
    """Which facet was read as it is no more, although no verdict may hang on the difference."""
    now = _facts(truth)
    present = {name: fact for name, fact in _facts(found).items() if not isinstance(fact, Failed)}
    old = [name for name, fact in present.items() if fact != now[name]]
    return f"outdated: {', '.join(old)}" if old else ""


def _causes(kind: Kind, endpoint: str) -> frozenset[Cause]:
    """The discovery document is nobody's data, so a refusal there is no lack of permission."""
    return kind.causes | {Cause.BAD_ANSWER} if "well-known" in endpoint else kind.causes


def _wrong(found: Finding, truth: Finding, causes: frozenset[Cause]) -> str:
    if found.verdict is not Verdict.UNKNOWN:
        if found.verdict is truth.verdict:
            return ""
        return f"{found.verdict} instead of {truth.verdict}: {found.summary}"
    if truth.verdict is Verdict.UNKNOWN and found.summary == truth.summary:
        return ""
    said = f"{found.summary} {found.scope}"
    if found.cause is not None and found.cause not in causes:
        return f"the cause is not {found.cause}: {said}"
    if not any(re.search(WORDS[cause], said) for cause in causes):
        return f"unknown without naming the cause: {said}"
    return ""


def renews(endpoint: str) -> bool:
    """Whether an endpoint is one that gives tokens."""
    return "token" in endpoint


def confirms(endpoint: str) -> bool:
    """Whether an endpoint tells what has changed in lists that are known."""
    return endpoint.endswith("/cdc")


def cells(endpoints: Sequence[str]) -> Iterator[tuple[str, Kind, str]]:
    """Every endpoint with every fault in every mode."""
    for endpoint in endpoints:
        for kind in TOKEN_KINDS if renews(endpoint) else KINDS:
            for mode in kind.modes:
                yield endpoint, kind, mode


async def run(name: str, rig: Rig, every: int = 1) -> tuple[list[Judged], set[str]]:
    """The judged cells of one customer (each ``every``-th) and the endpoints that were asked."""
    matrix, judged = Matrix(name, rig), []
    asked: set[str] = set()
    number = 0
    for requirement in catalogue():
        if not requirement.needs:
            continue
        truth = await matrix.truth(requirement)
        asked.update(truth.endpoints)
        for endpoint, kind, mode in cells(truth.endpoints):
            number += 1
            if number % every:
                continue
            found = await matrix.judge(requirement, truth, endpoint, kind, mode)
            if found is not None:
                judged.append(found)
    return judged, asked
