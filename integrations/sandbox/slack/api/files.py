"""files.*: Slack's three-step upload, and reading what was uploaded."""

import mimetypes

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.api.content import check_blocks, writable
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.limits import TIER_4
from integrations.sandbox.slack.state import File, Json, SlackState, derive_secret

_UPLOAD_LIMIT = 50_000_000


def file_json(state: SlackState, file: File, base: str) -> Json:
    """Return a file as messages and files.info show it."""
    extension = file.name.rpartition(".")[2].lower() if "." in file.name else "binary"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": state.app.bot_user,
        "size": file.length,
        "alt_txt": file.alt_text,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": f"{base}/files-pri/{file.id}",
        "url_private_download": f"{base}/files-pri/{file.id}",
        "channels": list(file.channels),
    }


async def get_upload_url(call: Call) -> Json:
    """Step one: announce a file."""
    name = call.need("filename")
    length = call.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", ["[ERROR] length must be greater than 0"])
    if length > _UPLOAD_LIMIT:
        raise SlackError("file_upload_size_restricted")
    file_id = call.state.new_id("F")
    key = derive_secret("upload", file_id)
    created = call.state.now_epoch()
    call.state.files[file_id] = File(
        file_id, name, name, length, key, created, alt_text=call.text("alt_txt")
    )
    url = f"{call.server.public_url}/upload/v1/{key}"
    return {"upload_url": url, "file_id": file_id}


async def receive_upload(server: SlackServer, request: Request) -> Response:
    """Step two: take the bytes, raw or as a form's file."""
    key = request.path_params["key"]
    file = next((one for one in server.state.files.values() if one.upload_key == key), None)
    if file is None:
        return PlainTextResponse("Not found", 404)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        content = await _from_form(request)
    else:
        content = await request.body()
    if len(content) != file.length:
        return PlainTextResponse("size mismatch", 400)
    file.content = content
    return PlainTextResponse(f"OK - {len(content)}")


async def _from_form(request: Request) -> bytes:
    async with request.form() as form:
        for value in form.values():
            if not isinstance(value, str):
                return await value.read()
    return b""


async def complete_upload(call: Call) -> Json:
    """Step three: name the files and share them."""
    entries = call.structure("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    found = [_uploaded(call, entry) for entry in entries]
    for file, entry in zip(found, entries, strict=True):
        file.title = str(entry.get("title") or file.name)
        file.mimetype = mimetypes.guess_type(file.name)[0] or file.mimetype
        file.complete = True
    for channel_id in _targets(call):
        _share(call, channel_id, found)
    base = call.server.public_url
    return {"files": [file_json(call.state, file, base) for file in found]}


def _uploaded(call: Call, entry: object) -> File:
    file = call.state.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
    if file is None or file.content is None or file.complete:
        raise SlackError("file_not_found")
    return file


def _targets(call: Call) -> list[str]:
    listed = [call.text("channel_id"), *call.text("channels").split(",")]
    return [one for one in dict.fromkeys(listed) if one]


def _share(call: Call, channel_id: str, found: list[File]) -> None:
    channel = writable(Call(call.server, call.token, {"channel": channel_id}))
    for file in found:
        file.channels.append(channel.id)
    base = call.server.public_url
    content: Json = {
        "text": call.text("initial_comment"),
        "files": [file_json(call.state, file, base) for file in found],
        "upload": True,
    }
    thread_ts = call.text("thread_ts")
    if thread_ts:
        call.state.message(channel, thread_ts)
        content["thread_ts"] = thread_ts
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks:
        content["blocks"] = check_blocks(blocks)
    call.server.limits.take_post(channel.id, call.server.clock.now())
    call.server.post_as_bot(channel, content, me=call.me)


async def info(call: Call) -> Json:
    """Describe one file."""
    file = call.state.files.get(call.need("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    return {"file": file_json(call.state, file, call.server.public_url)}


async def download(server: SlackServer, request: Request) -> Response:
    """Serve a file's bytes to the app, as `url_private` does."""
    token = server.state.tokens.get(request.headers.get("authorization", "").partition(" ")[2])
    file = server.state.files.get(request.path_params["file_id"])
    allowed = token is not None and token.active and "files:read" in token.scopes
    if not allowed or file is None or file.content is None:
        return PlainTextResponse("Not found", 404)
    return Response(file.content, media_type=file.mimetype)


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, TIER_4, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, TIER_4, ("files:write",)),
    "files.info": Method(info, TIER_4, ("files:read",)),
}
