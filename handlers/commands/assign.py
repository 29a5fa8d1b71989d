"""``assign [customer] <item> @person [due]``: who does it, by when."""

from handlers.asked import ME
from handlers.assigned import assign_to
from handlers.call import Call


async def assign(call: Call) -> None:
    """Note owner and due date."""
    asked = call.request
    await assign_to(call, call.user if asked.person == ME else asked.person, asked.until)
