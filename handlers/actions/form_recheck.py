"""*Re-check* within *How to fix*: the answer appears where it was asked for."""

import asyncio

from bot.services.recheck import Cooling
from handlers.blocks.modals import build_how_to_fix
from handlers.blocks.talk import build_checked, say_cooling
from handlers.call import Call


async def form_recheck(call: Call) -> None:
    """Check this item, and show in the modal how it stands now; closed meanwhile, say it."""
    outcome = await call.services.rechecks.press(call.customer.id, [call.item], call.user)
    if isinstance(outcome, Cooling):
        status = outcome.view.report.status(call.item)
        note = say_cooling(outcome)
        await call.replies.replace(build_how_to_fix(status, call.support, call.sealed(), note))
        outcome = await asyncio.shield(outcome.later)
    status = outcome.view.report.status(call.item)
    if not await call.replies.replace(build_how_to_fix(status, call.support, call.sealed())):
        await call.tell(build_checked(outcome, call.support))
