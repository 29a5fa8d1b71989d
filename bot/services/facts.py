"""The facts that people match, as fresh as a decision needs them, and where heavy work is done."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from bot import words
from bot.domain.evaluate import succeed
from bot.domain.model import Facet, Failed, Finding, Present, Read, Snapshot
from bot.services.decisions import DecisionService
from bot.services.errors import UserError
from bot.services.ports import Clock, Progress, Store, Transaction
from bot.services.remembered import RememberedSource
from bot.services.runs import Runs

K = TypeVar("K", bound=Hashable)
B = TypeVar("B")
R = TypeVar("R")
FRESH = timedelta(minutes=10)
"""So old may be what a person is shown."""
DETAIL = 2_000
"""Characters of a line of history that lists what was decided."""
TRIES = 3


class Away(Protocol):
    """Runs pure computing where it holds up nobody's clicks; ``size`` is its largest list."""

    async def __call__(self, size: int, work: Callable[..., R], *arguments: object) -> R:
        """Call ``work`` with ``arguments``, elsewhere."""
        ...


async def away_in_a_thread(size: int, work: Callable[..., R], *arguments: object) -> R:
    """What is enough for small companies."""
    del size
    return await asyncio.to_thread(work, *arguments)


class MovedError(Exception):
    """What was decided rests on something that changed meanwhile: look again and redo it."""


async def settle(attempt: Callable[[], Awaitable[R]]) -> R | None:
    """What ``attempt`` returns; again when something moved meanwhile, None when it always does."""
    for _ in range(TRIES):
        try:
            return await attempt()
        except MovedError:
            continue
    return None


class FactKeeper:
    """Gets the facts that matching works on: remembered ones, or freshly read."""

    def __init__(self, store: Store, source: RememberedSource, clock: Clock) -> None:
        self._store = store
        self._source = source
        self._clock = clock

    async def get(
        self,
        customer_id: int,
        item: str,
        needs: Sequence[Facet[object]],
        progress: Progress | None = None,
    ) -> Snapshot:
        """The facets of ``item``, no older than ten minutes and than its stored finding.

        Raises:
            UserError: a system could not be read; the sentence says why.
        """
        known = self._source.last(customer_id)
        oldest = max(await self._checked_at(customer_id, item), self._clock.now() - FRESH)
        if self.knows(customer_id, needs, oldest):
            return known
        return await self._source.read(customer_id, needs, progress)

    def is_fresh(self, customer_id: int, needs: Sequence[Facet[object]]) -> bool:
        """Whether looking now will probably read nothing."""
        return self.knows(customer_id, needs, self._clock.now() - FRESH)

    def knows(
        self, customer_id: int, needs: Sequence[Facet[object]], oldest: datetime | None = None
    ) -> bool:
        """Whether all of it is remembered, however long ago it was read, or since ``oldest``."""
        known = self._source.last(customer_id)
        since = oldest or datetime.min.replace(tzinfo=UTC)
        return all(_is_since(known.get(facet), since) for facet in needs)

    async def _checked_at(self, customer_id: int, item: str) -> datetime:
        """When another process may have read newer facts than we remember."""
        async with self._store.transaction() as tx:
            finding = (await tx.findings.load(customer_id)).get(item)
        earliest = self._clock.now() - FRESH
        return finding.checked_at if finding and finding.checked_at else earliest


class FactService(Generic[K, B, R]):
    """A use case over remembered facts: what it needs, and its kernel's finished runs."""

    def __init__(
        self,
        store: Store,
        facts: FactKeeper,
        clock: Clock,
        decisions: DecisionService,
        away: Away = away_in_a_thread,
    ) -> None:
        self._store = store
        self._facts = facts
        self._clock = clock
        self._decisions = decisions
        self._away = away
        self._runs: Runs[K, B, R] = Runs()


def _is_since(read: Read[object], oldest: datetime) -> bool:
    return isinstance(read, Present) and read.read_at >= oldest


def unreadable(failed: Failed) -> UserError:
    """The sentence for a list that could not be read."""
    return UserError(words.trouble.UNREADABLE.format(why=failed.reason))


async def save_finding(tx: Transaction, customer_id: int, item: str, finding: Finding) -> None:
    """Store what a decision made of an item, unless what is stored rests on newer facts.

    Raises:
        MovedError: it does; nothing was stored.
    """
    stored = (await tx.findings.load(customer_id)).get(item)
    stored_at = stored.checked_at if stored is not None else None
    if stored_at is not None and finding.checked_at is not None and stored_at > finding.checked_at:
        raise MovedError
    await tx.findings.save(customer_id, {item: succeed(stored, finding)})
