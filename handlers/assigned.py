"""Giving an item to somebody, by form or in words."""

from datetime import date

from bot import words
from bot.domain.customer import home_channel
from bot.services.errors import UserError
from handlers.call import Call
from handlers.escape import mention
from handlers.naming import short_title


async def assign_to(call: Call, owner: str, due: date | None) -> None:
    """Note owner and due date, and say so.

    Raises:
        UserError: the owner can't be reminded, being in none of the customer's channels; or the
            day is over.
    """
    channel = call.origin.channel_id
    if call.here is None or call.here.id != call.customer.id:
        view = await call.services.customers.view(call.customer.id)
        channel = home_channel(view.channels)
    if channel and owner != call.user and not await call.tools.people.is_in(owner, channel):
        raise UserError(words.decisions.NOT_IN_CHANNEL)
    await call.services.decisions.assign(call.customer.id, call.item, call.user, owner, due)
    item = short_title(await call.status(), call.support)
    by_day = f", due {words.amounts.day(due)}" if due else ""
    await call.say(words.decisions.ASSIGNED.format(item=item, owner=mention(owner), due=by_day))
