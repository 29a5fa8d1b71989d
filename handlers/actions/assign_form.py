"""*Assign, due date…*: asks who, by when."""

from handlers.blocks.forms import build_assign_form
from handlers.call import Call


async def assign_form(call: Call) -> None:
    """Open the form, and ask Slack for the people that its menu will offer."""
    status = await call.status()
    await call.replies.open(build_assign_form(status, call.support, call.sealed()))
    # Asked for now, so that the menu's first letters find the answer within Slack's three seconds.
    await call.tools.people.in_channel(call.actor.channel_id)
