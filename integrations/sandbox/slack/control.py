"""`/_world`: what this stand-in holds, credentials for it, and changes to it."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.sandbox.control import read_json, refuse, sentences
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.installs import Token
from integrations.sandbox.slack.state import Channel, Json, derive_secret
from integrations.sandbox.slack.world import SlackCommand, SlackUser


class Strict(BaseModel):
    """A posted change; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Membership(Strict):
    """Somebody joins or leaves a channel."""

    channel: str
    user: str
    joined: bool = True


class ChannelEdit(Strict):
    """Changes to one channel; what is left out stays."""

    id: str
    name: str | None = None
    is_archived: bool | None = None
    is_private: bool | None = None
    new_id: str | None = Field(default=None, pattern=r"^[CG][A-Z0-9]+$")
    deleted: bool = False
    by: str | None = None
    invite: str | None = None
    share_with: str | None = None
    unshare_with: str | None = None


class LimitsEdit(Strict):
    """Rate limits on or off, and the burst that a channel takes."""

    enabled: bool = True
    post_burst: int = Field(default=3, ge=1)


class SocketEdit(Strict):
    """Trouble on the sockets: asked to go, or swallowing what they are sent."""

    disconnect: str | None = Field(
        default=None, pattern="^(warning|refresh_requested|link_disabled)$"
    )
    deaf: bool | None = None


class Edits(Strict):
    """Everything `POST /_world/edits` takes; each part is optional."""

    request_url: str | None = None
    signing_secret: str | None = None
    ack_seconds: float | None = Field(default=None, gt=0, le=60)
    trigger_seconds: float | None = Field(default=None, gt=0, le=60)
    users: list[SlackUser] = Field(default_factory=list)
    memberships: list[Membership] = Field(default_factory=list)
    channels: list[ChannelEdit] = Field(default_factory=list)
    commands: list[SlackCommand] | None = None
    events: list[str] | None = None
    scopes: list[str] | None = None
    rate_limits: LimitsEdit | None = None
    socket: SocketEdit | None = None
    uninstall: bool | str = False
    token_rotation: bool | None = None
    redirect_urls: list[str] | None = None
    reinstall: bool = False


class Grant(Strict):
    """A fresh bot token with chosen scopes (default: those of the world)."""

    scopes: list[str] | None = None


async def show(server: SlackServer, _request: Request) -> Response:
    """Answer `GET /_world`."""
    state = server.state
    return JSONResponse(
        {
            "ok": True,
            "clock": server.clock.now().isoformat(timespec="seconds"),
            "clients": [{"id": state.installs.client_id, "secret": state.installs.client_secret}],
            "tokens": {
                "bot": state.bot_token,
                "app": state.app_token,
                "signing_secret": server.delivery.signing_secret,
            },
            "companies": [one.model_dump() for one in state.teams.values()],
            "home": state.home.model_dump(),
            "app": state.app.model_dump(),
            "installed": [
                {"team": one.team.id, "bot_user": one.bot_user, "bot_id": one.bot_id}
                for one in state.installed.values()
            ],
            "users": [one.model_dump() for one in state.users.values()],
            "usergroups": [one.model_dump() for one in state.usergroups.values()],
            "channels": [_channel(server, one) for one in state.channels],
            "connections": server.delivery.hub.connected,
            "request_url": server.delivery.request_url,
        }
    )


def _channel(server: SlackServer, channel_id: str) -> Json:
    channel = server.state.channels[channel_id]
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "host": channel.host,
        "shared_with": list(channel.shared_with),
        "members": list(channel.members),
    }


async def grant(server: SlackServer, request: Request) -> Response:
    """Answer `POST /_world/grants`."""
    given, problem = await _posted(request, Grant)
    if problem is not None:
        return problem
    value = f"xoxb-{derive_secret('grant', server.state.new_id('G'))}"
    scopes = server.state.app.scopes if given.scopes is None else given.scopes
    server.state.tokens[value] = Token(value, "bot", tuple(scopes), team=server.state.home.id)
    return JSONResponse({"ok": True, "access_token": value, "scopes": scopes})


