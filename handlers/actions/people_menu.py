"""The menu of a channel's people; Slack's own misbehaves in shared channels."""

from handlers.blocks.base import Block, option
from handlers.call import Call

MOST_OPTIONS = 100


async def people_menu(call: Call) -> list[Block]:
    """Whoever is in the channel and matches what was typed so far."""
    people = await call.tools.people.in_channel(call.actor.channel_id)
    typed = call.origin.value.casefold()
    found = [person for person in people if typed in person.name.casefold()]
    return [option(person.name, person.user_id) for person in found[:MOST_OPTIONS]]
