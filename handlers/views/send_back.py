"""*Send back*, submitted."""

from bot import words
from handlers.call import Call
from handlers.escape import escape
from handlers.ids import Field


async def send_back_submitted(call: Call) -> None:
    """The customer's channel is told why."""
    reason = call.entry(Field.REASON)
    customer = await call.services.handoff.send_back(call.customer.id, call.user, reason)
    await call.say(words.decisions.SENT_BACK.format(name=escape(customer.name)))
