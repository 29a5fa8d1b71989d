"""Submitted forms about a customer as a whole."""

from dataclasses import replace

from handlers import words
from handlers.call import Call
from handlers.escape import escape
from handlers.events.home import show_home
from handlers.ids import Field, Filter


async def stuck_submitted(call: Call) -> None:
    """I'm stuck."""
    await call.services.decisions.stuck(call.customer.id, call.user, call.entry(Field.WHY))
    await call.say(words.STUCK_TOLD)


async def send_back_submitted(call: Call) -> None:
    """Send back."""
    reason = call.entry(Field.REASON)
    customer = await call.services.handoff.send_back(call.customer.id, call.user, reason)
    await call.say(words.SENT_BACK.format(name=escape(customer.name)))


async def new_submitted(call: Call) -> None:
    """New customer, from the Home tab: it has no channel yet."""
    customer = await call.services.customers.create(call.entry(Field.NAME), call.user)
    await show_home(call, Filter.ALL)
    text = words.CREATED.format(name=escape(customer.name), slug=escape(customer.slug))
    await replace(call, found=customer).say(text)
