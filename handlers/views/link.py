"""*Link a customer*, submitted."""

from handlers.call import Call
from handlers.commands.link import link_here
from handlers.ids import ActionId, Field


async def link_submitted(call: Call) -> None:
    """Link the channel where the form was opened."""
    await link_here(call, call.entered_choice(Field.CUSTOMER, ActionId.CUSTOMER))