async def edit(server: SlackServer, request: Request) -> Response:
    """Answer `POST /_world/edits`."""
    given, problem = await _posted(request, Edits)
    if problem is not None:
        return problem
    try:
        _edit_people(server, given)
        for change in given.channels:
            _edit_channel(server, change)
        _edit_app(server, given)
    except SlackError as error:
        return refuse(error.code, f"This change names something unknown: {error.code}.", 404)
    told = await _edit_wire(server, given)
    server.stream.publish({"kind": "state"})
    return JSONResponse({"ok": True, **told})


async def _posted(request: Request, model: type[Any]) -> tuple[Any, Response | None]:
    posted, problem = await read_json(request)
    if problem is not None:
        return None, problem
    try:
        return model.model_validate(posted), None
    except ValidationError as error:
        return None, refuse("invalid_edit", sentences(error))


async def _edit_wire(server: SlackServer, given: Edits) -> Json:
    delivery = server.delivery
    if "request_url" in given.model_fields_set:
        delivery.request_url = given.request_url
    if given.signing_secret is not None:
        delivery.signing_secret = given.signing_secret
    if given.ack_seconds is not None:
        delivery.ack_seconds = given.ack_seconds
    if given.trigger_seconds is not None:
        server.interactions.trigger_life = timedelta(seconds=given.trigger_seconds)
    if given.rate_limits is not None:
        server.limits.enabled = given.rate_limits.enabled
        server.limits.post_burst = given.rate_limits.post_burst
        server.limits.reset()
    told: Json = {}
    if given.socket is not None:
        if given.socket.deaf is not None:
            delivery.hub.set_deaf(deaf=given.socket.deaf)
        if given.socket.disconnect is not None:
            told["disconnected"] = await delivery.hub.disconnect(given.socket.disconnect)
    return told


def _edit_people(server: SlackServer, given: Edits) -> None:
    for user in given.users:
        if user.team not in server.state.teams:
            raise SlackError("team_not_found")
        server.state.users[user.id] = user
    for change in given.memberships:
        channel = server.state.channel(change.channel)
        server.state.person(change.user)
        if change.joined:
            server.join(channel, change.user)
        elif change.user in channel.members:
            server.leave(channel, change.user)


def _edit_channel(server: SlackServer, change: ChannelEdit) -> None:
    channel = server.state.channel(change.id)
    if change.name is not None and change.name != channel.name:
        server.rename(channel, change.name)
    if change.is_archived is not None and change.is_archived != channel.is_archived:
        by = server.state.person(change.by or _somebody_at_home(server))
        server.archive(channel, by.id, archived=change.is_archived)
    if change.is_private is not None:
        channel.is_private = change.is_private
    _edit_sharing(server, channel, change)
    if change.new_id is not None:
        server.change_id(channel, change.new_id)
    if change.deleted:
        server.remove(channel)


def _edit_sharing(server: SlackServer, channel: Channel, change: ChannelEdit) -> None:
    for team in (change.invite, change.share_with, change.unshare_with):
        if team is not None and team not in server.state.teams:
            raise SlackError("team_not_found")
    if change.invite is not None and change.invite not in channel.invited:
        channel.invited.append(change.invite)
    if change.share_with is not None:
        server.share(channel, change.share_with)
    if change.unshare_with is not None:
        server.unshare(channel, change.unshare_with)


def _somebody_at_home(server: SlackServer) -> str:
    """A person of the home workspace; an app is not told of what it did itself."""
    state = server.state
    return next(
        user.id
        for user in state.users.values()
        if user.team == state.home.id and user.id != state.app.bot_user
    )


def _edit_app(server: SlackServer, given: Edits) -> None:
    app = server.state.app
    if given.commands is not None:
        app.commands = given.commands
    if given.events is not None:
        app.events = given.events
    if given.scopes is not None:
        app.scopes = given.scopes
        server.state.tokens[server.state.bot_token].scopes = tuple(given.scopes)
    if given.token_rotation is not None:
        server.state.installs.rotates = given.token_rotation
    if given.redirect_urls is not None:
        server.state.installs.redirect_urls = tuple(given.redirect_urls)
    if given.uninstall:
        server.uninstall(given.uninstall if isinstance(given.uninstall, str) else "")
    if given.reinstall:
        server.reinstall()
