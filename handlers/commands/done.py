"""``done [customer] <item> [note]``: a person's word for what we cannot see."""

from handlers import words
from handlers.call import Call


async def done(call: Call) -> None:
    """Note who said so."""
    note = call.request.note
    await call.services.decisions.attest(call.customer.id, call.item, call.user, note)
    item = words.short_title(await call.status(), call.support)
    await call.say(words.ATTESTED.format(item=item))
