"""What a person sees: workspace, messages, Home tab, files, the stream, the side panel."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import PageError
from integrations.sandbox.slack.state import Channel, Json, Message
from integrations.sandbox.slack.ui.common import ok, persona, visible_channel
from integrations.sandbox.slack.world import SlackUser

HOME_OF_EXTERNALS = (
    "This is a work in progress. An app's Home tab opens only for people of the workspace that "
    "installed it."
)
HOME_UNPUBLISHED = "The app has not put anything here yet."


def _iso(server: SlackServer) -> str:
    return server.clock.now().isoformat(timespec="seconds")


async def state(server: SlackServer, _request: Request) -> Response:
    """Describe the workspace, its people and channels, and the app."""
    app = server.state.app
    return ok(
        clock=_iso(server),
        workspace={"id": server.state.home.id, "name": server.state.home.name},
        personas=[
            _persona(server, user)
            for user in server.state.users.values()
            if not server.state.is_bot(user.id) and not user.deleted
        ],
        channels=[_channel(server, one) for one in server.state.channels.values()],
        bot={"user_id": app.bot_user, "name": app.name, "app_id": app.id},
        commands=[
            {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
            for one in app.commands
        ],
        connected=server.delivery.connected,
    )


def _persona(server: SlackServer, user: SlackUser) -> Json:
    team = server.state.teams[user.team]
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "team": {"id": team.id, "name": team.name},
        "external": server.state.is_external(user.id),
        "is_restricted": user.is_restricted,
        "color": server.state.color(user.id),
        "tz": user.tz,
    }


def _channel(server: SlackServer, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_im": channel.im_user is not None,
        "is_archived": channel.is_archived,
        "is_ext_shared": bool(channel.shared_with),
        "members": list(channel.members),
        "shared_with": [server.state.teams[team].name for team in channel.shared_with],
        "topic": channel.topic,
    }


async def messages(server: SlackServer, request: Request) -> Response:
    """List what one person sees in one channel, oldest first, thread replies included."""
    user = persona(server, request.query_params.get("persona"))
    channel = visible_channel(server, user, request.query_params.get("channel"))
    found = server.state.messages_for(user.id, channel)
    return ok(messages=[_message(server, one) for one in found])


def _message(server: SlackServer, message: Message) -> Json:
    body = dict(message.body)
    author = server.state.users[body["user"]]
    is_bot = "bot_id" in body
    body["author"] = {
        "id": author.id,
        "name": server.state.app.name if is_bot else author.real_name,
        "is_bot": is_bot,
        "color": server.state.color(author.id),
    }
    if message.only_for is not None:
        body["ephemeral"] = True
    return body


async def home(server: SlackServer, request: Request) -> Response:
    """Open the Home tab: tells the app, and returns what it has published."""
    user = persona(server, request.query_params.get("persona"))
    me = server.state.installed.get(user.team)
    if me is None:
        return ok(view=None, note=HOME_OF_EXTERNALS)
    view = server.interactions.homes.get(user.id)
    channel, _new = server.state.open_im(user.id, me)
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": "home",
        "event_ts": server.state.next_ts(),
    }
    if view is not None:
        event["view"] = view
    server.event("app_home_opened", event, None, user.id, me)
    return ok(view=view, note="" if view else HOME_UNPUBLISHED)


async def stream(server: SlackServer, request: Request) -> Response:
    """Serve the event stream of one person."""
    user = persona(server, request.query_params.get("persona"))
    return StreamingResponse(
        server.stream.listen(user.id, server.stack_change(user.id)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def file(server: SlackServer, request: Request) -> Response:
    """Serve an uploaded file to a person who sees a channel that it is in."""
    user = persona(server, request.query_params.get("persona"))
    found = server.state.files.get(request.query_params.get("id", ""))
    shared = found is not None and any(
        server.state.can_see(user.id, server.state.channels[one]) for one in found.channels
    )
    if found is None or found.content is None or not shared:
        raise PageError("file_not_found", "That file is not here, or not for you.", status=404)
    name = "".join(one if one.isascii() and one.isprintable() else "_" for one in found.name)
    disposition = f'attachment; filename="{name.replace(chr(34), "_")}"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=found.mimetype, headers=headers)


async def world(server: SlackServer, _request: Request) -> Response:
    """List what the side panel offers."""
    listing = asdict(server.panel.list())
    return ok(clock=_iso(server), **listing)
