"""*Mark as done*, submitted."""

from bot import words
from handlers.call import Call
from handlers.ids import Field
from handlers.naming import short_title


async def done_submitted(call: Call) -> None:
    """Note who said so."""
    note = call.entry(Field.NOTE)
    await call.services.decisions.attest(call.customer.id, call.item, call.user, note)
    item = short_title(await call.status(), call.support)
    await call.say(words.decisions.ATTESTED.format(item=item))
