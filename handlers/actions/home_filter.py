"""The Home tab's filter."""

from handlers.blocks.home import remembered
from handlers.call import Call
from handlers.events.home import show_home


async def home_filter(call: Call) -> None:
    """Show what was chosen; the view remembers it."""
    await show_home(call, remembered(call.origin.value))
