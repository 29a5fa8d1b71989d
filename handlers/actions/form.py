"""Buttons that open a form."""

from handlers.blocks.forms import (
    build_assign_form,
    build_done_form,
    build_new_form,
    build_send_back_form,
    build_stuck_form,
    build_waive_form,
)
from handlers.call import Call


async def done_form(call: Call) -> None:
    """*Mark as done…*."""
    status = await call.status()
    await call.replies.open(build_done_form(status, call.support, call.sealed()))


async def stuck_form(call: Call) -> None:
    """*I'm stuck* and *Ask Interfy for help*."""
    await call.replies.open(build_stuck_form(call.customer.name, call.sealed()))


async def send_back_form(call: Call) -> None:
    """*Send back…*."""
    await call.replies.open(build_send_back_form(call.customer.name, call.sealed()))


async def assign_form(call: Call) -> None:
    """*Assign, due date…*."""
    status = await call.status()
    await call.replies.open(build_assign_form(status, call.support, call.sealed()))
    # Asked for now, so that the menu's first letters find the answer within Slack's three seconds.
    await call.tools.people.in_channel(call.actor.channel_id)


async def waive_form(call: Call) -> None:
    """*Waive…*."""
    status = await call.status()
    await call.replies.open(build_waive_form(status, call.support, call.sealed()))


async def new_form(call: Call) -> None:
    """*New customer…* on the Home tab."""
    await call.replies.open(build_new_form(call.sealed()))
