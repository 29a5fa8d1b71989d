"""Snapshots that are made, in place of reading Procore and QuickBooks."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bot.domain.model import Facet, Snapshot
from bot.services.ports import NOTHING_KNOWN, Progress


class MadeSource(ABC):
    """``ports.SnapshotSource`` over :meth:`made`: nobody is told of any progress."""

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,  # noqa: ARG002 - the port's shape.
        *,
        in_full: bool = False,  # noqa: ARG002 - the port's shape.
        known: Snapshot = NOTHING_KNOWN,  # noqa: ARG002 - the port's shape.
    ) -> Snapshot:
        """What is made of this customer."""
        return await self.made(customer_id, facets)

    @abstractmethod
    async def made(self, customer_id: int, wanted: Sequence[Facet[object]]) -> Snapshot:
        """The snapshot."""
