"""What a person does: say something, run a command, click, ask a select for its options."""

import asyncio
import re

from starlette.requests import Request
from starlette.responses import Response

from integrations.sandbox.slack import payloads, responses
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import PageError, SlackError
from integrations.sandbox.slack.installs import Installed
from integrations.sandbox.slack.interactions import (
    block_elements,
    initial_values,
    value_key,
)
from integrations.sandbox.slack.mentions import resolve_mentions
from integrations.sandbox.slack.panel import PanelActionError, UnknownPanelActionError
from integrations.sandbox.slack.sockets import Ack
from integrations.sandbox.slack.state import Channel, Json
from integrations.sandbox.slack.ui.common import (
    NO_RESPONSE,
    find_element,
    ok,
    own_view,
    persona,
    read_body,
    visible_channel,
    visible_message,
)
from integrations.sandbox.slack.world import SlackUser


async def send(server: SlackServer, request: Request) -> Response:
    """Say something in a channel, or run a slash command."""
    body = await read_body(request)
    user = persona(server, body.get("persona"))
    channel = visible_channel(server, user, body.get("channel"))
    text = str(body.get("text") or "").strip()
    thread = str(body["thread_ts"]) if body.get("thread_ts") else None
    if not text:
        raise PageError("no_text", "Write something first.")
    if text.startswith("/"):
        return await _command(server, user, channel, text, thread)
    if user.id not in channel.members:
        raise PageError("not_in_channel", f"Join #{channel.name} to write there.")
    if channel.is_archived:
        raise PageError("is_archived", f"#{channel.name} is archived.")
    if thread is not None:
        visible_message(channel, user, thread)
    resolved = resolve_mentions(server.state, text)
    return ok(ts=server.post_as_person(user.id, channel, resolved, thread))


async def _command(
    server: SlackServer, user: SlackUser, channel: Channel, text: str, thread: str | None
) -> Response:
    command, _, rest = text.partition(" ")
    known = next((one for one in server.state.app.commands if one.command == command), None)
    me = server.state.installed.get(user.team)
    if known is None or me is None or not server.state.has_app(user.team):
        reason = (
            f"{command} is not a valid command. In Slack Connect channels, you can only use "
            "commands of apps that your own workspace has installed."
            if known is not None
            else f"{command} is not a valid command."
        )
        raise PageError("not_a_command", reason)
    if thread is not None:
        raise PageError(
            "not_in_thread",
            f"{command} is not supported in threads. Sorry! Use it in the channel.",
        )
    path = server.interactions.issue_response_url(channel.id, user.id, me)
    payload = payloads.slash_command(
        server.state,
        me,
        user.id,
        channel,
        command,
        _command_text(server, rest.strip(), escape=known.should_escape),
        trigger_id=server.interactions.issue_trigger(user.id, me),
        response_url=server.public_url + path,
    )
    ack = await server.delivery.command(payload)
    if not ack.ok:
        message = f'{command} failed with the error "{ack.error}"'
        server.toast(user.id, message)
        raise PageError(ack.error, message)
    _answer(server, user, path, ack)
    return ok()


def _command_text(server: SlackServer, text: str, *, escape: bool) -> str:
    """Return a command's text; with should_escape, people and channels become references."""
    if not escape:
        return text
    users = server.state.users

    def named(found: re.Match[str]) -> str:
        return f"<@{found[1]}|{users[found[1]].name}>" if found[1] in users else found[0]

    return re.sub(r"<@(\w+)>", named, resolve_mentions(server.state, text))


def _answer(server: SlackServer, user: SlackUser, path: str, ack: Ack) -> None:
    """Post what came with an acknowledgement; content that Slack refuses is a visible failure."""
    body = ack.payload
    if not (body.get("text") or body.get("blocks")):
        return
    url = server.interactions.response_urls[path.rpartition("/")[2]]
    try:
        responses.answer(server, url, body)
    except SlackError as error:
        server.toast(user.id, f'The app\'s answer failed with the error "{error.code}"')


async def action(server: SlackServer, request: Request) -> Response:
    """Click or choose something in a message, a modal or the Home tab."""
    body = await read_body(request)
    user = persona(server, body.get("persona"))
    source, blocks = _source(server, user, body)
    element = find_element(blocks, body.get("block_id"), body.get("action_id"))
    if element is None:
        raise PageError("action_not_found", "That button is not there any more.")
    chosen = _chosen(element, body)
    me = _whose(server, source)
    source["trigger_id"] = server.interactions.issue_trigger(user.id, me)
    ack = await server.delivery.interactive(
        payloads.block_actions(server.state, me, user.id, chosen, source)
    )
    if not ack.ok:
        server.toast(user.id, NO_RESPONSE)
        raise PageError(ack.error, NO_RESPONSE)
    return ok()


