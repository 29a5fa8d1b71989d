"""``check [customer] [item]`` and *Re-check*: look again, now."""

import asyncio

from bot.services.recheck import Cooling
from handlers.blocks.talk import build_checked, build_cooling
from handlers.call import Call


async def check(call: Call) -> None:
    """Check one item or everything; the card shows how it goes, the asker what came of it."""
    items = [call.item] if call.item else None
    outcome = await call.services.rechecks.press(call.customer.id, items, call.user)
    if isinstance(outcome, Cooling):
        await call.tell(build_cooling(outcome, call.support))
        outcome = await asyncio.shield(outcome.later)
    await call.tell(build_checked(outcome, call.support))
