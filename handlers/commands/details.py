"""``details [customer] <item>``: every row that a finding rests on."""

from bot import words
from bot.services.duplicates import SIDES
from bot.services.matching import CODES_ITEM
from handlers.blocks.base import actions, button
from handlers.blocks.modals import build_details
from handlers.call import Call
from handlers.ids import ActionId
from handlers.naming import title
from handlers.spoken import open_or_say
from handlers.workbench import open_list

WORKED_ON = frozenset({CODES_ITEM, *SIDES})
"""Items whose rows people work on, not only read."""


async def details(call: Call) -> None:
    """Open the rows, or say them a page at a time."""
    if call.item in WORKED_ON and call.origin.trigger_id:
        await open_list(call)
        return
    status = await call.status()
    rows = len(status.finding.evidence) if status.finding is not None else 0
    item = title(status, call.support)
    text = words.details.DETAILS_OF.format(count=words.amounts.count(rows, "row"), item=item)
    page = call.asked.page if call.asked is not None else 1
    view = build_details(status, call.support, call.sealed(), page)
    opens = actions(button(ActionId.DETAILS, words.buttons.DETAILS, call.target.encode()))
    await open_or_say(call, view, text, f"details {call.item}", opens)