def _source(server: SlackServer, user: SlackUser, body: Json) -> tuple[Json, list[Json]]:
    """Return the source part of a click's payload, and the blocks it may have happened in."""
    given = body.get("source")
    source = given if isinstance(given, dict) else {}
    entered = body.get("state")
    state = entered if isinstance(entered, dict) else {}
    if source.get("type") == "message":
        return _message_source(server, user, source, state)
    if source.get("type") == "home":
        view = server.interactions.homes.get(user.id)
        if view is None:
            raise PageError("view_not_found", "The Home tab is empty.")
    else:
        view = own_view(server, user, source.get("view_id"))
    merge_state(view, state)
    container = {"type": "view", "view_id": view["id"]}
    versions = server.interactions.versions(view["id"], view["blocks"])
    return {"container": container, "view": view}, versions


def _whose(server: SlackServer, source: Json) -> Installed:
    """Return the installation whose message or view was clicked in."""
    state = server.state
    if "view" in source:
        return state.installed[source["view"]["app_installed_team_id"]]
    container = source["container"]
    message = state.channels[container["channel_id"]].messages[container["message_ts"]]
    return state.installation_of(message.body["user"])


def _message_source(
    server: SlackServer, user: SlackUser, source: Json, state: Json
) -> tuple[Json, list[Json]]:
    channel = visible_channel(server, user, source.get("channel"))
    message = visible_message(channel, user, source.get("ts"))
    blocks = message.body.get("blocks", [])
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.body.get("thread_ts"):
        container["thread_ts"] = message.body["thread_ts"]
    values = {"state": {"values": initial_values(blocks)}, "blocks": blocks}
    merge_state(values, state)
    path = server.interactions.issue_response_url(
        channel.id, user.id, server.state.installation_of(message.body["user"]), message.ts
    )
    fields: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "state": values["state"],
        "response_url": server.public_url + path,
    }
    if message.only_for is None:
        # Slack leaves an ephemeral message out of the payload.
        fields["message"] = message.body
    return fields, server.interactions.versions(message.ts, blocks)


def _channel_name(channel: Channel) -> str:
    if channel.im_user is not None:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def _chosen(element: Json, body: Json) -> Json:
    """Return one entry of `actions`: what the element is, and what the person chose."""
    given = body.get("value")
    value = given if isinstance(given, dict) else {}
    chosen: Json = {
        "type": element["type"],
        "block_id": body["block_id"],
        "action_id": body["action_id"],
    }
    for shown in ("text", "style", "placeholder", "confirm"):
        if shown in element:
            chosen[shown] = element[shown]
    key = value_key(element["type"])
    if element["type"] == "overflow":
        key = "selected_option"
    if key is not None:
        chosen[key] = value.get(key)
    elif "value" in value or "value" in element:
        # What a button carries is the page's word here, as it is the client's with Slack: an app
        # must not trust it, and tests forge it.
        chosen["value"] = str(value.get("value", element.get("value", "")))
    return chosen


def merge_state(view: Json, entered: Json) -> None:
    """Put what the person entered into a view's `state.values`; unknown fields are dropped."""
    values = view["state"]["values"]
    kinds = {
        (block["block_id"], element["action_id"]): element["type"]
        for block in view["blocks"]
        for element in block_elements(block)
    }
    for (block_id, action_id), kind in kinds.items():
        key = value_key(kind)
        slot = entered.get(block_id)
        given = slot.get(action_id) if isinstance(slot, dict) else None
        if key is None or not isinstance(given, dict) or key not in given:
            continue
        values[block_id][action_id] = {"type": kind, key: given[key]}


async def options(server: SlackServer, request: Request) -> Response:
    """Ask the app for the options of an external select."""
    body = await read_body(request)
    user = persona(server, body.get("persona"))
    source, blocks = _source(server, user, body)
    element = find_element(blocks, body.get("block_id"), body.get("action_id"))
    if element is None:
        raise PageError("action_not_found", "That menu is not there any more.")
    source.pop("response_url", None)
    payload = payloads.block_suggestion(
        server.state,
        _whose(server, source),
        user.id,
        str(body["block_id"]),
        str(body["action_id"]),
        str(body.get("value") or ""),
        source,
    )
    ack = await server.delivery.interactive(payload)
    if not ack.ok:
        raise PageError(ack.error, "The list could not be loaded.")
    groups = ack.payload.get("option_groups") or []
    found = ack.payload.get("options") or [one for group in groups for one in group["options"]]
    return ok(options=found[:100], option_groups=groups)


async def run_world_action(server: SlackServer, request: Request) -> Response:
    """Press a button of the side panel."""
    body = await read_body(request)
    try:
        message = await server.panel.run(str(body.get("id")))
    except UnknownPanelActionError as error:
        raise PageError("unknown_action", str(error)) from error
    except PanelActionError as error:
        raise PageError("action_failed", str(error)) from error
    server.stream.publish({"kind": "world"})
    # Give the world's own listeners a turn, so that the answer follows what they say.
    await asyncio.sleep(0)
    return ok(message=message)
