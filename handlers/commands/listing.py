"""``list [stuck|ready|mine] [page]``: every onboarding, forty at a time."""

from handlers.blocks.talk import LISTED, build_list
from handlers.call import Call


async def listing(call: Call) -> None:
    """One line each, the most stuck first, for the asker alone wherever that is."""
    asked = call.request
    portfolio = await call.services.portfolio.show(asked.only, call.user, LISTED, asked.page)
    await call.replies.whisper(build_list(portfolio, asked.only), fallback=False)
