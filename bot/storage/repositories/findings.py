"""The last finding of each requirement."""

from collections.abc import Mapping

from bot.domain.model import Finding
from bot.storage.finding_json import finding_from_json, finding_to_json
from bot.storage.repositories.base import Repository, of_customer
from bot.storage.tables import FindingRow


class FindingRepository(Repository):
    """``ports.Findings``."""

    async def save(self, customer_id: int, findings: Mapping[str, Finding]) -> None:
        rows = [
            {"customer_id": customer_id, "item": item, "data": finding_to_json(finding)}
            for item, finding in findings.items()
        ]
        await self._upsert(FindingRow, rows)

    async def load(self, customer_id: int) -> Mapping[str, Finding]:
        """Every finding that can be read; an unreadable one counts as not checked."""
        rows = await self._all(of_customer(FindingRow), customer_id=customer_id)
        read = {row.item: finding_from_json(row.data) for row in rows}
        return {item: finding for item, finding in read.items() if finding is not None}
