"""What the services need from the outside, as protocols.

``bot.storage`` implements ``Store``, ``integrations`` implements ``SnapshotSource``, ``handlers``
implements ``Messenger`` and ``Board``. Tests have a fake of each.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.customer import (
    CardRef,
    Channel,
    Connection,
    Customer,
    HistoryEntry,
    NewCustomer,
    Purpose,
    Tokens,
)
from bot.domain.model import Assignment, Attestation, Facet, Finding, Snapshot, System, Waiver
from bot.services.gateway import SignIns


class Clock(Protocol):
    """Where the time comes from; only the composition root knows a real one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


HolidaysOf = Callable[[str], Callable[[date], bool]]
"""From a region ("AU-NSW") to the test whether a day is a public holiday there."""

Progress = Callable[[str], Awaitable[None]]
"""Called with a short phrase ("page 12 of 41") while something long runs."""


class SnapshotSource(Protocol):
    """Reads the customer's systems."""

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,
    ) -> Snapshot:
        """Every facet asked for, each present or failed with its reason; never raises."""
        ...


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
    async def lock(self, customer_id: int) -> Customer:
        """The customer, held against other writers until the transaction ends.

        Raises:
            KeyError: there is no such customer.
        """
        ...

    async def all(self, *, archived: bool = False) -> Sequence[Customer]:
        """Every customer by name; archived ones only when asked for."""
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
    async def channels(self, customer_id: int) -> Sequence[Channel]: ...
    async def claim_due(
        self, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> Sequence[Customer]:
        """Lease customers whose ``next_reminder_at`` has come to ``owner``; each to one owner."""
        ...

    async def release(self, customer_id: int, owner: str) -> None:
        """End this owner's lease; another's lease is left alone."""
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
        self, customer_id: int, system: System, ids: frozenset[str], by: str, at: datetime
    ) -> None:
        """Remember that every pair within ``ids`` is not a duplicate."""
        ...

    async def dismissals(self, customer_id: int, system: System) -> frozenset[frozenset[str]]: ...
    async def keep(
        self, customer_id: int, system: System, one: str, ids: frozenset[str], by: str, at: datetime
    ) -> None:
        """Remember that ``one`` is to survive a merge, and none of the others of ``ids``."""
        ...

    async def kept(self, customer_id: int, system: System) -> frozenset[str]: ...


class Findings(Protocol):
    """The last finding of each requirement."""

    async def save(self, customer_id: int, findings: Mapping[str, Finding]) -> None: ...
    async def load(self, customer_id: int) -> Mapping[str, Finding]: ...


class Cards(Protocol):
    """Where each customer's living card is."""

    async def get(self, customer_id: int) -> CardRef | None: ...
    async def put(self, card: CardRef) -> None: ...


class History(Protocol):
    """The append-only history."""

    async def append(self, entry: HistoryEntry) -> None: ...
    async def of(self, customer_id: int, limit: int = 50) -> Sequence[HistoryEntry]:
        """The newest entries first."""
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
    async def all(self) -> Sequence[Connection]:
        """Every customer's connections."""
        ...

    async def put(self, connection: Connection) -> None:
        """Store a connection, replacing the one of the same customer, system and purpose."""
        ...

    async def delete(self, customer_id: int, system: System, purpose: Purpose) -> None: ...


