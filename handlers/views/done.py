"""*Mark as done*, submitted."""

from handlers import words
from handlers.call import Call
from handlers.ids import Field


async def done_submitted(call: Call) -> None:
    """Note who said so."""
    note = call.entry(Field.NOTE)
    await call.services.decisions.attest(call.customer.id, call.item, call.user, note)
    item = words.short_title(await call.status(), call.support)
    await call.say(words.ATTESTED.format(item=item))
