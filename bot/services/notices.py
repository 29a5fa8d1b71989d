"""The messages that go through the outbox, as data: decided now, rendered when they are sent.

Each notice is a frozen dataclass; ``dump`` and ``load`` turn it into the outbox row's JSON and
back. ``kind`` is written into the row, so that a row of an older version is recognised.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Annotated, Literal

from pydantic import Discriminator, TypeAdapter

from bot.domain.customer import News


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a notice: requirement id, short title, summary, owner, how it stands.

    ``rows`` says whether its finding has rows that people can work on.
    """

    item: str
    title: str
    summary: str
    status: str
    owner: str = ""
    due: str = ""
    rows: bool = False


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """Whom every notice is about."""

    customer: str
    slug: str
    customer_id: int


@dataclass(frozen=True, slots=True)
class ReminderNotice(OfCustomer):
    """The daily reminder. ``mentions`` are user ids; ``changes`` are sentences.

    ``step`` is the step of the escalation ladder that it takes besides (``reminders.Step``),
    ``hour`` the customer's at which it was written, ``by`` whoever of staff asked for it.
    """

    day: str
    lines: tuple[Line, ...]
    changes: tuple[str, ...]
    mentions: tuple[str, ...]
    ready: bool = False
    idle_days: int = 0
    step: int = 0
    hour: int = 9
    by: str = ""
    kind: Literal["reminder"] = "reminder"


@dataclass(frozen=True, slots=True)
class HandoffNotice(OfCustomer):
    """To the support channel (and by e-mail): a customer is ready."""

    by: str
    at: datetime
    timezone: str
    gate: str
    required_met: int
    required_total: int
    verified: int
    attested: int
    waived: int
    lines: tuple[Line, ...]
    risks: tuple[Line, ...]
    systems: tuple[str, ...]
    days_from_start: int
    channel_id: str
    pack_name: str
    pack_base64: str = field(default="", repr=False)
    """The pack itself, where it travels with the summary: by e-mail."""
    kind: Literal["handoff"] = "handoff"


@dataclass(frozen=True, slots=True)
class PackNotice(OfCustomer):
    """The evidence pack: a workbook in the thread of the hand-off message ``parent_key``."""

    parent_key: str
    file_name: str
    content_base64: str = field(repr=False)
    kind: Literal["pack"] = "pack"

    @property
    def title(self) -> str:
        """What is written above the file."""
        return self.file_name

    @property
    def alt_text(self) -> str:
        """A workbook has none."""
        return ""


@dataclass(frozen=True, slots=True)
class ConfirmationNotice(OfCustomer):
    """To the customer's channel: support has been contacted."""

    by: str
    at: datetime
    timezone: str
    kind: Literal["confirmation"] = "confirmation"


@dataclass(frozen=True, slots=True)
class AcceptedNotice(OfCustomer):
    """To the customer's channel: Interfy accepted the hand-off."""

    by: str
    kind: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True)
class SentBackNotice(OfCustomer):
    """To the customer's channel: Interfy sent the hand-off back, with the reason."""

    by: str
    reason: str
    kind: Literal["sent_back"] = "sent_back"


@dataclass(frozen=True, slots=True)
class ReadyNotice(OfCustomer):
    """To the customer's channel: a change in its systems opened the gate, and nobody pressed."""

    with_risks: bool = False
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class ReopenedNotice(OfCustomer):
    """To customer and support: a re-check before acceptance found a regression."""

    lines: tuple[Line, ...]
    kind: Literal["reopened"] = "reopened"


@dataclass(frozen=True, slots=True)
class StuckNotice(OfCustomer):
    """To the support channel: somebody is stuck, or asks for help; reminders are paused."""

    by: str
    why: str
    channel_id: str
    kind: Literal["stuck"] = "stuck"


