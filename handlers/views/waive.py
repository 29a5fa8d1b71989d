"""*Waive*, submitted."""

from handlers import words
from handlers.call import Call
from handlers.ids import Field


async def waive_submitted(call: Call) -> None:
    """Note who decided, why, and until when."""
    why, until = call.entry(Field.WHY), call.entered_day(Field.UNTIL)
    await call.services.decisions.waive(call.customer.id, call.item, call.user, why, until)
    item = words.short_title(await call.status(), call.support)
    last = f" until {words.full_day(until)}" if until else ""
    await call.say(words.WAIVED.format(item=item, until=last))
