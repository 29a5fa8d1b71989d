"""*Send it again* and *I told them myself*, beside a message that was given up."""

from bot import words
from handlers.call import Call
from handlers.escape import channel_link, escape, short
from handlers.values import message_of

ROOM = 80


async def send_again(call: Call) -> None:
    """Back into the queue; the sender takes it from there."""
    message = await call.services.undelivered.send_again(message_of(call.origin.value), call.user)
    where = channel_link(message.channel) or short(message.channel, ROOM)
    what = escape(message.kind.replace("_", " "))
    await call.say(words.delivery.SENT_AGAIN.format(what=what, where=where))


async def told_them(call: Call) -> None:
    """Nobody has to look at it any more."""
    await call.services.undelivered.settle(message_of(call.origin.value), call.user)
    await call.say(words.delivery.SETTLED)
