"""``doctor``: what is wrong with this installation, for staff."""

from bot import words
from handlers.blocks.diagnosis import build_diagnosis
from handlers.call import Call


async def doctor(call: Call) -> None:
    """Look at everything; the answer names customers, so only the asker reads it."""
    await call.say(words.details.LOOKING)
    lines = await call.tools.diagnose()
    await call.replies.whisper(build_diagnosis(lines), fallback=False)
