"""``pause``, ``resume`` and ``archive``: rest, go on, put away."""

from bot.domain.customer import Customer
from handlers import words
from handlers.call import Call
from handlers.escape import escape


async def pause(call: Call) -> None:
    """Rest the whole onboarding."""
    await _say(call, await call.services.decisions.pause(call.customer.id, call.user))


async def resume(call: Call) -> None:
    """Go on with it."""
    await _say(call, await call.services.decisions.resume(call.customer.id, call.user))


async def archive(call: Call) -> None:
    """Put it away; nothing is deleted."""
    await _say(call, await call.services.decisions.archive(call.customer.id, call.user))


async def _say(call: Call, customer: Customer) -> None:
    text = words.STAGED.format(name=escape(customer.name), stage=customer.stage.label)
    await call.say(text)
