"""``archive [customer]``: put it away."""

from bot import words
from handlers.call import Call
from handlers.escape import escape


async def archive(call: Call) -> None:
    """Put it away; nothing is deleted."""
    customer = await call.services.decisions.archive(call.customer.id, call.user)
    name = escape(customer.name)
    await call.say(words.decisions.STAGED.format(name=name, stage=customer.stage.label))
