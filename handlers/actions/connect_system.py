"""*Connect Procore*, *Connect QuickBooks*, *Reconnect …*."""

from bot.domain.customer import Purpose
from handlers.blocks.signin import CONNECT
from handlers.call import Call
from handlers.private_link import give_link


async def connect_system(call: Call) -> None:
    """A private link for whoever pressed."""
    system = next(one for one, known in CONNECT.items() if known == call.origin.action_id)
    await give_link(call, system, Purpose.CUSTOMER)
