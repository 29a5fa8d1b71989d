"""Keeps the living cards true: at most one edit a second each, the last state always wins."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.customer import CardRef
from bot.domain.model import SupportIdentity
from bot.services.ports import Busy, Clock, Store
from bot.services.reading import read_view
from bot.services.views import CustomerView
from handlers.blocks.card import build_card
from handlers.slack_errors import (
    PAUSES,
    UNREACHABLE,
    code_of,
    is_outage,
    is_rate_limit,
    retry_after,
)

log = logging.getLogger(__name__)

BETWEEN_EDITS = 1.0
"""Seconds between two edits of one card: Slack takes about one a second per channel."""
Pause = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Card:
    """What is wanted of one customer's card, and what it shows already."""

    busy: Busy | None = None
    wanted: bool = False
    shown: tuple[str, dict[str, Any]] | None = None
    tries: int = 0
    """How often in a row Slack was unwell."""
    worker: "asyncio.Task[None] | None" = None


class CardBoard:
    """``ports.Board`` over ``chat.update``.

    ``refresh`` only notes what is wanted: a worker per card edits it, so that no check ever waits
    for Slack. ``drain`` waits until every card shows what was last wanted.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        store: Store,
        clock: Clock,
        support: SupportIdentity,
        *,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._support = support
        self._pause = pause
        self._cards: dict[int, _Card] = {}

    async def refresh(self, customer_id: int, busy: Busy | None = None) -> None:
        """Have the customer's card show the present state, and what is being checked."""
        card = self._cards.setdefault(customer_id, _Card())
        card.busy, card.wanted = busy, True
        if card.worker is None or card.worker.done():
            card.worker = asyncio.create_task(self._keep(customer_id, card))
            card.worker.add_done_callback(lambda done: self._end(done, card))

    async def drain(self) -> None:
        """Wait until nothing is left to edit; call it before the client is closed."""
        while workers := [c.worker for c in self._cards.values() if c.worker is not None]:
            await asyncio.gather(*workers, return_exceptions=True)

    def _end(self, worker: "asyncio.Task[None]", card: _Card) -> None:
        if card.worker is worker:
            card.worker = None
        if not worker.cancelled() and worker.exception() is not None:
            log.error("a card could not be kept true", exc_info=worker.exception())

    async def _keep(self, customer_id: int, card: _Card) -> None:
        while card.wanted:
            card.wanted = False
            wait = await self._edit(customer_id, card)
            if wait:
                await self._pause(wait)

    async def _edit(self, customer_id: int, card: _Card) -> float:
        """Edit once; how many seconds the next edit has to wait."""
        ref, view = await self._read(customer_id)
        if ref is None or view is None:
            return 0.0
        arguments = build_card(view, self._support, card.busy).arguments()
        if card.shown == (ref.ts, arguments):
            return 0.0
        try:
            await self._client.chat_update(channel=ref.channel_id, ts=ref.ts, **arguments)
        except SlackApiError as error:
            return await self._refused(error, ref, card)
        except UNREACHABLE as error:
            return self._again(card, ref, type(error).__name__)
        card.shown, card.tries = (ref.ts, arguments), 0
        return BETWEEN_EDITS

    async def _read(self, customer_id: int) -> tuple[CardRef | None, CustomerView | None]:
        async with self._store.transaction() as tx:
            ref = await tx.cards.get(customer_id)
            if ref is None or not ref.ts:
                return None, None
            customer = await tx.customers.by_id(customer_id)
            if customer is None:
                return None, None
            return ref, await read_view(tx, customer, self._clock)

    async def _refused(self, error: SlackApiError, ref: CardRef, card: _Card) -> float:
        """Slack said no: wait and try again, forget a deleted card, or log it."""
        if is_rate_limit(error):
            card.wanted = True
            return max(retry_after(error), BETWEEN_EDITS)
        if code_of(error) == "message_not_found":
            log.warning("the card of customer %s was deleted; I forget it", ref.customer_id)
            await self._forget(ref)
            return 0.0
        if is_outage(error):
            return self._again(card, ref, code_of(error))
        log.warning("card %s was not edited: %s", ref.ts, code_of(error))
        return BETWEEN_EDITS

    def _again(self, card: _Card, ref: CardRef, why: str) -> float:
        """Slack is unwell: a card that says "Checking…" must not say so until the next check."""
        log.warning("card %s was not edited: %s", ref.ts, why)
        card.wanted = card.tries < len(PAUSES)
        wait = PAUSES[card.tries] if card.wanted else BETWEEN_EDITS
        card.tries = card.tries + 1 if card.wanted else 0
        return wait

    async def _forget(self, ref: CardRef) -> None:
        """An empty ts says that there is no card, unless a newer one was posted meanwhile."""
        async with self._store.transaction() as tx:
            if await tx.cards.get(ref.customer_id) == ref:
                await tx.cards.put(CardRef(ref.customer_id, ref.channel_id, ""))
