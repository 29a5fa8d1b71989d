"""*Next* and *Previous* in the details."""

from handlers.blocks.modals import build_details
from handlers.call import Call


async def turn_page(call: Call) -> None:
    """Show another page in the same modal."""
    text = call.origin.value
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    status = await call.status()
    await call.replies.replace(build_details(status, call.support, call.sealed(), page))
