"""conversations.*."""

from integrations.sandbox.slack.api.call import Call, Method, page
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.limits import TIER_2, TIER_3, TIER_4
from integrations.sandbox.slack.payloads import channel_json
from integrations.sandbox.slack.state import Channel, Json, Message

_READ = ("channels:read", "groups:read", "im:read")
_READ_ONE = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
_READ_TYPE = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "mpim": "mpim:read",
    "im": "im:read",
}
_HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}


async def info(call: Call) -> Json:
    """Describe one channel, with `connected_team_ids` where it is shared."""
    channel = call.channel()
    _need_scope(call, _READ_ONE[channel.kind])
    body = channel_json(call.state, call.me, channel)
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


async def list_(call: Call) -> Json:
    """List channels that the bot may see; without `connected_team_ids`, as Slack does."""
    types = set(call.text("types", "public_channel").split(","))
    if types - set(_READ_TYPE):
        raise SlackError("invalid_types")
    for one in sorted(types):
        _need_scope(call, _READ_TYPE[one])
    found = []
    for channel in call.state.channels.values():
        kind = {"channel": "public_channel", "group": "private_channel"}.get(channel.kind, "im")
        hidden = channel.is_private and call.me.bot_user not in channel.members
        skipped = channel.is_archived and call.flag("exclude_archived")
        if kind in types and not hidden and not skipped:
            found.append(channel_json(call.state, call.me, channel, detailed=False))
    channels, cursor = page(found, call)
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


async def members(call: Call) -> Json:
    """List a channel's members, external ones included."""
    channel = call.channel()
    _need_scope(call, _READ_ONE[channel.kind])
    people, cursor = page([{"id": one} for one in channel.members], call)
    return {
        "members": [one["id"] for one in people],
        "response_metadata": {"next_cursor": cursor},
    }


async def history(call: Call) -> Json:
    """Return a channel's messages, newest first, thread replies left out."""
    channel = _readable(call)
    found = [
        message
        for message in channel.public_messages
        if message.body.get("thread_ts") in (None, message.ts)
        or message.body.get("subtype") == "thread_broadcast"
    ]
    bodies = [_shown(call, message) for message in reversed(_within(call, found))]
    messages, cursor = page(bodies, call)
    return {
        "messages": messages,
        "has_more": bool(cursor),
        "pin_count": len(channel.pins),
        "response_metadata": {"next_cursor": cursor},
    }


async def replies(call: Call) -> Json:
    """Return a thread, oldest first, the parent in front."""
    channel = _readable(call)
    ts = call.need("ts")
    parent = channel.messages.get(ts)
    if parent is None or parent.only_for is not None:
        raise SlackError("thread_not_found")
    root = str(parent.body.get("thread_ts", ts))
    found = [
        message
        for message in channel.public_messages
        if message.ts == root or message.body.get("thread_ts") == root
    ]
    bodies = [_shown(call, message) for message in _within(call, found)]
    messages, cursor = page(bodies, call)
    return {
        "messages": messages,
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


async def join(call: Call) -> Json:
    """Let the bot join a public channel."""
    channel = call.channel()
    if channel.im_user is not None or channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    already = call.me.bot_user in channel.members
    call.server.join(channel, call.me.bot_user)
    body: Json = {"channel": channel_json(call.state, call.me, channel)}
    if already:
        body["warning"] = "already_in_channel"
    return body


async def open_(call: Call) -> Json:
    """Open the bot's direct conversation with one person."""
    if call.text("channel"):
        channel = call.channel()
        if channel.im_user is None:
            raise SlackError("method_not_supported_for_channel_type")
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    users = [one for one in call.need("users").split(",") if one]
    if len(users) != 1:
        # Group conversations need mpim:write, which worlds do not grant.
        raise SlackError("missing_scope", extra={"needed": "mpim:write"})
    if users[0] not in call.state.users or call.state.is_stranger(users[0], call.me.team.id):
        raise SlackError("user_not_found")
    if call.state.users[users[0]].deleted:
        raise SlackError("user_disabled")
    channel, new = call.state.open_im(users[0], call.me)
    if new:
        call.server.stream.publish({"kind": "state"})
    body = (
        channel_json(call.state, call.me, channel) if call.flag("return_im") else {"id": channel.id}
    )
    return {"channel": body} if new else {"channel": body, "no_op": True, "already_open": True}


def _need_scope(call: Call, needed: str) -> None:
    if needed not in call.token.scopes:
        provided = ",".join(call.token.scopes)
        raise SlackError("missing_scope", extra={"needed": needed, "provided": provided})


def _readable(call: Call) -> Channel:
    channel = call.channel()
    _need_scope(call, _HISTORY[channel.kind])
    if call.me.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _within(call: Call, found: list[Message]) -> list[Message]:
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    inclusive = call.flag("inclusive")

    def fits(message: Message) -> bool:
        at = _key(message.ts)
        above = oldest is None or at > oldest or (inclusive and at == oldest)
        below = latest is None or at < latest or (inclusive and at == latest)
        return above and below

    return [message for message in found if fits(message)]


def _moment(call: Call, name: str) -> tuple[int, int] | None:
    value = call.text(name)
    if value in ("", "0"):
        return None
    try:
        return _key(value)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _key(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    return int(seconds), int((micros or "0").ljust(6, "0")[:6])


def _shown(call: Call, message: Message) -> Json:
    body = dict(message.body)
    if not call.flag("include_all_metadata"):
        body.pop("metadata", None)
    return body


METHODS = {
    "conversations.info": Method(info, TIER_3, _READ),
    "conversations.list": Method(list_, TIER_2, _READ),
    "conversations.members": Method(members, TIER_4, _READ),
    "conversations.history": Method(history, TIER_3),
    "conversations.replies": Method(replies, TIER_3),
    "conversations.join": Method(join, TIER_3, ("channels:join",)),
    "conversations.open": Method(open_, TIER_3, ("im:write",)),
}
