"""*Try the button*: proof that a person's clicks reach us."""

from bot import words
from handlers.call import Call
from handlers.escape import mention


async def hello(call: Call) -> None:
    """Answer, so that the person knows it as well, and note from which workspace it came."""
    await call.services.customers.reached(call.customer.id, call.user, call.actor.team_id)
    home = await call.tools.people.home_team()
    text = words.channels.HELLO if call.actor.team_id != home else words.channels.HELLO_AT_HOME
    await call.say(text.format(who=mention(call.user), bot=words.buttons.BOT))
