"""What is remembered is bounded: of large companies by its records, of small ones by number."""

from collections.abc import Sequence

import pytest

from bot.domain.facets import VENDORS
from bot.domain.model import Facet, Present, Snapshot
from bot.services import remembered
from bot.services.ports import NOTHING_KNOWN, Progress
from bot.services.remembered import RememberedSource
from tests.storage.kit import FixedClock


class Source:
    """Customer 3 has three vendors, and so on."""

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,  # noqa: ARG002 - the port's shape.
        *,
        in_full: bool = False,  # noqa: ARG002 - the port's shape.
        known: Snapshot = NOTHING_KNOWN,  # noqa: ARG002 - the port's shape.
    ) -> Snapshot:
        vendors = tuple(object() for _ in range(customer_id))
        return Snapshot({facet.name: Present(vendors, FixedClock().now()) for facet in facets})


async def test_the_oldest_go_first_and_the_newest_stays_whatever_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remembered, "MOST_RECORDS", 10)
    source = RememberedSource(Source(), FixedClock())

    async def known_after(customer_id: int) -> list[int]:
        await source.read(customer_id, [VENDORS])
        return [one for one in range(1, 20) if source.last(one).reads]

    assert await known_after(2) == [2]
    assert await known_after(7) == [2, 7]
    assert await known_after(3) == [3, 7]
    assert await known_after(15) == [15]
    assert await known_after(1) == [1]
