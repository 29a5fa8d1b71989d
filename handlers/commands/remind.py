"""``remind [customer] on|off|<time>``: whether and when reminders come."""

from handlers.blocks.talk import build_settings
from handlers.call import Call


async def remind(call: Call) -> None:
    """Change it, and say when the next reminder comes."""
    asked, services = call.request, call.services
    settings = await services.decisions.remind(
        call.customer.id, call.user, on=asked.on, at=asked.at
    )
    await call.tell(build_settings(call.customer, settings, services.clock.now()))
