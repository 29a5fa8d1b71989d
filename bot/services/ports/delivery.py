"""What leaves the bot and what comes in: the outbox, the inbox, who delivers, the living cards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class OutboxState(StrEnum):
    """What has become of an outgoing message."""

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"
    SETTLED = "settled"
    """It was given up, and somebody has told the people concerned."""


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


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is still to be sent; ``oldest_at`` is when the oldest of it was queued."""

    waiting: int
    parked: int
    oldest_at: datetime | None = None


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

    async def park(self, message_id: int, owner: str, error: str) -> bool:
        """Give it up; False when it is somebody else's by now, and nothing is changed."""
        ...

    async def withdraw(self, customer_id: int, kind: str) -> None:
        """Take back what waits and was never tried: it is not true any more."""

    async def get(self, key: str) -> Outgoing | None: ...
    async def pending(self) -> int:
        """How many messages still wait."""
        ...

    async def backlog(self) -> Backlog:
        """What waits, and what was given up."""
        ...

    async def parked(self, limit: int = 20) -> Sequence[Outgoing]:
        """Messages that were given up and that a person must look at, newest first."""
        ...

    async def send_again(self, message_id: int, at: datetime) -> Outgoing | None:
        """Queue one that was given up anew; None when it is not given up (any more)."""
        ...

    async def settle(self, message_id: int) -> Outgoing | None:
        """Nobody has to look at it any more; None when it is not given up (any more)."""
        ...


class Inbox(Protocol):
    """Keys of what Slack, Procore and Intuit delivered, so that each is worked on once."""

    async def accept(self, key: str, at: datetime) -> bool:
        """Remember a delivery; False when it was accepted before."""
        ...

    async def accept_all(self, keys: Collection[str], at: datetime) -> Collection[str]:
        """Remember deliveries, all different; those that were not accepted before."""
        ...

    async def forget_before(self, at: datetime) -> int: ...


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
