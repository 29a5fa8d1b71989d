"""``snooze [customer] <days>``: no reminders for some days."""

from handlers.blocks.talk import build_settings
from handlers.call import Call


async def snooze(call: Call) -> None:
    """Snooze, and say when the next reminder comes."""
    services = call.services
    settings = await services.decisions.snooze(call.customer.id, call.request.days, call.user)
    await call.tell(build_settings(call.customer, settings, services.clock.now()))
