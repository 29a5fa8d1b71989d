"""A press on *Re-check*: at once, unless another press has just done it.

Interfy pays for what it reads from QuickBooks, and people press twice. What a press found stands
for ten seconds: whoever presses within them is told how old the answer is and what it says, and
no system is asked. Somebody who mended something meanwhile must not have to remember to press
again, so one more run follows by itself when the ten seconds are over, shared by all who pressed.

The ten seconds never hold where they would mislead: after a read that failed for no fault of a
person's, after any decision or connection since (each leaves a line in the history), and for
whatever is no press: hand-off, daily round, a new sign-in, a customer's first card and the command
line go straight to ``CheckService.run``, which knows nothing of this. All of it is this process's
memory: of two processes each counts its own presses, and a restart forgets a run that was to
follow.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.catalogue import catalogue
from bot.domain.customer import CHECK, CLICK, HistoryEntry
from bot.services.checks import CheckService
from bot.services.ports import Clock, Store, Transaction
from bot.services.reading import existing, read_view
from bot.services.views import CheckOutcome, CustomerView

log = logging.getLogger(__name__)

COOL = timedelta(seconds=10)
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Done:
    """When a pressed run of an item ended, and the customer's newest line of history then."""

    at: datetime
    mark: HistoryEntry | None


@dataclass(frozen=True, slots=True)
class Cooling:
    """Nothing was read: how old the answer is, and in how many seconds ``later`` looks again."""

    view: CustomerView
    checked: tuple[str, ...]
    ago: int
    wait: int
    later: "asyncio.Task[CheckOutcome]"


@dataclass(eq=False, slots=True)
class _Later:
    """The run that follows: who pressed first, and everything that was pressed."""

    by: str
    due: datetime
    items: set[str] = field(default_factory=set)
    task: "asyncio.Task[CheckOutcome] | None" = None


class RecheckService:
    """Takes presses. ``pause`` sleeps for some seconds."""

    def __init__(self, store: Store, checks: CheckService, clock: Clock, pause: Pause) -> None:
        self._store = store
        self._checks = checks
        self._clock = clock
        self._pause = pause
        self._done: dict[int, dict[str, _Done]] = {}
        self._later: dict[int, _Later] = {}

    async def press(
        self, customer_id: int, items: Sequence[str] | None, by: str
    ) -> CheckOutcome | Cooling:
        """Check the named items (all when None), or say that they have just been checked."""
        wanted = [known.id for known in catalogue()] if items is None else list(items)
        async with self._store.transaction() as tx:
            view = await read_view(tx, await existing(tx, customer_id), self._clock)
            mark = await _mark(tx, customer_id)
        oldest = self._oldest(view, wanted, mark)
        if oldest is None:
            return await self._run(customer_id, wanted, by)
        later = self._follow_up(customer_id, wanted, by, oldest + COOL)
        assert later.task is not None
        ago = math.floor((view.now - oldest).total_seconds())
        wait = max(1, math.ceil((later.due - view.now).total_seconds()))
        return Cooling(view, tuple(sorted(wanted)), ago, wait, later.task)

    async def stop(self) -> None:
        """Forget the runs that were to follow."""
        tasks = [later.task for later in self._later.values() if later.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _oldest(
        self, view: CustomerView, wanted: Sequence[str], mark: HistoryEntry | None
    ) -> datetime | None:
        """When the first of these was checked, if all of that still stands."""
        done = self._done.get(view.customer.id, {})
        found = [done.get(item) for item in wanted]
        findings = [view.report.status(item).finding for item in wanted]
        if any(one is None or one.mark != mark for one in found):
            return None
        if any(finding is not None and finding.outage for finding in findings):
            return None
        oldest = min(one.at for one in found if one is not None)
        # A clock that was set back says nothing about how long ago that was.
        return oldest if timedelta(0) <= view.now - oldest < COOL else None

    async def _run(self, customer_id: int, wanted: Sequence[str], by: str) -> CheckOutcome:
        outcome = await self._checks.run(customer_id, wanted, by)
        async with self._store.transaction() as tx:
            done = _Done(self._clock.now(), await _mark(tx, customer_id))
        self._done.setdefault(customer_id, {}).update(dict.fromkeys(wanted, done))
        return outcome

    def _follow_up(self, customer_id: int, wanted: Sequence[str], by: str, due: datetime) -> _Later:
        """The run that follows, with these items in it; begun by whoever presses first."""
        later = self._later.get(customer_id)
        if later is None:
            later = self._later[customer_id] = _Later(by, due)
            later.task = asyncio.create_task(self._look_again(customer_id, later))
            later.task.add_done_callback(_noted)
        later.items.update(wanted)
        return later

    async def _look_again(self, customer_id: int, later: _Later) -> CheckOutcome:
        try:
            await self._pause(max(0.0, (later.due - self._clock.now()).total_seconds()))
        finally:
            # From now on a press shares the run, or plans the next one.
            del self._later[customer_id]
        return await self._run(customer_id, sorted(later.items), later.by)


async def _mark(tx: Transaction, customer_id: int) -> HistoryEntry | None:
    """The newest line of the history that is neither check nor click: decisions, connections."""
    newest = await tx.history.of(customer_id, 1, without=(CHECK, CLICK))
    return newest[0] if newest else None


def _noted(task: "asyncio.Task[CheckOutcome]") -> None:
    """Nobody may be waiting for a run that follows, so what broke it is logged here."""
    if not task.cancelled() and task.exception() is not None:
        log.error("a check that followed a press broke", exc_info=task.exception())
