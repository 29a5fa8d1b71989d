"""``waive [customer] <item> [until <date>] <why>``: staff decide that it does not matter."""

from handlers import words
from handlers.call import Call


async def waive(call: Call) -> None:
    """Note who decided, why, and until when."""
    asked = call.request
    await call.services.decisions.waive(
        call.customer.id, call.item, call.user, asked.note, asked.until
    )
    item = words.short_title(await call.status(), call.support)
    until = f" until {words.full_day(asked.until)}" if asked.until else ""
    await call.say(words.WAIVED.format(item=item, until=until))
