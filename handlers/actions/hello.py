"""*Say hello*: proof that a person's clicks reach us."""

from handlers import words
from handlers.call import Call
from handlers.escape import mention


async def hello(call: Call) -> None:
    """Answer, so that the person knows it as well."""
    await call.say(words.HELLO.format(who=mention(call.user), bot=words.BOT))
