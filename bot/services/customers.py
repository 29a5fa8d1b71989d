"""Starting, finding, linking and listing customers."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.customer import CardRef, Channel, Customer, HistoryEntry, NewCustomer
from bot.domain.reminders import next_due
from bot.services.errors import UnknownCustomerError, UserError
from bot.services.ports import (
    ChannelTakenError,
    Clock,
    HolidaysOf,
    SlugTakenError,
    Store,
    Transaction,
)
from bot.services.reading import existing, read_view
from bot.services.views import CustomerView

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 40


def slug_of(name: str) -> str:
    """A short name for commands: "Acme Constructions" → "acme-constructions".

    Raises:
        UserError: nothing usable is left of it.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:LONGEST_SLUG].strip("-")
    if not SLUG.fullmatch(slug):
        raise UserError(
            f'I can\'t make a short name from "{name}". Use letters and digits, for example: '
            "new acme."
        )
    return slug


class CustomerService:
    """Customers, their channels and their cards."""

    def __init__(self, store: Store, clock: Clock, holidays_of: HolidaysOf) -> None:
        self._store = store
        self._clock = clock
        self._holidays_of = holidays_of

    async def create(self, name: str, by: str, channel_id: str = "", team_id: str = "") -> Customer:
        """Start an onboarding, linked to a channel where one is given.

        Raises:
            UserError: the name is unusable or taken, or the channel belongs to another customer.
        """
        slug = slug_of(name)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            try:
                customer = await tx.customers.add(NewCustomer(slug, name.strip()), now)
            except SlugTakenError:
                raise UserError(
                    f'There is a customer called "{slug}" already. Nothing changed.',
                    f"status {slug}",
                ) from None
            if channel_id:
                await self._link(tx, customer, channel_id, team_id)
            await tx.history.append(HistoryEntry(customer.id, now, by, "new", name.strip()))
            return await self._schedule(tx, customer, now)

    async def _schedule(self, tx: Transaction, customer: Customer, now: datetime) -> Customer:
        due = next_due(customer, now, self._holidays_of(customer.region))
        scheduled = replace(customer, next_reminder_at=due)
        await tx.customers.save(scheduled)
        return scheduled

    async def link(self, slug: str, channel_id: str, team_id: str, by: str) -> Customer:
        """Link a channel to a customer.

        Raises:
            UserError: no such customer, or the channel belongs to another one.
        """
        customer = await self.find(slug)
        async with self._store.transaction() as tx:
            await self._link(tx, customer, channel_id, team_id)
            entry = HistoryEntry(customer.id, self._clock.now(), by, "link", channel_id)
            await tx.history.append(entry)
        return customer

    async def _link(
        self, tx: Transaction, customer: Customer, channel_id: str, team_id: str
    ) -> None:
        first = not await tx.customers.channels(customer.id)
        try:
            await tx.customers.link(Channel(channel_id, customer.id, team_id, is_primary=first))
        except ChannelTakenError as taken:
            raise UserError(
                f"This channel is linked to {taken.args[0]} already. A channel shows one "
                "customer only, so nothing changed."
            ) from None

    async def find(self, slug: str) -> Customer:
        """The customer with this slug.

        Raises:
            UnknownCustomerError: there is none; the nearest is offered.
        """
        wanted = slug.strip().casefold()
        async with self._store.transaction() as tx:
            found = await tx.customers.by_slug(wanted)
            if found is not None:
                return found
            known = {c.slug: c for c in await tx.customers.all()}
        for customer in known.values():
            if customer.name.casefold() == wanted:
                return customer
        near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
        if near:
            message = f'I don\'t know "{slug}". Did you mean {near[0]}?'
            raise UnknownCustomerError(message, near[0])
        raise UnknownCustomerError(
            f'I don\'t know "{slug}". `list` shows every customer, `new` starts one.'
        )

    async def for_channel(self, channel_id: str) -> Customer | None:
        """The customer to which a channel is linked."""
        async with self._store.transaction() as tx:
            return await tx.customers.by_channel(channel_id)

    async def refused(self, by: str, channel_id: str, what: str) -> None:
        """Note that somebody tried what is not theirs to do, with the channel's customer if any."""
        async with self._store.transaction() as tx:
            here = await tx.customers.by_channel(channel_id) if channel_id else None
            customer_id = here.id if here is not None else None
            entry = HistoryEntry(customer_id, self._clock.now(), by, "refused", what)
            await tx.history.append(entry)

    async def by_id(self, customer_id: int) -> Customer:
        """The customer.

        Raises:
            KeyError: there is none.
        """
        async with self._store.transaction() as tx:
            return await existing(tx, customer_id)

    async def view(self, customer_id: int) -> CustomerView:
        """What the customer's card shows, from what is stored."""
        async with self._store.transaction() as tx:
            return await read_view(tx, await existing(tx, customer_id), self._clock)

    async def history(self, customer_id: int, limit: int = 30) -> Sequence[HistoryEntry]:
        """Who did what when, newest first."""
        async with self._store.transaction() as tx:
            return await tx.history.of(customer_id, limit)

    async def card(self, customer_id: int) -> CardRef | None:
        """Where the customer's living card is."""
        async with self._store.transaction() as tx:
            return await tx.cards.get(customer_id)

    async def set_card(self, customer_id: int, channel_id: str, ts: str) -> CardRef | None:
        """Make a message the living card; the one that it retires, if there was one."""
        async with self._store.transaction() as tx:
            await tx.customers.lock(customer_id)
            old = await tx.cards.get(customer_id)
            await tx.cards.put(CardRef(customer_id, channel_id, ts))
        return old
