"""``done [customer] <item> [note]``: a person's word for what we cannot see."""

from bot import words
from handlers.call import Call
from handlers.naming import short_title


async def done(call: Call) -> None:
    """Note who said so."""
    note = call.request.note
    await call.services.decisions.attest(call.customer.id, call.item, call.user, note)
    item = short_title(await call.status(), call.support)
    await call.say(words.decisions.ATTESTED.format(item=item))
