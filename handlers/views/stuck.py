"""*I'm stuck*, submitted."""

from bot import words
from handlers.call import Call
from handlers.ids import Field


async def stuck_submitted(call: Call) -> None:
    """Tell staff; reminders rest."""
    await call.services.decisions.stuck(call.customer.id, call.user, call.entry(Field.WHY))
    await call.say(words.decisions.STUCK_TOLD)
