"""``status [customer]``: the living card, at the bottom of the customer's channel."""

from bot import words
from handlers.blocks.card import build_card
from handlers.call import Call
from handlers.cards import first_check, home_of, post_card
from handlers.escape import channel_link, escape


async def status(call: Call) -> None:
    """Post the card where it belongs; without a channel, a read-only summary for the asker."""
    view = await call.services.customers.view(call.customer.id)
    channel = home_of(view, call.origin.channel_id)
    if not channel:
        await first_check(call, view)
        view = await call.services.customers.view(call.customer.id)
        await call.tell(build_card(view, call.support, live=False))
        return
    view = await post_card(call, view, channel)
    if channel != call.origin.channel_id or call.origin.in_thread:
        name = escape(call.customer.name)
        await call.say(words.card.CARD_ELSEWHERE.format(name=name, where=channel_link(channel)))
    await first_check(call, view)
