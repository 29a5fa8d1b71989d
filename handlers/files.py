"""Sending files to one person alone."""

from collections.abc import Sequence

from bot import words
from bot.services.dossier import note_export
from bot.services.files import ExportFile
from handlers.blocks.base import paragraph
from handlers.call import Call
from handlers.escape import escape
from handlers.poster import send_bytes


async def send_files(call: Call, files: Sequence[ExportFile]) -> None:
    """Upload into this person's direct messages with the bot, under a line that says what it is.

    Nobody else in the channel sees them. Writing to a person by id opens the conversation
    (docs.slack.dev, chat.postMessage), so no further scope is needed.
    """
    client = call.replies.client
    names = ", ".join(file.name for file in files)
    text = words.details.EXPORT_OF.format(name=escape(call.customer.name), files=escape(names))
    answer = await client.chat_postMessage(
        channel=call.user, unfurl_links=False, unfurl_media=False, **paragraph(text).arguments()
    )
    tickets: list[dict[str, str | None]] = []
    for file in files:
        ticket = await client.files_getUploadURLExternal(
            filename=file.name, length=len(file.content), alt_txt=file.alt_text or None
        )
        await send_bytes(client, str(ticket["upload_url"]), file.content)
        tickets.append({"id": str(ticket["file_id"]), "title": file.name})
    await client.files_completeUploadExternal(
        files=tickets, channel_id=str(answer["channel"]), thread_ts=str(answer["ts"])
    )
    services = call.services
    await note_export(services.store, services.clock, call.customer.id, call.user, files)
