"""*Waive*, submitted."""

from bot import words
from handlers.call import Call
from handlers.ids import Field
from handlers.naming import short_title


async def waive_submitted(call: Call) -> None:
    """Note who decided, why, and until when."""
    why, until = call.entry(Field.WHY), call.entered_day(Field.UNTIL)
    await call.services.decisions.waive(call.customer.id, call.item, call.user, why, until)
    item = short_title(await call.status(), call.support)
    last = f" until {words.amounts.full_day(until)}" if until else ""
    await call.say(words.decisions.WAIVED.format(item=item, until=last))
