"""``new <customer>``: start an onboarding, in the channel where it is typed."""

from dataclasses import replace

from bot import words
from handlers.blocks.forms import build_new_form
from handlers.blocks.notes import build_button
from handlers.blocks.talk import build_first_card
from handlers.call import Call
from handlers.escape import escape
from handlers.ids import ActionId, Verb
from handlers.places import customer_place


async def new(call: Call) -> None:
    """Start it; without a name the form asks for one, where a form can be opened."""
    if call.request.customer:
        await start(call, call.request.customer)
    elif call.origin.trigger_id:
        await call.replies.open(build_new_form(call.sealed()))
    else:
        text = words.channels.ASK_NAME.format(example=words.commands.EXAMPLES[Verb.NEW])
        await call.tell(build_button(text, ActionId.HOME_NEW, words.buttons.NEW_CUSTOMER, "0"))


async def start(call: Call, name: str) -> None:
    """Start it; in a channel that is free for it, link that and say hello."""
    place = await customer_place(call)
    channel, team = (place.channel_id, place.team_id) if place else ("", "")
    customer = await call.services.customers.create(name, call.user, channel, team)
    if place is None:
        text = words.channels.CREATED.format(name=escape(customer.name), slug=escape(customer.slug))
        await replace(call, found=customer).say(text)
        return
    await call.replies.post_to(channel, build_first_card(customer))
    await call.say(place.seen)
