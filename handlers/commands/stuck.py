"""``stuck <why>``: Interfy hears of it at once, and reminders rest."""

from bot import words
from handlers.blocks.notes import build_button
from handlers.call import Call
from handlers.ids import ActionId


async def stuck(call: Call) -> None:
    """Tell staff; without a reason, ask for one."""
    if not call.request.note:
        value = call.target.encode()
        await call.tell(
            build_button(words.decisions.ASK_WHY, ActionId.STUCK, words.buttons.STUCK, value)
        )
        return
    await call.services.decisions.stuck(call.customer.id, call.user, call.request.note)
    await call.say(words.decisions.STUCK_TOLD)
