"""Buttons whose whole work is one call."""

from handlers import words
from handlers.blocks.home import remembered
from handlers.blocks.talk import build_settings
from handlers.call import Call
from handlers.escape import mention
from handlers.events.home import show_home


async def snooze(call: Call) -> None:
    """*Snooze 2 days* under a reminder."""
    services = call.services
    settings = await services.decisions.snooze(call.customer.id, words.SNOOZE_DAYS, call.user)
    await call.tell(build_settings(call.customer, settings, services.clock.now()))


async def hello(call: Call) -> None:
    """*Say hello*: proof that a person's clicks reach us."""
    await call.say(words.HELLO.format(who=mention(call.user), bot=words.BOT))


async def home_filter(call: Call) -> None:
    """The Home tab's filter."""
    await show_home(call, remembered(call.origin.value))


async def nothing(_call: Call) -> None:
    """A link was opened: Slack tells us, and there is nothing to do."""
