"""Watching: what is due, who tells, which processes are alive to look, what channels look like."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.beat import Beat
from bot.domain.hook import Hook
from bot.domain.lifecycle import Stage
from bot.domain.tick import Tick


class Ticks(Protocol):
    """What is to be looked at again because a system told of a change."""

    async def note(self, customer_id: int, items: Collection[str], due: datetime) -> None:
        """Look at these, too, at ``due`` or when something that was noted before is due."""
        ...

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Tick]:
        """What is due, due again after ``lease`` unless it is ``done`` by then."""
        ...

    async def save(self, tick: Tick) -> None:
        """Write when it is due, and what was spent."""
        ...

    async def done(self, tick: Tick, again: datetime | None = None) -> bool:
        """It was looked at, next ``again``; False where more was noted meanwhile: it stays due."""
        ...

    async def idle(self, stages: Collection[Stage], limit: int) -> Sequence[tuple[int, str]]:
        """Customers in these stages for whom nothing is due, with their time zones."""
        ...


class Hooks(Protocol):
    """The webhooks that the bot set up in customers' Procore, one each at most."""

    async def claim(
        self, stages: Collection[Stage], now: datetime, before: datetime, limit: int
    ) -> Sequence[Hook]:
        """Connected companies without one, or whose last try failed ``before``; marked as begun."""
        ...

    async def all(self) -> Sequence[Hook]: ...
    async def get(self, customer_id: int) -> Hook | None: ...
    async def put(self, hook: Hook) -> None: ...
    async def delete(self, customer_id: int) -> None: ...


class Beats(Protocol):
    """Signs of life of every process on this database."""

    async def put(self, beat: Beat) -> None: ...
    async def all(self) -> Sequence[Beat]:
        """The process that started first comes first."""
        ...

    async def forget_before(self, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What Slack says of a channel when it is asked.

    ``kind`` is "public" or "private"; ``teams`` are the other workspaces that are in it (those
    that are only invited are not); ``closed`` says why it takes no messages, or "".
    """

    kind: str
    teams: tuple[str, ...] = ()
    closed: str = ""


class Rooms(Protocol):
    """Slack's own word on a channel."""

    async def look(self, channel_id: str) -> Sight | None:
        """What it looks like; None when Slack could not be asked just now."""
        ...
