"""Looking at the risks: after a full check, when the card already shows what that found.

What the check has read is not read again; what only risks need is read then, and only for risks
that are switched on. Nobody waits for it, nobody is told of it: the card's line changes.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot import words
from bot.domain.catalogue import risks
from bot.domain.customer import HistoryEntry
from bot.domain.evaluate import succeed
from bot.domain.model import Snapshot, SupportIdentity, Waiver
from bot.domain.progress import STANDING, risks_in_words
from bot.domain.risk import ALL, is_on
from bot.services.checks import CheckService, Judge, facets_of
from bot.services.errors import UserError
from bot.services.ports import Clock, SnapshotSource, Store
from bot.services.reading import existing, read_context, read_stored

log = logging.getLogger(__name__)

Show = Callable[[int], Awaitable[None]]

PATIENCE_S = 60.0
"""So long a hand-off waits for its risks: a system that has shut us out may take minutes."""


class RiskService:
    """Reads and judges risks; one look at a customer at a time, the newest facts win."""

    def __init__(
        self,
        store: Store,
        source: SnapshotSource,
        clock: Clock,
        support: SupportIdentity,
        judge: Judge,
        checks: CheckService,
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock
        self._support = support
        self._judge = judge
        self._checks = checks
        self._looking: dict[int, asyncio.Task[None]] = {}

    def follow(self, customer_id: int, known: Snapshot) -> None:
        """Look in the background; a look that rests on older facts ends."""
        earlier = self._looking.get(customer_id)
        if earlier is not None:
            earlier.cancel()
        task = asyncio.create_task(self._follow(customer_id, known))
        self._looking[customer_id] = task
        task.add_done_callback(lambda done: self._forget(customer_id, done))

    async def settled(self, customer_id: int) -> None:
        """Let the look at this customer come to its end, unless it takes very long."""
        looking = self._looking.get(customer_id)
        if looking is not None:
            await asyncio.wait([looking], timeout=PATIENCE_S)

    async def drain(self) -> None:
        """Let every look come to its end."""
        await asyncio.gather(*self._looking.values(), return_exceptions=True)

    async def stop(self) -> None:
        """End what is looking; nothing of it was stored yet."""
        for task in self._looking.values():
            task.cancel()
        await self.drain()

    async def look(self, customer_id: int, known: Snapshot) -> None:
        """Judge every risk that is on, by what is known and by what only risks need."""
        async with self._store.transaction() as tx:
            waivers = await tx.decisions.waivers(customer_id)
        wanted = [risk for risk in risks() if is_on(risk.id, waivers)]
        needed = [facet for facet in facets_of(wanted) if facet.name not in known.reads]
        snapshot = known
        if needed:
            snapshot = known.merged(await self._source.read(customer_id, needed))
        async with self._store.transaction() as tx:
            context = await read_context(tx, await existing(tx, customer_id), self._support)
        findings = await self._judge(wanted, snapshot, context, self._clock.now())
        async with self._store.transaction() as tx:
            stored = await read_stored(tx, await tx.customers.lock(customer_id), self._clock)
            newer = {
                item: succeed(stored.findings.get(item), one) for item, one in findings.items()
            }
            await tx.findings.save(customer_id, newer)
            moved = risks_in_words(stored.report(), stored.report(newer))
            if moved:
                now = self._clock.now()
                await tx.history.append(HistoryEntry(customer_id, now, "bot", STANDING, moved))
        await self._checks.show(customer_id)

    async def switch(self, customer_id: int, by: str, item: str, *, on: bool) -> None:
        """Staff switch one risk, or with "risks" all of them, on or off.

        Raises:
            UserError: it stands so already.
        """
        word = "on" if on else "off"
        async with self._store.transaction() as tx:
            await tx.customers.lock(customer_id)
            was_on = item not in await tx.decisions.waivers(customer_id)
            if was_on is on:
                what = words.risks.THE_RISKS_ARE if item == ALL else words.risks.THAT_RISK_IS
                raise UserError(words.risks.STANDS_SO.format(what=what, word=word))
            if on:
                await tx.decisions.withdraw_waiver(customer_id, item)
            else:
                waiver = Waiver(by, self._clock.now(), "switched off")
                await tx.decisions.waive(customer_id, item, waiver)
            entry = HistoryEntry(customer_id, self._clock.now(), by, f"risks {word}", item)
            await tx.history.append(entry)
        await self._checks.show(customer_id)

    async def _follow(self, customer_id: int, known: Snapshot) -> None:
        try:
            await self.look(customer_id, known)
        except Exception as error:
            # The store says so of a customer that is gone; any other KeyError is a defect.
            if isinstance(error, KeyError) and error.args == (customer_id,):
                log.info("customer %s is gone; its risks are not looked at", customer_id)
                return
            # Nobody waits for this task, so its error would be lost; the risks stay as they were.
            log.exception("the risks of customer %s could not be looked at", customer_id)

    def _forget(self, customer_id: int, done: "asyncio.Task[None]") -> None:
        if self._looking.get(customer_id) is done:
            del self._looking[customer_id]
