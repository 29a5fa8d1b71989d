"""``assign [customer] <item> @person [due]``: who does it, by when."""

from bot import words
from handlers.asked import ME
from handlers.call import Call
from handlers.escape import mention
from handlers.naming import short_title


async def assign(call: Call) -> None:
    """Note owner and due date."""
    asked = call.request
    owner = call.user if asked.person == ME else asked.person
    await call.services.decisions.assign(call.customer.id, call.item, call.user, owner, asked.until)
    item = short_title(await call.status(), call.support)
    due = f", due {words.amounts.day(asked.until)}" if asked.until else ""
    await call.say(words.decisions.ASSIGNED.format(item=item, owner=mention(owner), due=due))
