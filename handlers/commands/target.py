"""``target [customer] <day>``: by when the customer wants to be handed over."""

from bot import words
from handlers.call import Call
from handlers.escape import escape


async def target_day(call: Call) -> None:
    """Note the day, or that there is none; the card shows it."""
    day = call.request.until
    customer = await call.services.decisions.aim(call.customer.id, call.user, day)
    told = words.decisions.AIMED if day is not None else words.decisions.AIMLESS
    shown = words.amounts.full_day(day) if day is not None else ""
    await call.say(told.format(name=escape(customer.name), day=shown))
