"""``resume [customer]``: go on with it."""

from bot import words
from handlers.call import Call
from handlers.escape import escape


async def resume(call: Call) -> None:
    """Go on with it."""
    customer = await call.services.decisions.resume(call.customer.id, call.user)
    name = escape(customer.name)
    await call.say(words.decisions.STAGED.format(name=name, stage=customer.stage.label))
