"""*Assign*, submitted."""

from handlers import words
from handlers.call import Call
from handlers.escape import mention
from handlers.ids import Field


async def assign_submitted(call: Call) -> None:
    """Note owner and due date."""
    owner, due = call.entered_person(Field.OWNER), call.entered_day(Field.DUE)
    await call.services.decisions.assign(call.customer.id, call.item, call.user, owner, due)
    item = words.short_title(await call.status(), call.support)
    by_day = f", due {words.day(due)}" if due else ""
    await call.say(words.ASSIGNED.format(item=item, owner=mention(owner), due=by_day))
