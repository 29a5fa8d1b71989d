"""``undo [customer] <item>``: take back that it is done, or waived."""

from bot import words
from bot.domain.access import Action
from handlers.call import Call
from handlers.gate import allow
from handlers.naming import short_title


async def undo(call: Call) -> None:
    """Take back whichever stands; a waiver is staff's own."""
    status = await call.status()
    item = short_title(status, call.support)
    if status.waiver is not None:
        allow(call.actor, Action.WAIVE, call.customer.id)
        await call.services.decisions.unwaive(call.customer.id, call.item, call.user)
        await call.say(words.decisions.UNWAIVED.format(item=item))
    elif status.attestation is not None:
        await call.services.decisions.withdraw(call.customer.id, call.item, call.user)
        await call.say(words.decisions.UNATTESTED.format(item=item))
    else:
        await call.say(words.decisions.NOTHING_TO_UNDO.format(item=item))
