"""``fix <item>``: why it matters, who can put it right, and the steps."""

from bot import words
from handlers.blocks.modals import build_how_to_fix
from handlers.call import Call
from handlers.naming import title
from handlers.spoken import open_or_say


async def fix(call: Call) -> None:
    """Open the steps, or say them."""
    status = await call.status()
    view = build_how_to_fix(status, call.support, call.sealed())
    text = f"{words.buttons.HOW_TO_FIX}: {title(status, call.support)}."
    await open_or_say(call, view, text, f"fix {call.item}")
