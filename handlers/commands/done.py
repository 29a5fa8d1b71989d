"""``done [customer] <item> [note]``: a person's word for what we cannot see."""

from handlers.attested import say_attested
from handlers.call import Call


async def done(call: Call) -> None:
    """Note who said so."""
    note = call.request.note
    await call.services.decisions.attest(call.customer.id, call.item, call.user, note)
    await say_attested(call)
