"""``check [customer] [item]`` and *Re-check*: look again, now."""

import asyncio

from bot import words
from bot.services.recheck import Cooling
from handlers.blocks.talk import build_checked, build_cooling
from handlers.call import Call
from handlers.cards import home_of, post_card
from handlers.escape import escape


async def check(call: Call) -> None:
    """Check one item or everything; the card shows how it goes, the asker what came of it."""
    items = [call.item] if call.item else None
    if call.asked is not None:
        await _show_that_it_runs(call)
    outcome = await call.services.rechecks.press(call.customer.id, items, call.user)
    if isinstance(outcome, Cooling):
        await call.tell(build_cooling(outcome, call.support))
        outcome = await asyncio.shield(outcome.later)
    await call.tell(build_checked(outcome, call.support))


async def _show_that_it_runs(call: Call) -> None:
    """Who asks in words may have no card before them, and a large company takes its time."""
    card = await call.services.customers.card(call.customer.id)
    here = call.origin.channel_id
    if card is not None and card.ts and card.channel_id == here:
        return
    view = await call.services.customers.view(call.customer.id)
    if (card is None or not card.ts) and here and home_of(view, here) == here:
        await post_card(call, view, here)
        return
    await call.say(words.card.CHECKING_FOR.format(name=escape(call.customer.name)))
