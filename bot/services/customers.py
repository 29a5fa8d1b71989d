"""Starting, finding, linking and listing customers."""

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import words
from bot.domain.customer import (
    CLICK,
    NEW,
    CardRef,
    Channel,
    Customer,
    HistoryEntry,
    NewCustomer,
    home_channel,
)
from bot.domain.reminders import next_due
from bot.services.crew import Take, Together
from bot.services.errors import UnknownCustomerError, UserError
from bot.services.ports import (
    ChannelTakenError,
    Clock,
    HolidaysOf,
    SlugTakenError,
    Store,
    Transaction,
)
from bot.services.reading import existing, read_views
from bot.services.views import CustomerView

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 40
LONGEST_NAME = 80
"""Characters, as in the form; a name stands in headers, buttons and file names."""


def slug_of(name: str) -> str:
    """A short name for commands: "Acme Constructions" → "acme-constructions".

    Raises:
        UserError: nothing usable is left of it.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:LONGEST_SLUG].strip("-")
    if not SLUG.fullmatch(slug):
        raise UserError(
            words.customers.NO_SLUG.format(name=name),
            at_terminal=words.customers.NO_SLUG_AT_TERMINAL.format(name=name),
        )
    return slug


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of linking: where the customer is written to now, and a card to take away."""

    customer: Customer
    home: str
    gone: CardRef | None


