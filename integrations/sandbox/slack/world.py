"""The `slack:` section of a world file: workspaces, people, channels and the installed app.

The home workspace is the one that installed the app. People of any other team are *external*
(Slack Connect): they take part in channels shared with their team, and Slack delivers no slash
command from them.
"""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from integrations.sandbox.world.base import Mistakes, Section, Zone

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


class SlackUser(Section):
    """A person. `team` is the person's own workspace; guests are `is_restricted`."""

    id: UserId
    name: str
    real_name: str
    team: TeamId
    title: str = ""
    email: str = ""
    tz: Zone = "Australia/Sydney"
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

    home: SlackTeam = Field(
        default_factory=lambda: SlackTeam(id="T0INTERFY", name="Interfy", domain="interfy")
    )
    app: SlackApp = Field(
        default_factory=lambda: SlackApp(
            id="A0ONECORE", name="OneCore", bot_user="U0ONECORE", bot_id="B0ONECORE"
        )
    )
    teams: list[SlackTeam] = Field(default_factory=list)
    users: list[SlackUser] = Field(default_factory=list)
    usergroups: list[SlackUsergroup] = Field(default_factory=list)
    channels: list[SlackChannel] = Field(default_factory=list)

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        found = Mistakes()
        found.repeats(("teams",), "team", [team.id for team in self.teams])
        found.repeats(("users",), "user", [user.id for user in self.users])
        found.repeats(("channels",), "channel", [channel.id for channel in self.channels])
        found.repeats(("channels",), "channel name", [channel.name for channel in self.channels])
        found.repeats(("usergroups",), "user group", [group.id for group in self.usergroups])
        self._check_ids(found)
        self._check_channels(found)
        found.raise_any("SlackWorld")
        return self

    def _check_ids(self, found: Mistakes) -> None:
        teams = [self.home.id, *(team.id for team in self.teams)]
        people = [self.app.bot_user, *(user.id for user in self.users)]
        for number, team in enumerate(self.teams):
            if team.id == self.home.id:
                found.add(("teams", number), f"team {team.id!r} is the home workspace already")
        for number, user in enumerate(self.users):
            if user.id == self.app.bot_user:
                found.add(("users", number), f"user {user.id!r} is the app's bot already")
            found.unknown(("users", number, "team"), "team", user.team, teams)
        for number, group in enumerate(self.usergroups):
            for place, member in enumerate(group.users):
                found.unknown(("usergroups", number, "users", place), "user", member, people)

    def _check_channels(self, found: Mistakes) -> None:
        teams = [self.home.id, *(team.id for team in self.teams)]
        team_of = {user.id: user.team for user in self.users} | {self.app.bot_user: self.home.id}
        for number, channel in enumerate(self.channels):
            at = ("channels", number)
            found.unknown((*at, "host"), "team", channel.host, teams)
            for place, team in enumerate(channel.shared_with):
                found.unknown((*at, "shared_with", place), "team", team, teams)
            inside = {channel.host or self.home.id, *channel.shared_with}
            for place, member in enumerate(channel.members):
                found.unknown((*at, "members", place), "user", member, team_of)
                if team_of.get(member, self.home.id) not in inside:
                    reason = f"{channel.id} is not shared with the team of {member}"
                    found.add((*at, "members", place), reason)
