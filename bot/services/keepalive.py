"""Keeping sign-ins alive, warning before they end, and asking for a new one when they died.

Intuit's refresh token lapses when it is not used for about a hundred days (customers who rest), and
ends after five years however often it is used (Intuit, "refresh token policy", November 2025).
Procore's has no fixed end.
"""

import logging
import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import words
from bot.domain.customer import Connection, Customer, Grant, HistoryEntry, Purpose, home_channel
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.services.gateway import Gateway, SignInRefusedError
from bot.services.notices import ExpiryNotice, ReconnectNotice, dump
from bot.services.ports import Clock, Outgoing, Store, Transaction

log = logging.getLogger(__name__)

IDLE = timedelta(days=7)
"""An access token that ended so long ago shows that nobody has used the sign-in since."""
WARN_AT = (7, 30)
"""Days before the hard end, nearest first; each is said once."""


class KeepAlive:
    """The daily round over every connection; safe in any number of processes."""

    def __init__(self, store: Store, clock: Clock, gateway: Gateway, support_channel: str) -> None:
        self._store = store
        self._clock = clock
        self._gateway = gateway
        self._support_channel = support_channel

    async def tick(self) -> int:
        """Use what would lapse, and warn of what ends; 0, because nothing is left over."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            connections = await tx.connections.all()
            customers = {one.id: one for one in await tx.customers.all()}
        for connection in connections:
            customer = customers.get(connection.customer_id)
            if customer is None or customer.stage is Stage.ARCHIVED or connection.broken:
                continue
            if is_idle(connection, now):
                await self._use(connection)
            await self._warn(customer, connection, now)
        return 0

    async def _use(self, connection: Connection) -> None:
        try:
            await self._gateway.keep(connection)
        except SignInRefusedError as error:
            # It comes again with the next round; a dead sign-in has been announced by now.
            where = f"{connection.system.label} of customer {connection.customer_id}"
            log.warning("%s could not be kept alive: %s", where, error)

    async def _warn(self, customer: Customer, connection: Connection, now: datetime) -> None:
        end = connection.tokens.hard_expires_at
        if end is None:
            return
        left = math.ceil((end - now) / timedelta(days=1))
        step = next((days for days in WARN_AT if left <= days), None)
        if step is None or end <= now:
            return
        local = end.astimezone(ZoneInfo(customer.timezone)).date()
        notice = ExpiryNotice(
            customer.name,
            customer.slug,
            customer.id,
            connection.system.value,
            connection.purpose.value,
            left,
            local.isoformat(),
        )
        # By when it was connected: the end itself is counted anew with each answer of Intuit's.
        key = f"expiry:{_name(connection)}:{step}"
        async with self._store.transaction() as tx:
            places = [self._support_channel]
            if connection.purpose is Purpose.CUSTOMER:
                places.append(await home_of(tx, customer.id))
            for place in filter(None, places):
                message = Outgoing(f"{key}:{place}", notice.kind, place, dump(notice), customer.id)
                await tx.outbox.add(message, now)


def is_idle(connection: Connection, now: datetime) -> bool:
    """Whether a QuickBooks sign-in has to be used so that it does not lapse."""
    if connection.system is not System.QBO or connection.grant is not Grant.REFRESH_TOKEN:
        return False
    ended = connection.tokens.expires_at
    return ended is None or now - ended >= IDLE


class BreakAnnouncer:
    """Asks for a new sign-in, once per break, in the place where it is a matter of somebody's."""

    def __init__(self, support_channel: str) -> None:
        self._support_channel = support_channel

    async def __call__(self, tx: Transaction, connection: Connection, at: datetime) -> None:
        """Queue the notice in the transaction that marks the break."""
        customer = await tx.customers.by_id(connection.customer_id)
        if customer is None:
            return
        own = connection.purpose is Purpose.CUSTOMER
        place = await home_of(tx, customer.id) if own else ""
        notice = ReconnectNotice(
            customer.name,
            customer.slug,
            customer.id,
            connection.system.value,
            connection.purpose.value,
            connection.broken,
        )
        message = Outgoing(
            f"reconnect:{_name(connection)}:{at.isoformat()}",
            notice.kind,
            place or self._support_channel,
            dump(notice),
            customer.id,
        )
        await tx.outbox.add(message, at)
        entry = HistoryEntry(
            customer.id, at, "bot", words.history.SIGN_IN_ENDED, connection.system.label
        )
        await tx.history.append(entry)


async def home_of(tx: Transaction, customer_id: int) -> str:
    """The customer's own channel, "" while it has none."""
    channels = await tx.customers.channels(customer_id)
    return home_channel(channels)


def _name(connection: Connection) -> str:
    since = connection.connected_at.isoformat() if connection.connected_at else "always"
    return f"{connection.customer_id}:{connection.system}:{connection.purpose}:{since}"
