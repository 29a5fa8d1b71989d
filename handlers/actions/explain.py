"""*How to fix* and *Details*: one item, explained."""

from handlers.blocks.modals import build_details, build_how_to_fix
from handlers.call import Call


async def how_to_fix(call: Call) -> None:
    """Open the steps."""
    status = await call.status()
    await call.replies.open(build_how_to_fix(status, call.support, call.sealed()))


async def details(call: Call) -> None:
    """Open the rows that the finding rests on."""
    status = await call.status()
    await call.replies.open(build_details(status, call.support, call.sealed()))


async def turn_page(call: Call) -> None:
    """*Next* and *Previous* in the details."""
    text = call.origin.value
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    status = await call.status()
    await call.replies.replace(build_details(status, call.support, call.sealed(), page))
