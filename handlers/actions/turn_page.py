"""*Next* and *Previous* in the details."""

from handlers.blocks.modals import build_details
from handlers.call import Call
from handlers.values import page_of


async def turn_page(call: Call) -> None:
    """Show another page in the same modal."""
    page, status = page_of(call.origin.value), await call.status()
    await call.replies.replace(build_details(status, call.support, call.sealed(), page))
