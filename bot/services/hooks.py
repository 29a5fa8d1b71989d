"""Procore's webhooks, one a company: made by the bot once a customer is connected, and taken away.

Only where an operator has set ``PROCORE_WEBHOOK_SECRET`` and the bot can be reached. It is the one
thing that the bot writes into a customer's Procore. Where a login may not, nobody has to do
anything: the night finds what nobody told (``ticks``), and tomorrow it is tried again.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from bot.domain.customer import HistoryEntry, Purpose
from bot.domain.hook import Hook
from bot.domain.model import System
from bot.domain.tick import WATCHED
from bot.services.ports import Clock, Store
from bot.services.webhooks import PATHS

log = logging.getLogger(__name__)

RETRY = timedelta(days=1)
MOST = 10
"""Companies that are set up in one go."""


class HookRefusedError(Exception):
    """A webhook could not be set up or taken away; the message is a sentence for a person."""


class HookGateway(Protocol):
    """Procore's Webhooks API, through a customer's own connection."""

    async def make(self, customer_id: int, address: "Address") -> tuple[str, tuple[str, ...]]:
        """Have changes told to ``address``: the hook's id, and of which kinds of records.

        What is left of an earlier try is taken away first.

        Raises:
            HookRefusedError: it could not be set up, and nothing of it is left.
        """
        ...

    async def remove(self, customer_id: int, address: "Address") -> None:
        """Take away every hook that tells this address.

        Raises:
            HookRefusedError: Procore could not be asked, or didn't allow it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where deliveries come in, and the ``Authorization`` header that makes them genuine."""

    url: str = ""
    secret: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.url and self.secret)


def address_of(public_url: str, secret: str) -> Address:
    """The address of this installation; false where there is none or no secret is set."""
    url = f"{public_url.rstrip('/')}{PATHS[System.PROCORE]}" if public_url else ""
    return Address(url, secret)


class HookService:
    """Keeps one webhook for each Procore company that is connected."""

    def __init__(
        self, store: Store, clock: Clock, gateway: HookGateway | None, address: Address
    ) -> None:
        self._store = store
        self._clock = clock
        self._gateway = gateway
        self._address = address

    async def tend(self) -> int:
        """Set up what is missing; how many companies that were. Each is one process's business."""
        if self._gateway is None or not self._address:
            return 0
        now = self._clock.now()
        async with self._store.transaction() as tx:
            claimed = await tx.hooks.claim(WATCHED, now, now - RETRY, MOST)
        for hook in claimed:
            await self._make(self._gateway, hook)
        return len(claimed)

    async def _make(self, gateway: HookGateway, hook: Hook) -> None:
        try:
            hook_id, kinds = await gateway.make(hook.customer_id, self._address)
        except HookRefusedError as error:
            log.warning("no webhook for customer %s: %s", hook.customer_id, error)
            await self._keep(replace(hook, problem=str(error)), "no webhook", str(error))
            return
        await self._keep(replace(hook, hook_id=hook_id, problem=""), "webhook", ", ".join(kinds))

    async def _keep(self, hook: Hook, action: str, detail: str) -> None:
        """Store what came of it; that it still can't be set up is said once."""
        async with self._store.transaction() as tx:
            known = await tx.hooks.get(hook.customer_id)
            if known is None:
                # Disconnected meanwhile, and gone.
                return
            await tx.hooks.put(hook)
            if known.told != detail:
                line = HistoryEntry(hook.customer_id, self._clock.now(), "bot", action, detail)
                await tx.history.append(line)
                await tx.hooks.put(replace(hook, told=detail))

    async def remove(self, customer_id: int, system: System, purpose: Purpose) -> None:
        """Take a customer's webhook away before its connection goes; at worst nobody hears it."""
        if self._gateway is None or (system, purpose) != (System.PROCORE, Purpose.CUSTOMER):
            return
        async with self._store.transaction() as tx:
            hook = await tx.hooks.get(customer_id)
            await tx.hooks.delete(customer_id)
        if hook is None or not hook.is_live:
            return
        try:
            await self._gateway.remove(customer_id, self._address)
        except HookRefusedError as error:
            log.warning("a webhook of customer %s is left at Procore: %s", customer_id, error)
