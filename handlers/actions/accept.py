"""*Accept* under a hand-off, in the support channel."""

from bot import words
from handlers.call import Call
from handlers.escape import escape


async def accept(call: Call) -> None:
    """The customer is Interfy's now."""
    customer = await call.services.handoff.accept(call.customer.id, call.user)
    await call.say(words.decisions.ACCEPTED.format(name=escape(customer.name)))
