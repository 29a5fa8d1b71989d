"""``waive [customer] <item> [until <date>] <why>``: staff decide that it does not matter."""

from bot import words
from handlers.call import Call
from handlers.naming import short_title


async def waive(call: Call) -> None:
    """Note who decided, why, and until when."""
    asked = call.request
    await call.services.decisions.waive(
        call.customer.id, call.item, call.user, asked.note, asked.until
    )
    item = short_title(await call.status(), call.support)
    until = f" until {words.amounts.full_day(asked.until)}" if asked.until else ""
    await call.say(words.decisions.WAIVED.format(item=item, until=until))
