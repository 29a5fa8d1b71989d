"""``pause [customer]``: rest the whole onboarding."""

from bot import words
from handlers.call import Call
from handlers.escape import escape


async def pause(call: Call) -> None:
    """Rest it."""
    customer = await call.services.decisions.pause(call.customer.id, call.user)
    name = escape(customer.name)
    await call.say(words.decisions.STAGED.format(name=name, stage=customer.stage.label))
