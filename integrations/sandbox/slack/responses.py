"""Answers to interactions: response URLs, and payloads that come with an acknowledgement."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from integrations.sandbox.slack.api.content import TEXT_CUT, check_blocks
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.interactions import ResponseUrl
from integrations.sandbox.slack.state import Channel, Json, Message


async def handle(server: SlackServer, request: Request) -> Response:
    """Take one POST to a response URL."""
    note: Json = {}
    request.scope.setdefault("state", {})["note"] = note
    try:
        url = server.interactions.use_response_url(request.path_params["key"])
        body = _read(await request.body())
        note["channel"] = url.channel
        answer(server, url, body)
    except SlackError as error:
        note["error"] = error.code
        status = error.status if error.status != 200 else 400
        return JSONResponse(error.body(), status, headers=error.headers)
    return PlainTextResponse("ok")


def _read(raw: bytes) -> Json:
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise SlackError("invalid_payload", status=500)
    return body


def answer(server: SlackServer, url: ResponseUrl, body: Json) -> None:
    """Do what an app asks for in answer to an interaction.

    Args:
        server: The stand-in.
        url: Where the interaction came from.
        body: `text`, `blocks`, `response_type` (ephemeral unless `in_channel`),
            `replace_original`, `delete_original`, `thread_ts`.

    Raises:
        SlackError: The content is not what Slack takes.
    """
    channel = server.state.channel(url.channel)
    original = channel.messages.get(url.message_ts) if url.message_ts else None
    if body.get("delete_original"):
        if original is not None:
            server.delete(channel, original)
        return
    content = _content(body)
    if original is not None and _replaces(body):
        content.setdefault("blocks", [])
        server.update(channel, original, content)
        return
    _new_message(server, url, channel, original, {**body, **content})


def _replaces(body: Json) -> bool:
    return bool(body.get("replace_original", "response_type" not in body))


def _new_message(
    server: SlackServer, url: ResponseUrl, channel: Channel, original: Message | None, body: Json
) -> None:
    content = {key: body[key] for key in ("text", "blocks", "metadata") if body.get(key)}
    content.setdefault("text", "")
    thread = body.get("thread_ts")
    if thread is None and original is not None:
        thread = _thread_of(original)
    if thread:
        content["thread_ts"] = thread
    if body.get("response_type") == "in_channel":
        server.limits.take_post(channel.id, server.clock.now())
        server.post_as_bot(channel, content, me=url.me)
    else:
        server.post_as_bot(channel, content, only_for=url.user, me=url.me)


def _thread_of(original: Message) -> str | None:
    thread = original.body.get("thread_ts")
    return str(thread) if thread and thread != original.ts else None


def _content(body: Json) -> Json:
    content: Json = {"text": str(body.get("text") or "")[:TEXT_CUT]}
    blocks = body.get("blocks")
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError:
            raise SlackError("invalid_blocks_format") from None
    if blocks:
        content["blocks"] = check_blocks(blocks)
    if not content["text"].strip() and not blocks and not body.get("attachments"):
        raise SlackError("no_text", status=400)
    return content
