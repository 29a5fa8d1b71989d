"""``link [customer] [instead]``: make this channel a customer's."""

import logging

from slack_sdk.errors import SlackApiError

from bot import words
from bot.domain.customer import CardRef
from bot.services.errors import UnknownCustomerError, UserError
from handlers.blocks.forms import build_link_form
from handlers.blocks.notes import build_button
from handlers.blocks.talk import build_first_card
from handlers.call import Call
from handlers.escape import channel_link, escape
from handlers.ids import ActionId, Verb
from handlers.places import customer_place
from handlers.slack_errors import code_of

log = logging.getLogger(__name__)


async def link(call: Call) -> None:
    """Link the channel; without a name the form asks for one, where a form can be opened."""
    if call.request.customer:
        await link_here(call, call.request.customer, instead=bool(call.request.on))
    elif call.origin.trigger_id:
        await link_form(call)
    else:
        text = words.channels.ASK_NAME.format(example=words.commands.EXAMPLES[Verb.LINK])
        await call.tell(build_button(text, ActionId.LINK_FORM, words.buttons.LINK_CUSTOMER, "0"))


async def link_form(call: Call) -> None:
    """*Link a customer…*: asks which."""
    await call.replies.open(build_link_form(call.sealed()))


async def link_here(call: Call, name: str, *, instead: bool = False) -> None:
    """Link the channel, say hello in it, and tell the asker what we see of it."""
    place = await customer_place(call, linked_too=True)
    if place is None:
        raise UserError(words.channels.NO_CUSTOMER_HERE)
    customers, here = call.services.customers, place.channel_id
    try:
        linked = await customers.link(name, here, place.team_id, call.user, instead=instead)
    except UnknownCustomerError as error:
        meant = f"link {error.nearest}" if error.nearest else ""
        raise UserError(str(error), meant) from error
    if linked.gone is not None:
        await _take_away(call, linked.gone)
    await call.replies.post_to(here, build_first_card(linked.customer))
    seen = place.seen
    if linked.home not in ("", here):
        where, name = channel_link(linked.home), escape(linked.customer.name)
        seen = f"{seen} {words.channels.MORE_CHANNELS.format(where=where, name=name)}"
    await call.say(seen)


async def _take_away(call: Call, card: CardRef) -> None:
    """Another customer's card has no business here any more; that it is gone already is no harm."""
    try:
        await call.tools.client.chat_delete(channel=card.channel_id, ts=card.ts)
    except SlackApiError as error:
        log.warning("a card of another customer stays: %s", code_of(error))
