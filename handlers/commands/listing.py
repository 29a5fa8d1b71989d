"""``list [stuck|ready|mine]``: every onboarding."""

from handlers.blocks.home import chosen, remembered
from handlers.blocks.talk import build_list
from handlers.call import Call


async def listing(call: Call) -> None:
    """One line each, the most stuck first, for the asker alone wherever that is."""
    rows = await call.services.customers.portfolio()
    wanted = remembered(call.request.note.casefold())
    await call.replies.whisper(build_list(chosen(rows, wanted, call.user)), fallback=False)
