"""The answer to whoever says that something is done."""

from bot import words
from handlers.call import Call
from handlers.escape import short
from handlers.naming import short_title

ROOM = 240


async def say_attested(call: Call) -> None:
    """That it is noted; and where a live check proves the contrary, that this counts more."""
    status = await call.status()
    item = short_title(status, call.support)
    if status.overruled and status.finding is not None:
        found = short(status.finding.summary, ROOM).rstrip(".")
        await call.say(words.decisions.OVERRULED.format(item=item, found=found))
        return
    await call.say(words.decisions.ATTESTED.format(item=item))
