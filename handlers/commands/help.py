"""``help``: what can be said here, by this person."""

from handlers import words
from handlers.blocks.talk import build_help
from handlers.call import Call
from handlers.ids import COMMAND
from handlers.origin import Kind


async def help_here(call: Call) -> None:
    """Help for this place and this person."""
    customer = None
    if call.actor.linked_customer_id is not None:
        customer = await call.services.customers.by_id(call.actor.linked_customer_id)
    caller = COMMAND if call.origin.kind is Kind.COMMAND else words.BOT
    await call.tell(build_help(customer, caller, staff=call.actor.is_staff))
