"""Everything the Slack stand-in knows: people, channels, messages, files, tokens.

One object, changed only through its methods. Interactions that expire (triggers, response URLs,
views) live in `interactions.py` and hang off this object.
"""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.installs import (
    TOKEN_LIFE,
    Granted,
    Installed,
    Installs,
    Token,
)
from integrations.sandbox.slack.world import SlackUser, SlackWorld

Json = dict[str, Any]

# Avatar colours of the page, readable under white initials (contrast of at least 4.5).
COLORS = ("#7a3e9d", "#0b6e99", "#1c7a4d", "#a5491f", "#8a2f5b", "#3d5a99", "#6b6400", "#5b4a3f")


@dataclass(slots=True)
class Message:
    """A message: Slack's own JSON, and whom it is for (None: everybody in the channel)."""

    body: Json
    only_for: str | None = None

    @property
    def ts(self) -> str:
        """The message's id within its channel."""
        return str(self.body["ts"])


@dataclass(slots=True)
class Channel:
    """A channel, or a direct conversation between the app and one person."""

    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    host: str = ""
    im_user: str | None = None
    shared_with: list[str] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """`channel_type` as the Events API names it."""
        if self.im_user is not None:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def public_messages(self) -> list[Message]:
        """Messages that everybody in the channel sees, oldest first."""
        return [message for message in self.messages.values() if message.only_for is None]


@dataclass(slots=True)
class File:
    """An uploaded file; `content` is None until the upload has happened."""

    id: str
    name: str
    title: str
    length: int
    upload_key: str
    created: int
    content: bytes | None = None
    mimetype: str = "application/octet-stream"
    alt_text: str = ""
    channels: list[str] = field(default_factory=list)
    complete: bool = False


def derive_secret(*parts: str) -> str:
    """Return 32 hex characters that depend on the parts alone: worlds are repeatable."""
    return hashlib.sha256("/".join(("onecore-sandbox", *parts)).encode()).hexdigest()[:32]


