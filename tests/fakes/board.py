"""A board that remembers what the cards would have shown."""

from dataclasses import dataclass, field

from bot.services.ports import Busy


@dataclass
class FakeBoard:
    """``ports.Board``: ``shown`` holds every refresh as (customer, busy items or None)."""

    shown: list[tuple[int, dict[str, str] | None]] = field(default_factory=list)

    async def refresh(self, customer_id: int, busy: Busy | None = None) -> None:
        self.shown.append((customer_id, dict(busy.items) if busy else None))

    @property
    def last(self) -> dict[str, str] | None:
        """What is busy on the newest card; None when nothing is."""
        return self.shown[-1][1]
