"""*Waive…*: asks why, until when."""

from handlers.blocks.forms import build_waive_form
from handlers.call import Call


async def waive_form(call: Call) -> None:
    """Open the form."""
    status = await call.status()
    await call.replies.open(build_waive_form(status, call.support, call.sealed()))
