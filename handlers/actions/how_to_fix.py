"""*How to fix*: why, who, the steps."""

from handlers.blocks.modals import build_how_to_fix
from handlers.call import Call


async def how_to_fix(call: Call) -> None:
    """Open the steps."""
    status = await call.status()
    await call.replies.open(build_how_to_fix(status, call.support, call.sealed()))
