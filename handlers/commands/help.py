"""``help``: what can be said here, by this person."""

from handlers import words
from handlers.blocks.talk import build_help
from handlers.call import Call
from handlers.ids import COMMAND
from handlers.origin import Kind


async def help_here(call: Call) -> None:
    """Help for this place and this person."""
    caller = COMMAND if call.origin.kind is Kind.COMMAND else words.BOT
    await call.tell(build_help(call.here, caller, staff=call.actor.is_staff))
