"""*I'm stuck* and *Ask Interfy for help*: asks what is in the way."""

from handlers.blocks.forms import build_stuck_form
from handlers.call import Call


async def stuck_form(call: Call) -> None:
    """Open the form."""
    await call.replies.open(build_stuck_form(call.customer.name, call.sealed()))
