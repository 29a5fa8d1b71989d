"""*New customer*, submitted from the Home tab: it has no channel yet."""

from dataclasses import replace

from bot.services.views import Filter
from handlers import words
from handlers.call import Call
from handlers.escape import escape
from handlers.events.home import show_home
from handlers.ids import Field


async def new_submitted(call: Call) -> None:
    """Start it, show it in the list, and say what comes next."""
    customer = await call.services.customers.create(call.entry(Field.NAME), call.user)
    await show_home(call, Filter.ALL)
    text = words.CREATED.format(name=escape(customer.name), slug=escape(customer.slug))
    await replace(call, found=customer).say(text)
