"""*Send back…* under a hand-off: asks what is missing."""

from handlers.blocks.forms import build_send_back_form
from handlers.call import Call


async def send_back_form(call: Call) -> None:
    """Open the form."""
    await call.replies.open(build_send_back_form(call.customer.name, call.sealed()))
