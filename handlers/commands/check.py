"""``check [customer] [item]``: look again, now."""

from handlers.blocks.talk import build_checked
from handlers.call import Call


async def check(call: Call) -> None:
    """Check one item or everything; the card shows how it goes, the asker what came of it."""
    items = [call.item] if call.item else None
    outcome = await call.services.checks.run(call.customer.id, items, call.user)
    await call.tell(build_checked(outcome, call.support))
