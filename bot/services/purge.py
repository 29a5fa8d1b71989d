"""Deleting a customer: its sign-ins end at the systems, and everything stored about it goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.customer import Connection, Customer, Purpose
from bot.domain.model import System
from bot.services.gateway import Gateway, SignInRefusedError
from bot.services.hooks import HookService
from bot.services.ports import Clock, Store
from bot.services.reading import existing


@dataclass(frozen=True, slots=True)
class Purged:
    """A customer that is gone; ``untold`` are systems that could not be told to end a sign-in."""

    customer: Customer
    ended: int
    untold: Sequence[System]


class PurgeService:
    """For operators only: nobody can delete a customer from within Slack."""

    def __init__(self, store: Store, clock: Clock, gateway: Gateway, hooks: HookService) -> None:
        self._store = store
        self._clock = clock
        self._gateway = gateway
        self._hooks = hooks

    async def purge(self, customer_id: int, by: str) -> Purged:
        """Delete a customer with everything that is stored about it; it can't be undone.

        The sign-ins are ended first: should this be cut off in between, it can be done again.

        Raises:
            KeyError: there is no such customer.
        """
        await self._hooks.remove(customer_id, System.PROCORE, Purpose.CUSTOMER)
        async with self._store.transaction() as tx:
            customer = await existing(tx, customer_id)
            everyones = await tx.connections.all()
        connections = [one for one in everyones if one.customer_id == customer_id]
        # A server ends every sign-in of that company with one; another customer's must not die.
        shared = {_company(one) for one in everyones if one.customer_id != customer_id}
        own = [one for one in connections if _company(one) not in shared]
        untold = []
        for connection in own:
            try:
                await self._gateway.revoke(connection.system, connection.tokens)
            except SignInRefusedError:
                untold.append(connection.system)
        await self._store.purge(customer_id, by, self._clock.now())
        return Purged(customer, len(own) - len(untold), tuple(untold))


def _company(connection: Connection) -> tuple[System, str]:
    return connection.system, connection.external_id
