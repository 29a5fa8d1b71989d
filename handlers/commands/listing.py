"""``list [stuck|ready|mine]``: every onboarding."""

from handlers.blocks.home import remembered
from handlers.blocks.talk import LISTED, build_list
from handlers.call import Call


async def listing(call: Call) -> None:
    """One line each, the most stuck first, for the asker alone wherever that is."""
    wanted = remembered(call.request.note.casefold())
    portfolio = await call.services.portfolio.show(wanted, call.user, LISTED)
    await call.replies.whisper(build_list(portfolio), fallback=False)
