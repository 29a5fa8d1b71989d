"""``link <customer>``: make this channel a customer's."""

from bot.services.errors import UserError
from handlers import words
from handlers.blocks.talk import build_first_card
from handlers.call import Call
from handlers.places import customer_place


async def link(call: Call) -> None:
    """Link the channel, and say hello in it."""
    place = await customer_place(call, linked_too=True)
    if place is None:
        raise UserError(words.NO_CUSTOMER_HERE)
    customer = call.customer
    await call.services.customers.link(customer.slug, place.channel_id, place.team_id, call.user)
    await call.replies.post_to(place.channel_id, build_first_card(customer))
