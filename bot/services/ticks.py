"""The checklist ticks itself: what a system tells of is looked at again within seconds.

A change is noted in the database, in the transaction that remembers its delivery. Any process's
round takes it up, gathered with what else changed, within the budget of ``domain.tick``. It posts
nothing: the card changes, and the channel is told once when that opens the gate.

What nobody tells of is looked at at night, each customer at its own minute: not those whose systems
tell of everything, nor those whom the daily round looks at this very morning. If that opens the
gate, people hear of it in the morning.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.customer import Customer, Purpose
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.reminders import next_due, wants_reminders
from bot.domain.tick import GATHER, WATCHED, Tick, next_night, touched
from bot.services.checks import CheckService
from bot.services.crew import Crew, Size
from bot.services.metrics import NO_METER, TICKS, Meter
from bot.services.ports import Clock, HolidaysOf, Store, Transaction

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""After so long a check that did not end, or whose process died, is begun again."""
CHECK_LIMIT = 180.0
SIZE = Size(brisk=8, slow=50)
PLANNED = 50
"""Customers whose next night is planned in one transaction: nobody's click waits long for it."""
MORNING = timedelta(hours=12)
"""A daily round that comes so soon makes the nightly look needless."""


@dataclass(frozen=True, slots=True)
class Told:
    """That a record of this kind changed in a company; ``key`` names the delivery for ever."""

    key: str
    company: str
    resource: str


class TickService:
    """Notes what changed, and looks at it again."""

    def __init__(
        self,
        store: Store,
        checks: CheckService,
        clock: Clock,
        holidays_of: HolidaysOf,
        told_of: Collection[System] = (),
        meter: Meter = NO_METER,
    ) -> None:
        """``told_of`` are the systems that tell of every company that is connected."""
        self._store = store
        self._checks = checks
        self._clock = clock
        self._holidays_of = holidays_of
        self._told_of = frozenset(told_of)
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

    async def plan(self) -> int:
        """Have everybody who is watched looked at tonight; how many were not planned yet."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            idle = await tx.ticks.idle(WATCHED, PLANNED)
            for customer_id, timezone in idle:
                await tx.ticks.note(customer_id, (), next_night(customer_id, timezone, now))
        return len(idle)

    async def _look(self, tick: Tick) -> None:
        """Look at what changed, or at everything at night; then plan the next night."""
        async with self._store.transaction() as tx:
            customer = await tx.customers.by_id(tick.customer_id)
            connections = await tx.connections.of(tick.customer_id)
            hook = await tx.hooks.get(tick.customer_id)
        again = None
        if customer is not None and customer.stage in WATCHED:
            now = self._clock.now()
            again = next_night(customer.id, customer.timezone, now)
            told_of = self._told_of | ({System.PROCORE} if hook and hook.is_live else set())
            own = {one.system for one in connections if one.purpose is Purpose.CUSTOMER}
            if tick.items or (own - told_of and not _is_due_soon(customer, now)):
                await self._check(customer, tick, now)
        async with self._store.transaction() as tx:
            await tx.ticks.done(tick, again)

    async def _check(self, customer: Customer, tick: Tick, now: datetime) -> None:
        items, tell = sorted(tick.items) or None, now
        if items is None:
            # Nobody is rung at night, nor on a day off.
            tell = next_due(customer, now, self._holidays_of(customer.region))
        # Fresh: a check that is under way may have read before something changed.
        async with asyncio.timeout(CHECK_LIMIT):
            await self._checks.run(customer.id, items, "bot", fresh=bool(items), tell=tell)


def _is_due_soon(customer: Customer, now: datetime) -> bool:
    """Whether the daily round looks at this customer this very morning."""
    due = customer.next_reminder_at
    is_checked = customer.stage is Stage.HANDED_OFF or wants_reminders(customer)
    return due is not None and due - now < MORNING and is_checked


def _name(tick: Tick) -> str:
    # With the version: what changes during a look is looked at beside it, not after its lease.
    return f"the look at change {tick.version} of customer {tick.customer_id}"
