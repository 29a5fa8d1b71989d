"""*Assign*, submitted."""

from bot import words
from handlers.call import Call
from handlers.escape import mention
from handlers.ids import Field
from handlers.naming import short_title


async def assign_submitted(call: Call) -> None:
    """Note owner and due date."""
    owner, due = call.entered_person(Field.OWNER), call.entered_day(Field.DUE)
    await call.services.decisions.assign(call.customer.id, call.item, call.user, owner, due)
    item = short_title(await call.status(), call.support)
    by_day = f", due {words.amounts.day(due)}" if due else ""
    await call.say(words.decisions.ASSIGNED.format(item=item, owner=mention(owner), due=by_day))
