"""*Next page*, *Previous page* and *Export* in the details."""

from bot import words
from bot.services.exports import BOTH
from handlers.actions.lists import send_list
from handlers.blocks.modals import build_details
from handlers.call import Call
from handlers.values import page_of


async def turn_page(call: Call) -> None:
    """Show another page in the same modal."""
    await _show(call)


async def export_rows(call: Call) -> None:
    """Send every row as files, to this person alone; the modal stays where it is."""
    await send_list(call, BOTH)
    await _show(call, words.details.EXPORTED)


async def _show(call: Call, done: str = "") -> None:
    """The button's value is the page."""
    page, status = page_of(call.origin.value), await call.status()
    await call.replies.replace(build_details(status, call.support, call.sealed(), page, done))
