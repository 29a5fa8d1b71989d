"""Everything that is stored, one protocol a kind, all within one transaction."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain.customer import (
    CardRef,
    Channel,
    Connection,
    Customer,
    HistoryEntry,
    NewCustomer,
    Outline,
    Purpose,
)
from bot.domain.installation import Installation
from bot.domain.model import Assignment, Attestation, Finding, System, Waiver
from bot.domain.put_away import PutAway, Waiting
from bot.domain.reviewed import Reviewed
from bot.services.gateway import SignIns
from bot.services.ports.delivery import Inbox, Outbox
from bot.services.ports.watching import Beats, Hooks, Ticks


class SlugTakenError(Exception):
    """Another customer has this slug."""


class ChannelTakenError(Exception):
    """The channel is linked to another customer, whose slug is ``args[0]``."""


class Customers(Protocol):
    """Customers and their channels."""

    async def add(self, new: NewCustomer, at: datetime) -> Customer:
        """Store a new customer in the stage *preparing*.

        Raises:
            SlugTakenError: the slug is in use.
        """
        ...

    async def by_id(self, customer_id: int) -> Customer | None: ...
    async def by_slug(self, slug: str) -> Customer | None: ...
    async def by_channel(self, channel_id: str) -> Customer | None: ...
    async def by_channels(self, channel_ids: Collection[str]) -> Mapping[str, Customer]:
        """The customers of those channels that are linked."""
        ...

    async def lock(self, customer_id: int) -> Customer:
        """The customer, held against other writers until the transaction ends.

        Raises:
            KeyError: there is no such customer.
        """
        ...

    async def all(self, *, archived: bool = False) -> Sequence[Customer]:
        """Every customer by name; archived ones only when asked for."""
        ...

    async def outlines(self) -> Sequence[Outline]:
        """Every customer that is not archived, in no order, cheaply."""
        ...

    async def moved_since(self, since: datetime) -> Collection[int]:
        """Those of them for whom something moved, or who came into their stage, later."""
        ...

    async def any_since(self, before: datetime) -> bool:
        """Whether one of them has been there since then or earlier."""
        ...

    async def looked_after_by(self, user: str) -> Collection[int]:
        """The customers that this person started, owns, or has an item of."""

    async def stages(self) -> Mapping[str, int]:
        """How many customers are in each stage; stages without any are left out."""
        ...

    async def save(self, customer: Customer) -> None:
        """Write every field of a customer that was read or locked in this transaction."""
        ...

    async def link(self, channel: Channel) -> None:
        """Link a channel; linking it again to the same customer changes nothing.

        Raises:
            ChannelTakenError: it is linked to another customer.
        """
        ...

    async def unlink(self, channel_id: str) -> None: ...
    async def save_channel(self, channel: Channel) -> None:
        """Write every field of a channel that is linked."""
        ...

    async def give_up_channel(self, channel_id: str, customer_id: int, new_home: str) -> None:
        """Unlink it: no card is kept true there; what waits goes to ``new_home`` or is parked."""
        ...

    async def move_channel(self, old: str, new: str) -> None:
        """A channel's id changed: its link, cards in it, and messages that wait for it follow."""
        ...

    async def channels_unseen(self, since: datetime, limit: int) -> Sequence[Channel]:
        """Channels that nobody looked at ``since``, of customers that are not archived."""
        ...

    async def every_channel(self) -> Sequence[Channel]:
        """The channels of all customers."""
        ...

    async def channels(self, customer_id: int) -> Sequence[Channel]: ...
    async def claim_due(
        self, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> Sequence[Customer]:
        """Lease customers whose ``next_reminder_at`` has come to ``owner``; each to one owner."""
        ...

    async def release(self, customer_id: int | None, owner: str) -> None:
        """End this owner's lease, with None each of its leases; another's is left alone."""
        ...


class Decisions(Protocol):
    """What people decided: attestations, waivers, owners, mappings, "not a duplicate"."""

    async def attest(self, customer_id: int, item: str, attestation: Attestation) -> None: ...
    async def withdraw_attestation(self, customer_id: int, item: str) -> bool: ...
    async def attestations(self, customer_id: int) -> Mapping[str, Attestation]: ...
    async def waive(self, customer_id: int, item: str, waiver: Waiver) -> None: ...
    async def withdraw_waiver(self, customer_id: int, item: str) -> bool: ...
    async def waivers(self, customer_id: int) -> Mapping[str, Waiver]: ...
    async def assign(self, customer_id: int, item: str, assignment: Assignment) -> None: ...
    async def assignments(self, customer_id: int) -> Mapping[str, Assignment]: ...
    async def choose(self, customer_id: int, code: str, target: str, by: str, at: datetime) -> None:
        """Map a cost code (``CostCode.key``) to a target (``Target.key``; "" forgets)."""
        ...

    async def choices(self, customer_id: int) -> Mapping[str, str]: ...
    async def dismiss(
        self, customer_id: int, system: System, names: Mapping[str, str], by: str, at: datetime
    ) -> None:
        """Remember that every pair within ``names`` (id → name as shown) is not a duplicate."""
        ...

    async def ask_again(
        self, customer_id: int, system: System, pairs: Collection[frozenset[str]]
    ) -> int:
        """Forget that these pairs of ids are not duplicates; how many had been remembered."""
        ...

    async def keep(
        self, customer_id: int, system: System, one: str, ids: frozenset[str], by: str, at: datetime
    ) -> None:
        """Remember that ``one`` ("": none) survives a merge, and none of the others of ``ids``."""
        ...

    async def reviewed(self, customer_id: int, system: System) -> Reviewed:
        """What is not a duplicate, in a steady order, and which records people keep."""
        ...

    async def all_reviewed(self, customer_id: int) -> Mapping[System, Reviewed]:
        """The same for both systems, at the cost of one."""
        ...


class Findings(Protocol):
    """The last finding of each requirement."""

    async def save(self, customer_id: int, findings: Mapping[str, Finding]) -> None: ...
    async def load(self, customer_id: int) -> Mapping[str, Finding]: ...


class Cards(Protocol):
    """Where each customer's living card is."""

    async def get(self, customer_id: int) -> CardRef | None: ...
    async def put(self, card: CardRef) -> None: ...
    async def replace(self, cards: Sequence[CardRef]) -> Sequence[CardRef | None]:
        """Make each the living card, one after another; what each takes the place of.

        A customer that is gone has no card; nobody fails because of it.
        """
        ...


class History(Protocol):
    """The append-only history."""

    async def append(self, entry: HistoryEntry) -> None: ...
    async def append_all(self, entries: Sequence[HistoryEntry]) -> None:
        """Append lines about customers; those about one who is gone meanwhile are left out."""
        ...

    async def of(
        self, customer_id: int, limit: int = 50, without: Collection[str] = ()
    ) -> Sequence[HistoryEntry]:
        """The newest entries first, ``without`` those of some actions."""
        ...

    async def count(self, customer_id: int, action: str) -> int:
        """How many lines of an action there are."""
        ...


class Connections(Protocol):
    """Connections, with their tokens and external ids encrypted at rest."""

    async def get(
        self, customer_id: int, system: System, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection | None: ...
    async def lock(self, customer_id: int, system: System, purpose: Purpose) -> Connection | None:
        """The connection, held against other writers until the transaction ends."""
        ...

    async def of(self, customer_id: int) -> Sequence[Connection]: ...
    async def shown(self, ids: Collection[int]) -> Mapping[int, Sequence[Connection]]:
        """The connections of these customers, without their tokens."""
        ...

    async def all(self) -> Sequence[Connection]:
        """Every customer's connections."""
        ...

    async def whose(self, system: System) -> Mapping[str, Collection[int]]:
        """The customers of every company of this system that is connected, by its id."""
        ...

    async def broken(self) -> Mapping[str, int]:
        """How many of each system wait for a new sign-in."""
        ...

    async def put(self, connection: Connection) -> None:
        """Store a connection, replacing the one of the same customer, system and purpose."""
        ...

    async def delete(self, customer_id: int, system: System, purpose: Purpose) -> None: ...


class KeptLists(Protocol):
    """Lists that were read before; ``ListKeeper`` reads and writes them."""

    async def forget(self, customer_id: int) -> None: ...
    async def forget_before(self, at: datetime) -> int:
        """Forget the lists that were last confirmed before ``at``; how many there were."""
        ...


class PutAways(Protocol):
    """Decisions about a company that another one took the place of."""

    async def about(self, customer_id: int) -> Mapping[System, str]:
        """The companies that the customer's decisions are about."""
        ...

    async def now_about(self, customer_id: int, system: System, external_id: str) -> None: ...
    async def count(self, customer_id: int, system: System, items: Sequence[str]) -> PutAway:
        """What ``put`` would put away."""
        ...

    async def put(
        self,
        customer_id: int,
        system: System,
        items: Sequence[str],
        about: Mapping[System, str],
        by: str,
        at: datetime,
    ) -> PutAway:
        """Put away every mapping, and what is about ``system``: its reviews, words on ``items``."""
        ...

    async def bring_back(self, customer_id: int, companies: Mapping[System, str]) -> PutAway:
        """Let what is about no other than these companies hold again."""
        ...

    async def waiting(self, customer_id: int) -> Sequence[Waiting]:
        """Every decision that was put away, oldest first."""
        ...


class ReminderLog(Protocol):
    """One row per customer, local day and kind: the database's word that it is only sent once."""

    async def claim(self, customer_id: int, day: date, kind: str, at: datetime) -> bool:
        """False when this reminder exists already."""
        ...

    async def last(self, customer_id: int, kind: str) -> date | None: ...


class Removals(Protocol):
    """Whether the app was removed from Slack."""

    async def since(self) -> datetime | None:
        """Since when it is removed; None while it is installed."""
        ...

    async def note(self, why: str, at: datetime) -> bool:
        """Remember that it was removed; False when that is known already."""
        ...

    async def lift(self) -> bool:
        """It is installed again; False when it was never removed."""
        ...


class Installations(Protocol):
    """The app in other workspaces, and installations that somebody began."""

    async def get(self, team_id: str) -> Installation | None: ...
    async def lock(self, team_id: str) -> Installation | None:
        """The installation, held against other writers until the transaction ends."""
        ...

    async def all(self) -> Sequence[Installation]: ...
    async def put(self, installation: Installation) -> None:
        """Store it in place of an earlier one of the same workspace."""
        ...

    async def delete(self, team_id: str, installed_at: datetime) -> bool:
        """Delete just this one; False where it is gone, or another took its place."""
        ...

    async def begin(self, key: str, until: datetime) -> None:
        """Remember that somebody began one."""
        ...

    async def use(self, key: str, now: datetime) -> bool:
        """Whether that one was begun, in time, and nobody came with it before."""
        ...

    async def forget_before(self, at: datetime) -> int:
        """Forget what was begun and ended before ``at``."""
        ...


class Transaction(Protocol):
    """Everything stored, within one database transaction."""

    async def read_ahead(self, ids: Sequence[int]) -> Sequence[Customer]:
        """These customers; their channels, findings and decisions are read now, all at once."""
        ...

    @property
    def customers(self) -> Customers: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def findings(self) -> Findings: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def history(self) -> History: ...
    @property
    def connections(self) -> Connections: ...
    @property
    def kept_lists(self) -> KeptLists: ...
    @property
    def put_away(self) -> PutAways: ...
    @property
    def signins(self) -> SignIns: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def reminders(self) -> ReminderLog: ...
    @property
    def removals(self) -> Removals: ...
    @property
    def installations(self) -> Installations: ...
    @property
    def beats(self) -> Beats: ...
    @property
    def ticks(self) -> Ticks: ...
    @property
    def hooks(self) -> Hooks: ...


class Store(Protocol):
    """The database."""

    def transaction(self, *, first: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that commits when the block ends and rolls back when it raises.

        ``first`` goes before all that wait; only for what somebody outside is waiting for.
        """

    def together(self, ids: Sequence[int], kind: str) -> AbstractAsyncContextManager[Transaction]:
        """A round of several customers: locked, read ahead (messages: the newest ``kind``)."""

    async def purge(self, customer_id: int, by: str, at: datetime) -> bool:
        """Remove a customer and everything about it; False when there is none."""
        ...