@dataclass(frozen=True, slots=True)
class HeldNotice(OfCustomer):
    """To the support channel: a reminder was held back because we could not read a system.

    ``others`` are the names of further customers to whom the same happened at the same time.
    """

    lines: tuple[Line, ...]
    others: tuple[str, ...] = ()
    kind: Literal["held"] = "held"


@dataclass(frozen=True, slots=True)
class EscalationNotice(OfCustomer):
    """To the support channel: no movement for some working days; ``lead`` is a user id."""

    idle_days: int
    level: int
    lines: tuple[Line, ...]
    channel_id: str
    lead: str = ""
    kind: Literal["escalation"] = "escalation"


@dataclass(frozen=True, slots=True)
class ParkedNotice(OfCustomer):
    """To the support channel: a message could not be delivered, and a person must look.

    ``what`` is the kind of the parked notice, ``where`` the channel it was meant for. ``message``
    is its number in the outbox; 0 in notices from before buttons stood on them.
    """

    what: str
    where: str
    why: str
    message: int = 0
    kind: Literal["parked"] = "parked"


@dataclass(frozen=True, slots=True)
class ReconnectNotice(OfCustomer):
    """A sign-in died, and a person has to sign in again. ``purpose`` is whose it was."""

    system: str
    purpose: str
    why: str
    kind: Literal["reconnect"] = "reconnect"


@dataclass(frozen=True, slots=True)
class ExpiryNotice(OfCustomer):
    """A sign-in ends on ``day`` (ISO, the customer's local day), however often it is used."""

    system: str
    purpose: str
    days: int
    day: str
    kind: Literal["expiry"] = "expiry"


@dataclass(frozen=True, slots=True)
class ChannelNotice(OfCustomer):
    """To the support channel: something happened to a customer's channel."""

    news: News
    channel_id: str
    kind: Literal["channel"] = "channel"


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A customer in the digest: how it stands, who has to act, and where to talk about it."""

    name: str
    stage: str
    required_met: int
    required_total: int
    waiting_on: str
    idle_days: int
    is_stuck: bool
    channel_id: str
    is_checked: bool = True


@dataclass(frozen=True, slots=True)
class DigestNotice:
    """To the support channel, once a week: every onboarding, and what needs somebody.

    ``stages`` and ``waiting`` are words and numbers of customers; ``needy`` are the most stuck of
    them, ``moved`` the names of some of the ``moved_count`` that moved since the last digest.
    """

    week: str
    open: int
    stuck: int
    stages: tuple[tuple[str, int], ...]
    waiting: tuple[tuple[str, int], ...]
    needy: tuple[DigestLine, ...]
    moved: tuple[str, ...]
    moved_count: int
    kind: Literal["digest"] = "digest"


@dataclass(frozen=True, slots=True)
class ChartNotice:
    """The portfolio as a picture, in the thread of the digest ``parent_key``."""

    parent_key: str
    file_name: str
    title: str
    alt_text: str
    content_base64: str = field(repr=False)
    kind: Literal["chart"] = "chart"


CustomerNotice = (
    ReminderNotice
    | HandoffNotice
    | PackNotice
    | ConfirmationNotice
    | AcceptedNotice
    | SentBackNotice
    | ReadyNotice
    | ReopenedNotice
    | StuckNotice
    | HeldNotice
    | EscalationNotice
    | ParkedNotice
    | ReconnectNotice
    | ExpiryNotice
    | ChannelNotice
)

FileNotice = PackNotice | ChartNotice
"""What is a file in the thread of another message."""

Notice = CustomerNotice | DigestNotice | ChartNotice


@cache
def _adapter() -> TypeAdapter[Notice]:
    """Made with the first notice: it takes as long as importing a hundred modules."""
    return TypeAdapter(Annotated[Notice, Discriminator("kind")])


def dump(notice: Notice) -> str:
    """The notice as JSON, with its kind."""
    return _adapter().dump_json(notice).decode()


def load(payload: str) -> Notice:
    """A notice from its JSON.

    Raises:
        ValueError: it is not a notice that this version knows.
    """
    return _adapter().validate_json(payload)
