"""*Assign*, submitted."""

from handlers.assigned import assign_to
from handlers.call import Call
from handlers.ids import Field


async def assign_submitted(call: Call) -> None:
    """Note owner and due date."""
    await assign_to(call, call.entered_person(Field.OWNER), call.entered_day(Field.DUE))
