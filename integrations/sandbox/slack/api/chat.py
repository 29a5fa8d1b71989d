"""chat.*."""

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.api.content import read_content, writable
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.limits import SPECIAL, TIER_3, TIER_4
from integrations.sandbox.slack.state import Channel, Json, Message

_WRITE = ("chat:write",)


async def post_message(call: Call) -> Json:
    """Post to a channel, a thread, or (given a user id) the direct conversation."""
    channel = writable(call)
    content = read_content(call)
    content.update(_thread(call, channel))
    call.server.limits.take_post(channel.id, call.server.clock.now())
    message = call.server.post_as_bot(channel, content, me=call.me)
    return {"channel": channel.id, "ts": message.ts, "message": message.body}


async def update(call: Call) -> Json:
    """Change one of the app's own messages."""
    channel = writable(call)
    message = _own(call, channel, "cant_update_message")
    content = read_content(call, update=True)
    if "text" not in call.args:
        content.pop("text")
    call.server.update(channel, message, content)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.body.get("text", ""),
        "message": message.body,
    }


async def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = writable(call)
    message = _own(call, channel, "cant_delete_message")
    call.server.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


async def post_ephemeral(call: Call) -> Json:
    """Post a message that one member of the channel sees."""
    channel = writable(call)
    user = call.need("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = read_content(call)
    content.update(_thread(call, channel))
    message = call.server.post_as_bot(channel, content, only_for=user, me=call.me)
    return {"message_ts": message.ts}


async def get_permalink(call: Call) -> Json:
    """Return the address of a message."""
    channel = call.channel()
    message = call.state.message(channel, call.need("message_ts"))
    base = f"https://{call.me.team.domain}.slack.com"
    link = f"{base}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = message.body.get("thread_ts")
    if thread and thread != message.ts:
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _own(call: Call, channel: Channel, refusal: str) -> Message:
    message = call.state.message(channel, call.need("ts"))
    if message.body.get("bot_id") != call.me.bot_id:
        raise SlackError(refusal)
    return message


def _thread(call: Call, channel: Channel) -> Json:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return {}
    parent = channel.messages.get(thread_ts)
    if parent is None:
        # A live workspace puts the reply into the channel's air just the same; refusing shows
        # the app's mistake instead of hiding the message.
        raise SlackError("thread_not_found")
    fields: Json = {"thread_ts": parent.body.get("thread_ts", thread_ts)}
    if call.flag("reply_broadcast"):
        fields["subtype"] = "thread_broadcast"
    return fields


METHODS = {
    "chat.postMessage": Method(post_message, SPECIAL, _WRITE),
    "chat.update": Method(update, TIER_3, _WRITE),
    "chat.delete": Method(delete, TIER_3, _WRITE),
    "chat.postEphemeral": Method(post_ephemeral, TIER_4, _WRITE),
    "chat.getPermalink": Method(get_permalink, SPECIAL),
}
