"""The world outside as the services see it: the time, the customer's systems, their tokens."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from bot.domain.customer import (
    Connection,
    Purpose,
    Tokens,
)
from bot.domain.kept import KeptList
from bot.domain.model import Facet, Snapshot, System


class Clock(Protocol):
    """Where the time comes from; only the composition root knows a real one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


HolidaysOf = Callable[[str], Callable[[date], bool]]
"""From a region ("AU-NSW") to the test whether a day is a public holiday there."""


Progress = Callable[[str], Awaitable[None]]
"""Called with a short phrase ("page 12 of 41") while something long runs."""


NamesOf = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
"""From ids of people to what they are called; who is not known is left out. Never raises."""


async def nobody(ids: Collection[str]) -> Mapping[str, str]:  # noqa: ARG001 - see NamesOf.
    """Where there is no Slack to ask."""
    return {}


NOTHING_KNOWN = Snapshot()
"""What somebody holds who has read nothing yet."""


class SnapshotSource(Protocol):
    """Reads the customer's systems."""

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,
        *,
        in_full: bool = False,
        known: Snapshot = NOTHING_KNOWN,
    ) -> Snapshot:
        """Every facet asked for, each present or failed with its reason; never raises.

        ``in_full`` reads every list from its first row to its last, also where a kept one could
        be confirmed by what has changed since. ``known`` is what the asker holds of an earlier
        reading: a record that is still the same is that very object, not another one beside it.
        """
        ...


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


class ListKeeper(Protocol):
    """Lists as they were last read through a connection; encrypted at rest, gone with it."""

    async def load(self, connection: Connection, names: Collection[str]) -> Mapping[str, KeptList]:
        """Those of the lists that are kept, by name; never raises."""
        ...

    async def save(self, connection: Connection, name: str, kept: KeptList) -> None:
        """Keep a list in place of an older one, all of it or nothing; never raises."""
        ...
