"""Showing a modal where one can be opened, and saying the same where none can."""

from handlers.blocks.base import Block, View
from handlers.blocks.spoken import in_words
from handlers.call import Call


async def open_or_say(call: Call, view: View, text: str, command: str, *after: Block) -> None:
    """A mention or a direct message opens nothing, and its author may press nothing."""
    if call.origin.trigger_id:
        await call.replies.open(view)
    else:
        await call.tell(in_words(view, text, command, *after))
