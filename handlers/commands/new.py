"""``new <customer>``: start an onboarding, in the channel where it is typed."""

from dataclasses import replace

from handlers import words
from handlers.blocks.talk import build_first_card
from handlers.call import Call
from handlers.escape import escape
from handlers.places import customer_place


async def new(call: Call) -> None:
    """Start it; in a channel that is free for it, link that and say hello."""
    place = await customer_place(call)
    channel, team = (place.channel_id, place.team_id) if place else ("", "")
    name = call.request.customer
    customer = await call.services.customers.create(name, call.user, channel, team)
    if place is None:
        text = words.CREATED.format(name=escape(customer.name), slug=escape(customer.slug))
        await replace(call, found=customer).say(text)
        return
    await call.replies.post_to(channel, build_first_card(customer))
