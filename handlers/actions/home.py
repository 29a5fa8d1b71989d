"""What can be pressed on the Home tab besides *New customer…*: filter, pages, *Nudge*."""

from dataclasses import replace

from bot import words
from handlers.call import Call
from handlers.escape import escape
from handlers.events.home import kept, show_home
from handlers.values import home_state, page_of


async def home_filter(call: Call) -> None:
    """Show what was chosen, from its first page on; the view remembers both."""
    await show_home(call, home_state(call.origin.value))


async def home_page(call: Call) -> None:
    """*Next page* and *Previous page* of what the filter lets through."""
    await show_home(call, replace(kept(call), page=page_of(call.origin.value)))


async def nudge_at_home(call: Call) -> None:
    """*Nudge*: remind now; the tab says so where it was pressed."""
    customer = await call.services.nudges.nudge(call.customer.id, call.user)
    await show_home(call, kept(call), words.reminders.NUDGED.format(name=escape(customer.name)))
