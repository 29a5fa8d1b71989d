"""``assign [customer] <item> @person [due]``: who does it, by when."""

from handlers import words
from handlers.call import Call
from handlers.escape import mention


async def assign(call: Call) -> None:
    """Note owner and due date."""
    asked = call.request
    await call.services.decisions.assign(
        call.customer.id, call.item, call.user, asked.person, asked.until
    )
    item = words.short_title(await call.status(), call.support)
    due = f", due {words.day(asked.until)}" if asked.until else ""
    await call.say(words.ASSIGNED.format(item=item, owner=mention(asked.person), due=due))