class OutboxState(StrEnum):
    """What has become of an outgoing message."""

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that must reach Slack (or a mail server) exactly once.

    ``key`` is unique for ever and travels in the message's metadata. ``kind`` names the notice in
    ``notices.py`` that ``payload`` holds as JSON. ``channel`` is a Slack channel id, or
    ``mailto:`` with an address. ``uncertain`` is True when an earlier attempt may have reached
    Slack without our record of it: the sender then looks the key up before it posts again.
    """

    key: str
    kind: str
    channel: str
    payload: str
    customer_id: int | None = None
    thread_ts: str = ""
    not_before: datetime | None = None
    id: int = 0
    attempts: int = 0
    uncertain: bool = False
    state: OutboxState = OutboxState.WAITING
    sent_ts: str = ""
    last_error: str = ""


class Outbox(Protocol):
    """Messages that are still to be sent."""

    async def add(self, message: Outgoing, at: datetime) -> bool:
        """Queue a message; False when its key was queued before, and nothing is changed."""
        ...

    async def claim(
        self, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> Sequence[Outgoing]:
        """Lease waiting messages that are due, oldest first, at most one per channel at a time.

        A message whose earlier lease ran out unfinished comes back with ``uncertain`` True, as
        does one that was put back with ``uncertain``.
        """
        ...

    async def sent(self, message_id: int, owner: str, ts: str, at: datetime) -> None: ...
    async def put_back(
        self,
        message_id: int,
        owner: str,
        not_before: datetime,
        error: str,
        *,
        uncertain: bool,
        counts: bool = True,
    ) -> None:
        """Try again later; without ``counts`` this try is taken off ``attempts`` again."""
        ...

    async def park(self, message_id: int, owner: str, error: str) -> None: ...
    async def get(self, key: str) -> Outgoing | None: ...
    async def pending(self) -> int:
        """How many messages still wait."""
        ...

    async def parked(self, limit: int = 20) -> Sequence[Outgoing]:
        """Messages that were given up and that a person must look at, newest first."""
        ...


class Inbox(Protocol):
    """Keys of what Slack delivered, so that each is worked on once."""

    async def accept(self, key: str, at: datetime) -> bool:
        """Remember a delivery; False when it was accepted before."""
        ...

    async def forget_before(self, at: datetime) -> int: ...


class ReminderLog(Protocol):
    """One row per customer, local day and kind: the database's word that it is only sent once."""

    async def claim(self, customer_id: int, day: date, kind: str, at: datetime) -> bool:
        """False when this reminder exists already."""
        ...

    async def last(self, customer_id: int, kind: str) -> date | None: ...


class Transaction(Protocol):
    """Everything stored, within one database transaction."""

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
    def signins(self) -> SignIns: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def reminders(self) -> ReminderLog: ...


class Store(Protocol):
    """The database."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that commits when the block ends and rolls back when it raises."""

    def together(self, ids: Sequence[int], kind: str) -> AbstractAsyncContextManager[Transaction]:
        """A round of several customers: locked, read ahead (messages: the newest ``kind``)."""


class TokenKeeper(Protocol):
    """What an integration needs of the store: a connection, and the right to renew its tokens."""

    async def load(
        self, customer_id: int, system: System, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection | None: ...
    async def store(self, connection: Connection, tokens: Tokens) -> None:
        """Write new tokens before they are used; clears ``broken``."""
        ...

    async def mark_broken(self, connection: Connection, reason: str) -> None: ...
    def renewing(self, connection: Connection) -> AbstractAsyncContextManager[None]:
        """Held by one renewer of this connection at a time, across processes."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a message ended up."""

    channel: str
    ts: str


class RetryLaterError(Exception):
    """The message was certainly not posted; try again after ``seconds``."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class UncertainDeliveryError(Exception):
    """The message may have been posted: the answer was lost."""


class UndeliverableError(Exception):
    """The message cannot be posted (channel gone, bot removed, malformed); a person must look."""


class Messenger(Protocol):
    """Delivers queued messages."""

    async def deliver(self, message: Outgoing) -> Delivered:
        """Post once.

        Raises:
            RetryLaterError: not posted, e.g. rate limited.
            UncertainDeliveryError: perhaps posted.
            UndeliverableError: will never be posted.
        """
        ...

    async def find(self, message: Outgoing) -> Delivered | None:
        """Look the message's key up where it would have been posted.

        Raises:
            RetryLaterError: the look-up itself could not be made.
        """
        ...


@dataclass(frozen=True, slots=True)
class Busy:
    """Items that are being checked, each with a phrase of progress ("" at first)."""

    items: Mapping[str, str] = field(default_factory=dict)


class Board(Protocol):
    """Keeps the living cards true."""

    async def refresh(self, customer_id: int, busy: Busy | None = None) -> None:
        """Edit the customer's card to show the present state; does nothing without a card.

        Never raises for what Slack answers: a card that could not be edited is logged, and the
        next refresh tries again.
        """
        ...
