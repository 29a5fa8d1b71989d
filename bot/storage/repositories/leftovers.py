"""What no foreign key ties to a customer and is about it all the same."""

import json

from sqlalchemy import delete, or_, update

from bot.domain.customer import Customer
from bot.services.ports import OutboxState
from bot.storage.repositories.base import Repository, col, table_of
from bot.storage.tables import LeaseRow, OutboxRow


class LeftoverRepository(Repository):
    """Forgets a customer where the removal of its row does not reach."""

    async def forget(self, customer: Customer) -> None:
        """Remove leases in its name, and its name from messages about several customers.

        A message that was sent keeps its key, so that it is not sent again; one that waits goes
        whole, because what it says can't be taken apart.
        """
        await self._change(
            delete(table_of(LeaseRow)).where(col(LeaseRow.name).startswith(f"renew {customer.id} "))
        )
        payload = col(OutboxRow.payload)
        name = json.dumps(customer.name, ensure_ascii=False)[1:-1]
        shared = (
            col(OutboxRow.customer_id).is_(None),
            or_(
                payload.contains(name, autoescape=True),
                payload.contains(json.dumps(customer.slug), autoescape=True),
            ),
        )
        waiting = col(OutboxRow.state) == OutboxState.WAITING.value
        await self._change(delete(table_of(OutboxRow)).where(*shared, waiting))
        await self._change(
            update(table_of(OutboxRow)).where(*shared).values(payload="{}", last_error="")
        )
