"""What the page's endpoints share: reading requests, refusing in sentences, finding sources."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import PageError, SlackError
from integrations.sandbox.slack.interactions import block_elements
from integrations.sandbox.slack.state import Channel, Json, Message
from integrations.sandbox.slack.world import SlackUser

PageHandler = Callable[[SlackServer, Request], Awaitable[Response]]

NO_RESPONSE = "This app didn't respond. Please try again."
TROUBLE = "We had some trouble connecting. Try again?"


def ok(**fields: Any) -> Response:  # noqa: ANN401 - JSON of any shape.
    """Return a good answer."""
    return JSONResponse({"ok": True, **fields})


def refusal(error: PageError) -> Response:
    """Return a refusal."""
    body = {"ok": False, "error": error.code, "message": error.message}
    return JSONResponse(body, error.status)


async def read_body(request: Request) -> Json:
    """Return the JSON object that the page posted.

    Raises:
        PageError: It is not one.
    """
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise PageError("invalid_json", "The body of this request has to be a JSON object.")
    return body


def persona(server: SlackServer, value: object) -> SlackUser:
    """Return the person the page acts as.

    Raises:
        PageError: Nobody has that id, or the account is deactivated.
    """
    user = server.state.users.get(str(value))
    if user is None or user.deleted:
        raise PageError("user_not_found", "There is no such person in this world.", status=404)
    return user


def visible_channel(server: SlackServer, user: SlackUser, value: object) -> Channel:
    """Return a channel that a person may read.

    Raises:
        PageError: It does not exist, or is not for this person.
    """
    channel = server.state.channels.get(str(value))
    if channel is None or not server.state.can_see(user.id, channel):
        raise PageError(
            "channel_not_found", f"{user.real_name} can't see that channel.", status=404
        )
    return channel


def visible_message(channel: Channel, user: SlackUser, ts: object) -> Message:
    """Return a message that a person sees.

    Raises:
        PageError: It is gone, or somebody else's ephemeral one.
    """
    message = channel.messages.get(str(ts))
    if message is None or message.only_for not in (None, user.id):
        raise PageError("message_not_found", "That message is gone.", status=404)
    return message


def own_view(server: SlackServer, user: SlackUser, view_id: object) -> Json:
    """Return a modal that a person has open.

    Raises:
        PageError: It is closed, or another person's.
    """
    view = server.interactions.views.get(str(view_id))
    if view is None or server.interactions.owners.get(str(view_id)) != user.id:
        raise PageError("view_not_found", "That window is closed already.", status=404)
    return view


def find_element(blocks: list[Json], block_id: object, action_id: object) -> Json | None:
    """Return the interactive element with these ids, None where there is none."""
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in block_elements(block):
                if element["action_id"] == action_id:
                    return element
    return None


def endpoint(handler: PageHandler, server: SlackServer) -> Callable[[Request], Awaitable[Response]]:
    """Turn a handler into a Starlette endpoint that refuses in sentences."""

    async def serve(request: Request) -> Response:
        try:
            return await handler(server, request)
        except PageError as error:
            return refusal(error)
        except SlackError as error:
            return refusal(PageError(error.code, f"Slack refuses this: {error.code}."))

    return serve
