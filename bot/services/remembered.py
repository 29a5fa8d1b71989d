"""What was last read of what people match, kept for a while, so that a click reads nothing."""

from collections.abc import Sequence, Sized
from datetime import timedelta

from bot.domain.facets import ACCOUNTS, COST_CODES, CUSTOMERS, ITEMS, VENDORS
from bot.domain.model import Facet, Present, Snapshot
from bot.domain.records import Accounts, CostCodes
from bot.services.ports import NOTHING_KNOWN, Clock, Progress, SnapshotSource

KEPT = frozenset(facet.name for facet in (COST_CODES, ACCOUNTS, ITEMS, VENDORS, CUSTOMERS))
MOST_CUSTOMERS = 30
"""Whose facts are held at once; the one looked at longest ago goes first."""
MOST_RECORDS = 20_000
"""Records of all of them together, some thirty megabytes; the newest is held whatever its size."""
LONGEST = timedelta(hours=1)


class RememberedSource:
    """``ports.SnapshotSource`` that remembers, of each customer, the lists that people match.

    Everything that reads goes through it: after a check, whoever matches works on what the check
    read. It is this process's memory only; nothing of it is stored.
    """

    def __init__(self, source: SnapshotSource, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._last: dict[int, Snapshot] = {}

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,
        *,
        in_full: bool = False,
        known: Snapshot = NOTHING_KNOWN,
    ) -> Snapshot:
        """Read, and remember what was read completely; what was not is forgotten.

        It may be of another company by now than the one that is remembered.
        """
        held = known.merged(self.last(customer_id))
        snapshot = await self._source.read(
            customer_id, facets, progress, in_full=in_full, known=held
        )
        del held
        lists = {name: read for name, read in snapshot.reads.items() if name in KEPT}
        if lists:
            self._last[customer_id] = self.last(customer_id).merged(Snapshot(lists))
            self._forget()
        return snapshot

    def _forget(self) -> None:
        """Let go what was looked at longest ago, until the rest is few enough."""
        records = sum(map(_records, self._last.values()))
        while len(self._last) > MOST_CUSTOMERS or (len(self._last) > 1 and records > MOST_RECORDS):
            records -= _records(self._last.pop(next(iter(self._last))))

    def last(self, customer_id: int) -> Snapshot:
        """What is remembered and no older than an hour; each facet with the time it was read."""
        known = self._last.pop(customer_id, Snapshot())
        oldest = self._clock.now() - LONGEST
        kept = Snapshot(
            {
                name: read
                for name, read in known.reads.items()
                if isinstance(read, Present) and read.read_at >= oldest
            }
        )
        if kept.reads:
            # Put back last: the order is that of looking.
            self._last[customer_id] = kept
        return kept


def _records(snapshot: Snapshot) -> int:
    return sum(_length(read.value) for read in snapshot.reads.values() if isinstance(read, Present))


def _length(value: object) -> int:
    if isinstance(value, CostCodes):
        return len(value.codes)
    if isinstance(value, Accounts):
        return len(value.rows)
    return len(value) if isinstance(value, Sized) else 0
