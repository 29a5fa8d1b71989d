"""``help``: what can be said here, by this person."""

from bot import words
from handlers.blocks.talk import build_help, build_help_with
from handlers.call import Call
from handlers.ids import COMMAND
from handlers.manners import plain
from handlers.origin import Kind


async def help_here(call: Call) -> None:
    """Help for this place and this person."""
    caller = COMMAND if call.origin.kind is Kind.COMMAND else words.buttons.BOT
    staff, word = call.actor.is_staff, plain(call.request.note)
    one = build_help_with(word, caller, staff=staff) if word and (call.here or staff) else None
    await call.tell(one or build_help(call.here, caller, staff=staff))
