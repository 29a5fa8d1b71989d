"""What a message may contain: text, blocks, metadata, with Slack's limits."""

import json

from integrations.sandbox.slack.api.call import Call
from integrations.sandbox.slack.blockkit import check_message_blocks
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.state import Channel, Json

TEXT_CUT = 40_000
UPDATE_TEXT_LIMIT = 4_000
# bolt-js#2509 saw msg_blocks_too_long from about this many characters of JSON.
BLOCKS_JSON_LIMIT = 13_200
METADATA_LIMIT = 8_000


def read_content(call: Call, *, update: bool = False) -> Json:
    """Return the checked `text`, `blocks` and `metadata` of a call.

    Args:
        call: The call.
        update: chat.update refuses long text where posting cuts it.

    Raises:
        SlackError: `no_text`, `msg_too_long`, `invalid_blocks`, `msg_blocks_too_long`,
            `invalid_metadata_format`, `metadata_too_large`.
    """
    content: Json = {}
    text = call.text("text")
    if update and len(text) > UPDATE_TEXT_LIMIT:
        raise SlackError("msg_too_long")
    content["text"] = text[:TEXT_CUT]
    if call.text("markdown_text"):
        return {**content, **_from_markdown(call)}
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        content["blocks"] = check_blocks(blocks)
    elif update and "text" in call.args:
        # A text-only update drops the blocks that were there.
        content["blocks"] = []
    attachments = call.structure("attachments", "invalid_attachments")
    if attachments:
        content["attachments"] = attachments
    if not text.strip() and not content.get("blocks") and not attachments:
        raise SlackError("no_text")
    return {**content, **_metadata(call)}


def _from_markdown(call: Call) -> Json:
    """Return what `markdown_text` becomes: one markdown block, and no other text."""
    if call.text("text") or call.args.get("blocks"):
        raise SlackError("markdown_text_conflict")
    text = call.text("markdown_text")
    blocks = check_blocks([{"type": "markdown", "text": text}])
    return {"text": text, "blocks": blocks, **_metadata(call)}


def _metadata(call: Call) -> Json:
    metadata = call.structure("metadata", "invalid_metadata_format")
    return {} if metadata is None else {"metadata": _check_metadata(metadata)}


def check_blocks(blocks: list[Json]) -> list[Json]:
    """Return a message's blocks if Slack would take them.

    Raises:
        SlackError: `invalid_blocks` with the JSON pointers, or `msg_blocks_too_long`.
    """
    problems = check_message_blocks(blocks)
    if problems:
        raise SlackError("invalid_blocks", problems)
    if len(json.dumps(blocks, separators=(",", ":"), ensure_ascii=False)) > BLOCKS_JSON_LIMIT:
        raise SlackError("msg_blocks_too_long")
    return blocks


def writable(call: Call) -> Channel:
    """Return the channel that a call writes to.

    Raises:
        SlackError: `channel_not_found`, `not_in_channel`, `is_archived`.
    """
    name = call.need("channel")
    if name in call.state.users:
        if call.state.is_stranger(name, call.me.team.id):
            raise SlackError("channel_not_found")
        return call.state.open_im(name, call.me)[0]
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    anywhere = "chat:write.public" in call.token.scopes and channel.kind == "channel"
    if call.me.bot_user not in channel.members and not anywhere:
        raise SlackError("not_in_channel")
    return channel


def _check_metadata(metadata: object) -> Json:
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
    return metadata
