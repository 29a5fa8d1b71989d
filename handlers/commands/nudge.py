"""``nudge [customer]``: staff remind now."""

from bot import words
from handlers.call import Call
from handlers.escape import escape


async def nudge(call: Call) -> None:
    """Remind once, after a fresh check."""
    customer = await call.services.nudges.nudge(call.customer.id, call.user)
    await call.say(words.reminders.NUDGED.format(name=escape(customer.name)))
