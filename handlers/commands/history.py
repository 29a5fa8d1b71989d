"""``history [customer] [all]``: who did what."""

from bot.domain.customer import CLICK
from handlers.blocks.talk import build_history
from handlers.call import Call


async def history(call: Call) -> None:
    """The newest entries, for the asker alone; clicks as a number unless all were asked for."""
    everything = call.asked is not None and bool(call.asked.on)
    customers, customer = call.services.customers, call.customer
    entries = await customers.history(customer.id, without=() if everything else (CLICK,))
    clicks = 0 if everything else await customers.clicks(customer.id)
    await call.tell(build_history(customer, entries, clicks))