class CustomerService:
    """Customers, their channels and their cards."""

    def __init__(self, store: Store, clock: Clock, holidays_of: HolidaysOf) -> None:
        self._store = store
        self._clock = clock
        self._holidays_of = holidays_of
        # What every click asks and writes: for all who click at about the same time at once.
        self._here = Together(self._by_channels, alone=False)
        self._views = Together(self._read, alone=False)
        self._cards = Together(self._replace, alone=False)
        self._clicks = Together(self._note, alone=False)

    async def create(self, name: str, by: str, channel_id: str = "", team_id: str = "") -> Customer:
        """Start an onboarding, linked to a channel where one is given.

        Raises:
            UserError: the name is unusable or taken, or the channel belongs to another customer.
        """
        name = name.strip()
        if len(name) > LONGEST_NAME:
            told = words.customers.LONG_NAME
            raise UserError(told.format(most=LONGEST_NAME, length=len(name)))
        slug = slug_of(name)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            try:
                customer = await tx.customers.add(NewCustomer(slug, name), now)
            except SlugTakenError:
                raise UserError(
                    words.customers.TAKEN.format(slug=slug),
                    f"status {slug}",
                ) from None
            if channel_id:
                await self._link(tx, customer, channel_id, team_id)
            await tx.history.append(HistoryEntry(customer.id, now, by, NEW, name))
            return await self._schedule(tx, customer, now)

    async def _schedule(self, tx: Transaction, customer: Customer, now: datetime) -> Customer:
        due = next_due(customer, now, self._holidays_of(customer.region))
        scheduled = replace(customer, next_reminder_at=due)
        await tx.customers.save(scheduled)
        return scheduled

    async def link(
        self, slug: str, channel_id: str, team_id: str, by: str, *, instead: bool = False
    ) -> Linked:
        """Link a channel to a customer; with ``instead`` another customer gives it up.

        Raises:
            UserError: no such customer, or the channel belongs to another one, and that is asked.
        """
        customer = await self.find(slug)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            gone = None
            other = await tx.customers.by_channel(channel_id)
            if instead and other is not None and other.id != customer.id:
                gone = await self._give_up(tx, other, channel_id, by)
            await self._link(tx, customer, channel_id, team_id)
            await tx.history.append(HistoryEntry(customer.id, now, by, "link", channel_id))
            channels = await tx.customers.channels(customer.id)
        return Linked(customer, home_channel(channels), gone)

    async def _give_up(
        self, tx: Transaction, customer: Customer, channel_id: str, by: str
    ) -> CardRef | None:
        """Another customer gets the channel; the card that stands there, for who takes it away."""
        card = await tx.cards.get(customer.id)
        left = [c for c in await tx.customers.channels(customer.id) if c.channel_id != channel_id]
        await tx.customers.give_up_channel(channel_id, customer.id, home_channel(left))
        now = self._clock.now()
        # Another customer's name is nobody's business here: its people read this history.
        await tx.history.append(HistoryEntry(customer.id, now, by, "unlink", channel_id))
        return card if card is not None and card.channel_id == channel_id and card.ts else None

    async def _link(
        self, tx: Transaction, customer: Customer, channel_id: str, team_id: str
    ) -> None:
        first = not await tx.customers.channels(customer.id)
        channel = Channel(channel_id, customer.id, team_id, is_primary=first)
        try:
            await tx.customers.link(channel)
        except ChannelTakenError as taken:
            holder, slug = taken.args[0], customer.slug
            raise UserError(
                words.customers.CHANNEL_TAKEN.format(name=holder, slug=slug),
                f"link {slug} instead",
                words.customers.CHANNEL_TAKEN_AT_TERMINAL.format(name=holder, slug=slug),
            ) from None
        known = await tx.customers.channels(customer.id)
        (was,) = (one for one in known if one.channel_id == channel_id)
        await tx.customers.save_channel(replace(was, team_id=team_id, closed=""))

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
        near = _nearest(wanted, known)
        if near:
            message = words.asking.DID_YOU_MEAN.format(text=slug, nearest=near)
            raise UnknownCustomerError(message, near)
        raise UnknownCustomerError(
            words.customers.UNKNOWN.format(text=slug),
            at_terminal=words.customers.UNKNOWN_AT_TERMINAL.format(text=slug),
        )

    async def all(self) -> Sequence[Customer]:
        """Every customer that is not archived, by name."""
        async with self._store.transaction() as tx:
            return await tx.customers.all()

    async def for_channel(self, channel_id: str) -> Customer | None:
        """The customer to which a channel is linked."""
        return await self._here.add(channel_id)

    async def _by_channels(self, take: Take[str]) -> Sequence[Customer | None]:
        async with self._store.transaction() as tx:
            channels = take()
            linked = await tx.customers.by_channels(set(channels))
        return [linked.get(channel) for channel in channels]

    async def refused(self, by: str, channel_id: str, what: str) -> None:
        """Note that somebody tried what is not theirs to do, with the channel's customer if any."""
        async with self._store.transaction() as tx:
            here = await tx.customers.by_channel(channel_id) if channel_id else None
            customer_id = here.id if here is not None else None
            entry = HistoryEntry(customer_id, self._clock.now(), by, "refused", what)
            await tx.history.append(entry)

    async def reached(self, customer_id: int, by: str, team_id: str) -> None:
        """Note that somebody's clicks reach us."""
        entry = HistoryEntry(customer_id, self._clock.now(), by, "hello", f"from {team_id}")
        async with self._store.transaction() as tx:
            await tx.history.append(entry)

    async def by_id(self, customer_id: int) -> Customer:
        """The customer.

        Raises:
            KeyError: there is none.
        """
        async with self._store.transaction() as tx:
            return await existing(tx, customer_id)

    async def view(self, customer_id: int) -> CustomerView:
        """What the customer's card shows, from what is stored.

        Raises:
            KeyError: there is no such customer.
        """
        view = await self._views.add(customer_id)
        if view is None:
            raise KeyError(customer_id)
        return view

    async def _read(self, take: Take[int]) -> Sequence[CustomerView | None]:
        async with self._store.transaction() as tx:
            ids = take()
            views = await read_views(tx, set(ids), self._clock)
        return [views.get(one) for one in ids]

    async def history(
        self, customer_id: int, limit: int = 30, without: Collection[str] = ()
    ) -> Sequence[HistoryEntry]:
        """Who did what when, newest first, ``without`` some actions."""
        async with self._store.transaction() as tx:
            return await tx.history.of(customer_id, limit, without)

    async def clicks(self, customer_id: int) -> int:
        """How many clicks the history has."""
        async with self._store.transaction() as tx:
            return await tx.history.count(customer_id, CLICK)

    async def clicked(self, customer_id: int, by: str, label: str, at: datetime) -> None:
        """Note that somebody pressed a button, whatever came of it."""
        await self._clicks.add(HistoryEntry(customer_id, at, by, CLICK, label))

    async def _note(self, take: Take[HistoryEntry]) -> Sequence[None]:
        async with self._store.transaction() as tx:
            entries = take()
            await tx.history.append_all(entries)
        return [None] * len(entries)

    async def card(self, customer_id: int) -> CardRef | None:
        """Where the customer's living card is."""
        async with self._store.transaction() as tx:
            return await tx.cards.get(customer_id)

    async def set_card(self, customer_id: int, channel_id: str, ts: str) -> CardRef | None:
        """Make a message the living card; the one that it retires, if there was one."""
        return await self._cards.add(CardRef(customer_id, channel_id, ts))

    async def _replace(self, take: Take[CardRef]) -> Sequence[CardRef | None]:
        async with self._store.transaction() as tx:
            return await tx.cards.replace(take())


def _nearest(wanted: str, known: Iterable[str]) -> str:
    """The short name that was meant: one spelt much like it, or the only one it is a part of."""
    slugs = list(known)
    if near := difflib.get_close_matches(wanted, slugs, n=1, cutoff=0.5):
        return near[0]
    begun = [slug for slug in slugs if wanted and f"-{slug}".find(f"-{wanted}") >= 0]
    return begun[0] if len(begun) == 1 else ""
