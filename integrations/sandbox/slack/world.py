"""The `slack:` section of a world file: workspaces, people, channels and the installed app.

The home workspace is the one that installed the app. People of any other team are *external*
(Slack Connect): they take part in channels shared with their team, and Slack delivers no slash
command from them.
"""

from collections.abc import Iterable
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

TeamId = Annotated[str, StringConstraints(pattern=r"^[TE][A-Z0-9]+$")]
UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]
ChannelId = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]+$")]
ChannelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,80}$")]

DEFAULT_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "usergroups:read",
    "users:read",
)
"""Bot scopes unless a world says otherwise: those of `app_manifest.yml`."""

DEFAULT_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
"""Bot events unless a world says otherwise: those of `app_manifest.yml`."""


class Section(BaseModel):
    """A part of the world file. Unknown keys are refused, so that a typo is not silence."""

    model_config = ConfigDict(extra="forbid")


class SlackTeam(Section):
    """A workspace: the home one, or a customer's own."""

    id: TeamId
    name: str
    domain: str


class SlackCommand(Section):
    """A slash command of the app, as its manifest declares it."""

    command: Annotated[str, StringConstraints(pattern=r"^/[a-z0-9_-]{1,31}$")]
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = True


class SlackApp(Section):
    """The app under test, installed in the home workspace."""

    id: Annotated[str, StringConstraints(pattern=r"^A[A-Z0-9]+$")]
    name: str
    bot_user: UserId
    bot_id: Annotated[str, StringConstraints(pattern=r"^B[A-Z0-9]+$")]
    commands: list[SlackCommand] = Field(
        default_factory=lambda: [
            SlackCommand(
                command="/onboard",
                description="See and steer a customer's onboarding",
                usage_hint="status | check | help",
            )
        ]
    )
    scopes: list[str] = Field(default_factory=lambda: list(DEFAULT_SCOPES))
    events: list[str] = Field(default_factory=lambda: list(DEFAULT_EVENTS))


def _a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name} is not a time zone such as Australia/Sydney") from None
    return name


class SlackUser(Section):
    """A person. `team` is the person's own workspace; guests are `is_restricted`."""

    id: UserId
    name: str
    real_name: str
    team: TeamId
    title: str = ""
    email: str = ""
    tz: Annotated[str, AfterValidator(_a_zone)] = "Australia/Sydney"
    is_admin: bool = False
    is_restricted: bool = False
    deleted: bool = False


class SlackUsergroup(Section):
    """A user group of the home workspace."""

    id: Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]+$")]
    handle: str
    name: str
    users: list[UserId] = Field(default_factory=list)


class SlackChannel(Section):
    """A channel; `shared_with` names the other teams in it. `host` is the home workspace."""

    id: ChannelId
    name: ChannelName
    host: TeamId | None = None
    is_private: bool = False
    is_archived: bool = False
    shared_with: list[TeamId] = Field(default_factory=list)
    members: list[UserId] = Field(default_factory=list)
    topic: str = ""
    purpose: str = ""


class SlackWorld(Section):
    """The whole `slack:` section.

    Raises:
        pydantic.ValidationError: An id is used twice, or a team, person or member is unknown,
            or a person sits in a channel that is not shared with that person's team.
    """

    home: SlackTeam
    app: SlackApp
    teams: list[SlackTeam] = Field(default_factory=list)
    users: list[SlackUser] = Field(default_factory=list)
    usergroups: list[SlackUsergroup] = Field(default_factory=list)
    channels: list[SlackChannel] = Field(default_factory=list)

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        team_ids = [self.home.id, *(team.id for team in self.teams)]
        user_ids = [self.app.bot_user, *(user.id for user in self.users)]
        _refuse_repeats("team", team_ids)
        _refuse_repeats("user", user_ids)
        _refuse_repeats("channel", (channel.id for channel in self.channels))
        _refuse_repeats("channel name", (channel.name for channel in self.channels))
        _refuse_repeats("user group", (group.id for group in self.usergroups))
        for user in self.users:
            _refuse_unknown(f"the team of {user.id}", [user.team], team_ids)
        for group in self.usergroups:
            _refuse_unknown(f"user group {group.id}", group.users, user_ids)
        for channel in self.channels:
            _refuse_unknown(f"host of {channel.id}", [channel.host or self.home.id], team_ids)
            _refuse_unknown(f"shared_with of {channel.id}", channel.shared_with, team_ids)
            _refuse_unknown(f"members of {channel.id}", channel.members, user_ids)
            self._refuse_outsiders(channel)
        return self

    def _refuse_outsiders(self, channel: SlackChannel) -> None:
        inside = {channel.host or self.home.id, *channel.shared_with}
        team_of = {user.id: user.team for user in self.users}
        for member in channel.members:
            if team_of.get(member, self.home.id) not in inside:
                msg = f"{member} is in {channel.id}, which is not shared with that person's team"
                raise ValueError(msg)


def _refuse_repeats(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"the {what} {one} is listed twice")
        seen.add(one)


def _refuse_unknown(where: str, used: Iterable[str], known: Iterable[str]) -> None:
    missing = sorted(set(used) - set(known))
    if missing:
        raise ValueError(f"{where}: unknown {', '.join(missing)}")
