"""*Snooze 2 days* under a reminder."""

from bot import words
from handlers.blocks.talk import build_settings
from handlers.call import Call


async def snooze_shortly(call: Call) -> None:
    """Snooze, and say when the next reminder comes."""
    services = call.services
    settings = await services.decisions.snooze(
        call.customer.id, words.buttons.SNOOZE_DAYS, call.user
    )
    await call.tell(build_settings(call.customer, settings, services.clock.now()))
