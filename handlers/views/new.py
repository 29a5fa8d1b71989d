"""*New customer*, submitted: from the Home tab it has no channel yet."""

from handlers.call import Call
from handlers.commands.new import start
from handlers.events.home import show_home
from handlers.ids import Field
from handlers.values import HomeState


async def new_submitted(call: Call) -> None:
    """Start it where the form was opened, and show it in the list."""
    await start(call, call.entry(Field.NAME))
    if not call.origin.channel_id:
        await show_home(call, HomeState())
