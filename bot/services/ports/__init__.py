"""What the services need from the outside, as protocols.

``bot.storage`` implements ``Store``, ``integrations`` implements ``SnapshotSource``, ``handlers``
implements ``Messenger`` and ``Board``. Tests have a fake of each. Import from here: in which of the
modules a protocol stands is nobody's business.
"""

from bot.services.ports.delivery import (
    Backlog,
    Board,
    Busy,
    Delivered,
    Inbox,
    Messenger,
    Outbox,
    OutboxState,
    Outgoing,
    RetryLaterError,
    UncertainDeliveryError,
    UndeliverableError,
)
from bot.services.ports.storage import (
    Cards,
    ChannelTakenError,
    Connections,
    Customers,
    Decisions,
    Findings,
    History,
    KeptLists,
    ReminderLog,
    SlugTakenError,
    Store,
    Transaction,
)
from bot.services.ports.watching import Beats, Hooks, Rooms, Sight, Ticks
from bot.services.ports.world import (
    NOTHING_KNOWN,
    Clock,
    HolidaysOf,
    ListKeeper,
    NamesOf,
    Progress,
    SnapshotSource,
    TokenKeeper,
    nobody,
)

__all__ = [
    "NOTHING_KNOWN",
    "Backlog",
    "Beats",
    "Board",
    "Busy",
    "Cards",
    "ChannelTakenError",
    "Clock",
    "Connections",
    "Customers",
    "Decisions",
    "Delivered",
    "Findings",
    "History",
    "HolidaysOf",
    "Hooks",
    "Inbox",
    "KeptLists",
    "ListKeeper",
    "Messenger",
    "NamesOf",
    "Outbox",
    "OutboxState",
    "Outgoing",
    "Progress",
    "ReminderLog",
    "RetryLaterError",
    "Rooms",
    "Sight",
    "SlugTakenError",
    "SnapshotSource",
    "Store",
    "Ticks",
    "TokenKeeper",
    "Transaction",
    "UncertainDeliveryError",
    "UndeliverableError",
    "nobody",
]
