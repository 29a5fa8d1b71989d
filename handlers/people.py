"""Who somebody is: asked of Slack, never taken from what a payload claims, and remembered briefly.

Staff are members of the home workspace who are in the configured user group; without one, its
full members. A guest (``is_restricted``), a bot, a deactivated account or a person of another
workspace is never staff, whatever a user group says.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Standing
from bot.services.ports import Clock
from handlers.config import SlackConfig

REMEMBERED = timedelta(minutes=5)
MOST_REMEMBERED = 5_000
MOST_MEMBERS = 100
AT_ONCE = 10

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a menu shows them."""

    user_id: str
    name: str


class _Memory(Generic[T]):
    """Answers by key, each good for five minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[datetime, T]] = {}

    async def get(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        now = self._clock.now()
        kept = self._kept.get(key)
        if kept is not None and kept[0] <= now < kept[0] + REMEMBERED:
            return kept[1]
        if len(self._kept) >= MOST_REMEMBERED:
            self._kept.clear()
        value = await ask()
        self._kept[key] = (now, value)
        return value


class People:
    """Looks people up."""

    def __init__(self, client: AsyncWebClient, clock: Clock, config: SlackConfig) -> None:
        self._client = client
        self._home = config.home_team_id
        self._bot = config.bot_user_id
        self._staff_group = config.staff_usergroup_id
        self._users: _Memory[Mapping[str, Any]] = _Memory(clock)
        self._groups: _Memory[frozenset[str]] = _Memory(clock)
        self._rooms: _Memory[tuple[Person, ...]] = _Memory(clock)

    async def home_team(self) -> str:
        """Interfy's own workspace; by default the one that the bot's token belongs to."""
        if not self._home:
            await self._ask_who_i_am()
        return self._home

    async def bot_user(self) -> str:
        """The bot's own user id, as it is mentioned."""
        if not self._bot:
            await self._ask_who_i_am()
        return self._bot

    async def _ask_who_i_am(self) -> None:
        answer = await self._client.auth_test()
        self._home = self._home or str(answer["team_id"])
        self._bot = str(answer["user_id"])

    async def team_of(self, user_id: str) -> str:
        """A person's own workspace."""
        user = await self._user(user_id)
        return str(user.get("team_id") or (user.get("profile") or {}).get("team") or "")

    async def standing(self, user_id: str, team_id: str) -> Standing:
        """What somebody is to us.

        Raises:
            slack_sdk.errors.SlackApiError: Slack could not say; nobody is staff by default.
        """
        home = await self.home_team()
        if team_id and team_id != home:
            return Standing.MEMBER
        user = await self._user(user_id)
        if user.get("is_bot"):
            return Standing.BOT
        if not _is_full_member(user, home):
            return Standing.MEMBER
        if self._staff_group and user_id not in await self._members_of(self._staff_group):
            return Standing.MEMBER
        return Standing.STAFF

    async def is_staff(self, user_id: str) -> bool:
        """Whether somebody is Interfy's support staff."""
        return await self.standing(user_id, await self.team_of(user_id)) is Standing.STAFF

    async def in_channel(self, channel_id: str) -> tuple[Person, ...]:
        """The people of a channel by name, both sides of a shared one; without bots."""
        return await self._rooms.get(channel_id, lambda: self._ask_room(channel_id))

    async def is_in(self, user_id: str, channel_id: str) -> bool:
        """Whether somebody is in a channel now; of those with very many people it is believed."""
        answer = await self._client.conversations_members(channel=channel_id, limit=MOST_MEMBERS)
        members = answer["members"]
        return user_id in members or len(members) >= MOST_MEMBERS

    async def _ask_room(self, channel_id: str) -> tuple[Person, ...]:
        answer = await self._client.conversations_members(channel=channel_id, limit=MOST_MEMBERS)
        turn = asyncio.Semaphore(AT_ONCE)

        async def ask(user_id: str) -> Mapping[str, Any]:
            async with turn:
                return await self._user(user_id)

        users = await asyncio.gather(*(ask(str(user_id)) for user_id in answer["members"]))
        people = [user for user in users if not user.get("is_bot") and not user.get("deleted")]
        found = [Person(str(user["id"]), name_of(user)) for user in people]
        return tuple(sorted(found, key=lambda person: person.name.casefold()))

    async def _user(self, user_id: str) -> Mapping[str, Any]:
        async def ask() -> Mapping[str, Any]:
            user: Mapping[str, Any] = (await self._client.users_info(user=user_id))["user"]
            return user

        return await self._users.get(user_id, ask)

    async def _members_of(self, group: str) -> frozenset[str]:
        async def ask() -> frozenset[str]:
            answer = await self._client.usergroups_users_list(usergroup=group)
            return frozenset(answer["users"])

        return await self._groups.get(group, ask)


def _is_full_member(user: Mapping[str, Any], home: str) -> bool:
    flags = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
    return user.get("team_id") == home and not any(user.get(flag) for flag in flags)


def name_of(user: Mapping[str, Any]) -> str:
    """What a user is called; the id where Slack says nothing else."""
    profile = user.get("profile") or {}
    shown = profile.get("real_name") or user.get("real_name") or user.get("name")
    return str(shown or user["id"])
