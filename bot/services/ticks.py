"""The checklist ticks itself: what a system tells of is looked at again within seconds.

A change is noted in the database, in the transaction that remembers its delivery. Any process's
round takes it up, gathered with what else changed, within the budget of ``domain.tick``. It posts
nothing: the card changes, and the channel is told once when that opens the gate. What is never
told, or not in time, the daily round finds.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.model import System
from bot.domain.tick import GATHER, WATCHED, Tick, touched
from bot.services.checks import CheckService
from bot.services.crew import Crew, Size
from bot.services.metrics import NO_METER, TICKS, Meter
from bot.services.ports import Clock, Store, Transaction

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""After so long a check that did not end, or whose process died, is begun again."""
CHECK_LIMIT = 180.0
SIZE = Size(brisk=8, slow=50)


@dataclass(frozen=True, slots=True)
class Told:
    """That a record of this kind changed in a company; ``key`` names the delivery for ever."""

    key: str
    company: str
    resource: str


class TickService:
    """Notes what changed, and looks at it again."""

    def __init__(
        self, store: Store, checks: CheckService, clock: Clock, meter: Meter = NO_METER
    ) -> None:
        self._store = store
        self._checks = checks
        self._clock = clock
        self._meter = meter

    async def note(self, system: System, told: Sequence[Told]) -> int:
        """Remember what changed, each delivery once; how many changes touch a customer of ours."""
        async with self._store.transaction() as tx:
            whose = await tx.connections.whose(system)
            items: dict[int, set[str]] = {}
            new = 0
            for one in told:
                fresh = await self._accepted(tx, system, one, known=one.company in whose)
                new += fresh
                for customer_id in whose[one.company] if fresh else ():
                    items.setdefault(customer_id, set()).update(touched(system, one.resource))
            due = self._clock.now() + GATHER
            # In the order of their ids, so that two deliveries never wait for each other.
            for customer_id in sorted(items):
                await tx.ticks.note(customer_id, items[customer_id], due)
        return new

    async def _accepted(self, tx: Transaction, system: System, one: Told, *, known: bool) -> bool:
        """Whether this concerns a customer and comes for the first time."""
        outcome = "unknown company"
        if known:
            outcome = "nothing of ours"
            if touched(system, one.resource):
                fresh = await tx.inbox.accept(f"{system.value}:{one.key}", self._clock.now())
                outcome = "noted" if fresh else "repeated"
        self._meter.count(TICKS, system.value, outcome)
        return outcome == "noted"

    async def tick(self) -> int:
        """Look at what is due; how many customers that were."""
        return await Crew(self._claim, self._look, _name, SIZE).work()

    async def _claim(self, limit: int) -> Sequence[Tick]:
        """What is due and within the budget; the rest waits for the end of its hour."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            claimed = await tx.ticks.claim(now, LEASE, limit)
            spent = [tick.spent(now) for tick in claimed]
            for tick, after in zip(claimed, spent, strict=True):
                await tx.ticks.save(after or tick.later())
        return [tick for tick in spent if tick is not None]

    async def _look(self, tick: Tick) -> None:
        async with self._store.transaction() as tx:
            customer = await tx.customers.by_id(tick.customer_id)
        if customer is not None and customer.stage in WATCHED:
            # Fresh: a check that is under way may have read before something changed.
            async with asyncio.timeout(CHECK_LIMIT):
                await self._checks.run(
                    tick.customer_id, sorted(tick.items), "bot", fresh=True, tell=True
                )
        async with self._store.transaction() as tx:
            await tx.ticks.done(tick)


def _name(tick: Tick) -> str:
    # With the version: what changes during a look is looked at beside it, not after its lease.
    return f"the look at change {tick.version} of customer {tick.customer_id}"
