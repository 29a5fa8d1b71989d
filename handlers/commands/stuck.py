"""``stuck <why>``: Interfy hears of it at once, and reminders rest."""

from handlers import words
from handlers.blocks.notes import build_button
from handlers.call import Call
from handlers.ids import ActionId


async def stuck(call: Call) -> None:
    """Tell staff; without a reason, ask for one."""
    if not call.request.note:
        value = call.target.encode()
        await call.tell(build_button(words.ASK_WHY, ActionId.STUCK, words.STUCK, value))
        return
    await call.services.decisions.stuck(call.customer.id, call.user, call.request.note)
    await call.say(words.STUCK_TOLD)
