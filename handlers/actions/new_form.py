"""*New customer…* on the Home tab: asks for the name."""

from handlers.blocks.forms import build_new_form
from handlers.call import Call


async def new_form(call: Call) -> None:
    """Open the form."""
    await call.replies.open(build_new_form(call.sealed()))
