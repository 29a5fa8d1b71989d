"""*Mark as done…*: asks for a note."""

from handlers.blocks.forms import build_done_form
from handlers.call import Call


async def done_form(call: Call) -> None:
    """Open the form."""
    status = await call.status()
    await call.replies.open(build_done_form(status, call.support, call.sealed()))
