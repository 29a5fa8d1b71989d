"""Snapshots that are ready, in place of reading Procore and QuickBooks.

Reading a thousand customers' systems is what the claims ``faults`` and ``load`` are about. Here
it is left out, so that a thousand customers are affordable; everything after it is the bot's own.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.shared.source import MadeSource
from bot.domain import facets
from bot.domain.model import Cause, Facet, Failed, Present, Snapshot
from bot.domain.records import Accounts
from bot.services.ports import Clock
from integrations.snapshot import SystemsReader
from tests.fakes.facts import account, calm, code, codes, healthy

CODES = codes(code("03-300", "Footings"), code("26-100", "Switchboards"))
CHART = Accounts((account("03-300", "Footings"),))


@dataclass(frozen=True)
class ReadySource(MadeSource):
    """``ports.SnapshotSource``.

    Customers in ``ready`` are in order, all others have a cost code without target. Of ten
    customers ``sick`` are slow or dead by turns. Everything but reading is the real reader's.
    """

    real: SystemsReader
    clock: Clock
    ready: frozenset[int] = frozenset()
    sick: int = 0
    slow_s: float = 30.0
    dead_s: float = 60.0

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    async def made(self, customer_id: int, wanted: Sequence[Facet[object]]) -> Snapshot:
        """The facts, or what is in the way of them."""
        if customer_id % 10 < self.sick:
            if customer_id % 20 < 10:
                await asyncio.sleep(self.slow_s)
            else:
                await asyncio.sleep(self.dead_s)
                return Snapshot({f.name: _dead(f) for f in wanted})
        facts = healthy() | calm()
        if customer_id not in self.ready:
            facts |= {facets.COST_CODES: CODES, facets.ACCOUNTS: CHART}
        now = self.clock.now()
        return Snapshot({f.name: Present(facts[f], now) for f in wanted})


def _dead(facet: Facet[object]) -> Failed:
    return Failed(f"{facet.system.label} did not answer in time.", Cause.UNREACHABLE)
