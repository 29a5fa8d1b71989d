"""``assign [customer] <item> @person [due]``: who does it, by when."""

from bot import words
from handlers.call import Call
from handlers.escape import mention
from handlers.naming import short_title


async def assign(call: Call) -> None:
    """Note owner and due date."""
    asked = call.request
    await call.services.decisions.assign(
        call.customer.id, call.item, call.user, asked.person, asked.until
    )
    item = short_title(await call.status(), call.support)
    due = f", due {words.amounts.day(asked.until)}" if asked.until else ""
    await call.say(words.decisions.ASSIGNED.format(item=item, owner=mention(asked.person), due=due))
