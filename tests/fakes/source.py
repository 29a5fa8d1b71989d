"""The customer's systems, as the test says they are."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.model import Cause, Facet, Failed, Present, Snapshot, System
from bot.services.ports import NOTHING_KNOWN, Clock, Progress

T = TypeVar("T")


@dataclass(frozen=True)
class SourceCall:
    """One call of ``read``."""

    customer_id: int
    facets: tuple[str, ...]
    in_full: bool = False


@dataclass
class FakeSource:
    """``ports.SnapshotSource``: facts by facet, dated when they are read.

    ``gate`` is cleared to hold every read until the test sets it again. ``error`` is raised by
    the next reads, though a real source never raises.
    """

    clock: Clock
    facts: dict[str, tuple[object, str] | Failed] = field(default_factory=dict)
    calls: list[SourceCall] = field(default_factory=list)
    progress: tuple[str, ...] = ()
    error: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()
        self._called = asyncio.Event()

    async def called(self, times: int = 1) -> None:
        """Wait until ``read`` has been called this often in all."""
        while len(self.calls) < times:
            self._called.clear()
            await asyncio.wait_for(self._called.wait(), 60)

    def put(self, facet: Facet[T], value: T, scope: str = "") -> None:
        self.facts[facet.name] = (value, scope)

    def fail(self, facet: Facet[T], reason: str, cause: Cause = Cause.UNREACHABLE) -> None:
        self.facts[facet.name] = Failed(reason, cause)

    def fail_all(
        self, facets: Sequence[Facet[object]], system: System, cause: Cause = Cause.UNREACHABLE
    ) -> None:
        """Every facet of one system fails."""
        for facet in facets:
            if facet.system is system:
                self.fail(facet, f"I couldn't read {system.label} just now.", cause)

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,
        *,
        in_full: bool = False,
        known: Snapshot = NOTHING_KNOWN,  # noqa: ARG002 - the port's shape.
    ) -> Snapshot:
        self.calls.append(SourceCall(customer_id, tuple(f.name for f in facets), in_full))
        self._called.set()
        if progress is not None:
            for text in self.progress:
                await progress(text)
        # The facts are those of the moment at which they were asked for.
        reads = {f.name: self._read(f) for f in facets}
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Snapshot(reads)

    def _read(self, facet: Facet[object]) -> Present[object] | Failed:
        fact = self.facts.get(facet.name)
        if fact is None:
            return Failed(f"{facet.system.label} isn't connected.", Cause.NOT_CONNECTED)
        if isinstance(fact, Failed):
            return fact
        value, scope = fact
        return Present(value, self.clock.now(), scope)
