"""``history [customer]``: who did what."""

from handlers.blocks.talk import build_history
from handlers.call import Call


async def history(call: Call) -> None:
    """The newest entries, for the asker alone."""
    entries = await call.services.customers.history(call.customer.id)
    await call.tell(build_history(call.customer, entries))
