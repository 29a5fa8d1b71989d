"""The menu of customers, for staff."""

from handlers.blocks.base import Block, option
from handlers.call import Call

MOST_OPTIONS = 100


async def customer_menu(call: Call) -> list[Block]:
    """Whoever matches what was typed so far."""
    typed = call.origin.value.casefold()
    known = await call.services.customers.all()
    found = [one for one in known if typed in one.name.casefold() or typed in one.slug]
    return [option(one.name, one.slug) for one in found[:MOST_OPTIONS]]
