"""*Mark as done*, submitted."""

from handlers.attested import say_attested
from handlers.call import Call
from handlers.ids import Field


async def done_submitted(call: Call) -> None:
    """Note who said so."""
    note = call.entry(Field.NOTE)
    await call.services.decisions.attest(call.customer.id, call.item, call.user, note)
    await say_attested(call)