class SlackState:
    """The Slack side of a world while it runs.

    Args:
        world: The `slack:` section; it is read once and not changed.
        clock: The world's time.
    """

    def __init__(self, world: SlackWorld, clock: WorldClock) -> None:
        self.home = world.home
        self.app = world.app.model_copy(deep=True)
        self.teams = {team.id: team for team in [world.home, *world.teams]}
        self.users: dict[str, SlackUser] = {}
        self.usergroups = {group.id: group.model_copy(deep=True) for group in world.usergroups}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.clock = clock
        self._counter = itertools.count(1)
        self._last_ts: datetime | None = None
        self._add_people(world)
        self._add_channels(world)
        key = (world.home.id, world.app.id)
        self.signing_secret = derive_secret("signing", *key)
        self.bot_token = f"xoxb-{derive_secret('bot', *key)}"
        self.app_token = f"xapp-1-{world.app.id}-{derive_secret('app', *key)}"
        scopes = tuple(world.app.scopes)
        self.tokens = {
            self.bot_token: Token(self.bot_token, "bot", scopes, team=world.home.id),
            self.app_token: Token(self.app_token, "app", ("connections:write",)),
        }
        self.installs = Installs(clock, world.app.id, derive_secret("client", *key))
        at_home = Installed(world.home, world.app.bot_user, world.app.bot_id)
        self.installed = {world.home.id: at_home}

    def _add_people(self, world: SlackWorld) -> None:
        for user in world.users:
            self.users[user.id] = user.model_copy()
        app = world.app
        self.users.setdefault(
            app.bot_user,
            SlackUser(
                id=app.bot_user, name=app.name.lower(), real_name=app.name, team=world.home.id
            ),
        )

    def _add_channels(self, world: SlackWorld) -> None:
        created = int(self.clock.now().timestamp())
        for one in world.channels:
            self.channels[one.id] = Channel(
                id=one.id,
                name=one.name,
                is_private=one.is_private,
                is_archived=one.is_archived,
                host=one.host or world.home.id,
                shared_with=list(one.shared_with),
                members=list(one.members),
                topic=one.topic,
                purpose=one.purpose,
                created=created,
            )

    # -- ids and time ---------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """Return an id that no object of this world has yet, e.g. `V0000000C`."""
        return f"{prefix}{next(self._counter):08X}"

    def now_epoch(self) -> int:
        """Return world time in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def next_ts(self) -> str:
        """Return a message id: world time with microseconds, always later than the last one."""
        now = self.clock.now()
        if self._last_ts is not None and now <= self._last_ts:
            now = self._last_ts + timedelta(microseconds=1)
        self._last_ts = now
        return f"{int(now.timestamp())}.{now.microsecond:06d}"

    # -- people ---------------------------------------------------------------------------

    def person(self, user_id: str) -> SlackUser:
        """Return a person.

        Raises:
            SlackError: `user_not_found`.
        """
        user = self.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        return user

    def is_external(self, user_id: str, team: str = "") -> bool:
        """Tell whether a person belongs to another workspace than `team` (the home one)."""
        return self.users[user_id].team != (team or self.home.id)

    def color(self, user_id: str) -> str:
        """Return the avatar colour of a person, always the same one."""
        return COLORS[sum(user_id.encode()) % len(COLORS)]

    def is_stranger(self, user_id: str, team: str = "") -> bool:
        """Tell whether an external person shares no channel with `team` (the home one)."""
        team = team or self.home.id
        return self.is_external(user_id, team) and not any(
            user_id in channel.members and team in (channel.host, *channel.shared_with)
            for channel in self.channels.values()
        )

    # -- installations ---------------------------------------------------------------------

    def installation_of(self, bot_user: str) -> Installed:
        """Return the installation whose bot this is; the home one for whatever is none."""
        found = (one for one in self.installed.values() if one.bot_user == bot_user)
        return next(found, self.installed[self.home.id])

    def has_app(self, team_id: str) -> bool:
        """Tell whether the app is installed in a workspace now."""
        return any(one.active and one.team == team_id for one in self.tokens.values())

    def is_bot(self, user_id: str) -> bool:
        """Tell whether this is the app's bot in any workspace."""
        return any(one.bot_user == user_id for one in self.installed.values())

    def put_in(self, team_id: str) -> Installed:
        """Return the app's bot in a workspace, which gets one of its own the first time."""
        if team_id not in self.installed:
            bot = f"U0BOT{team_id}"
            self.installed[team_id] = Installed(self.teams[team_id], bot, f"B0BOT{team_id}")
            name = self.app.name
            self.users[bot] = SlackUser(id=bot, name=name.lower(), real_name=name, team=team_id)
        return self.installed[team_id]

    def grant(self, team_id: str, scopes: tuple[str, ...], installer: str = "") -> Granted:
        """Return a fresh bot token of a workspace, with a refresh token where tokens rotate."""
        serial = self.new_id("token")
        rotates = self.installs.rotates
        prefix = "xoxe.xoxb-1-" if rotates else "xoxb-"
        value = f"{prefix}{derive_secret('installed', team_id, serial)}"
        expires = self.clock.now() + TOKEN_LIFE if rotates else None
        token = Token(value, "bot", scopes, team=team_id, expires=expires)
        self.tokens[value] = token
        refresh = f"xoxe-1-{derive_secret('refresh', team_id, serial)}" if rotates else ""
        if refresh:
            self.installs.refreshes[refresh] = token
        return Granted(token, installer, refresh)

    def renew(self, refresh: str) -> Granted:
        """Return the pair that comes after a refresh token.

        Raises:
            SlackError: `invalid_refresh_token`.
        """
        before = self.installs.take_refresh(refresh)
        return self.grant(before.team, before.scopes)

    # -- channels -------------------------------------------------------------------------

    def channel(self, channel_id: str) -> Channel:
        """Return a channel by id.

        Raises:
            SlackError: `channel_not_found`.
        """
        channel = self.channels.get(channel_id)
        if channel is None:
            raise SlackError("channel_not_found")
        return channel

    def can_see(self, user_id: str, channel: Channel) -> bool:
        """Tell whether a person may read a channel.

        Full members of a workspace also read its public channels; guests and external people read
        only the channels they are in.
        """
        if user_id in channel.members:
            return True
        user = self.users.get(user_id)
        if user is None or channel.is_private or channel.im_user is not None:
            return False
        return user.team == channel.host and not user.is_restricted

    def audience(self, channel: Channel) -> set[str]:
        """Return the ids of all people who may read a channel."""
        return {user_id for user_id in self.users if self.can_see(user_id, channel)}

    def open_im(self, user_id: str, me: Installed | None = None) -> tuple[Channel, bool]:
        """Return a bot's direct conversation with a person, and whether it is new."""
        me = me or self.installed[self.home.id]
        for channel in self.channels.values():
            if channel.im_user == user_id and me.bot_user in channel.members:
                return channel, False
        channel = Channel(
            id=self.new_id("D"),
            name=self.app.name,
            is_private=True,
            host=me.team.id,
            im_user=user_id,
            members=[user_id, me.bot_user],
            created=self.now_epoch(),
        )
        self.channels[channel.id] = channel
        return channel, True

    # -- messages -------------------------------------------------------------------------

    def message(self, channel: Channel, ts: str) -> Message:
        """Return a message that everybody in the channel sees.

        Raises:
            SlackError: `message_not_found`; ephemeral messages are never found.
        """
        message = channel.messages.get(ts)
        if message is None or message.only_for is not None:
            raise SlackError("message_not_found")
        return message

    def add_message(self, channel: Channel, body: Json, only_for: str | None = None) -> Message:
        """Put a message into a channel and give it its `ts`."""
        message = Message({"type": "message", **body, "ts": self.next_ts()}, only_for)
        channel.messages[message.ts] = message
        parent = channel.messages.get(str(body.get("thread_ts")))
        if parent is not None and only_for is None:
            _count_reply(parent, message)
        return message

    def remove_message(self, channel: Channel, ts: str) -> Message:
        """Take a message out of a channel and return it."""
        message = channel.messages.pop(ts)
        parent = channel.messages.get(str(message.body.get("thread_ts")))
        if parent is not None and parent.body.get("reply_count"):
            parent.body["reply_count"] -= 1
        if ts in channel.pins:
            channel.pins.remove(ts)
        return message

    def messages_for(self, user_id: str, channel: Channel) -> Iterator[Message]:
        """Yield what one person sees in a channel, oldest first."""
        for message in channel.messages.values():
            if message.only_for in (None, user_id):
                yield message


def _count_reply(parent: Message, reply: Message) -> None:
    body = parent.body
    body["thread_ts"] = parent.ts
    body["reply_count"] = body.get("reply_count", 0) + 1
    body["latest_reply"] = reply.ts
    people = body.setdefault("reply_users", [])
    if reply.body["user"] not in people:
        people.append(reply.body["user"])
    body["reply_users_count"] = len(people)
