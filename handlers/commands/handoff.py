"""``handoff [customer]``: contact Interfy support, when everything is done."""

from bot.services.views import HandoffAnswer
from handlers.blocks.talk import build_handed_over, build_too_early
from handlers.call import Call


async def handoff(call: Call) -> None:
    """Hand over once; too early, say what is missing."""
    result = await call.services.handoff.request(call.customer.id, call.user)
    if result.answer is HandoffAnswer.TOO_EARLY:
        await call.tell(build_too_early(result.view, result.missing, call.support))
        return
    already = result.answer is HandoffAnswer.ALREADY
    await call.tell(build_handed_over(result.view, already=already))
