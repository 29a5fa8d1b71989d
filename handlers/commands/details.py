"""``details [customer] <item>``: every row that a finding rests on."""

from bot.services.duplicates import SIDES
from bot.services.matching import CODES_ITEM
from handlers import words
from handlers.blocks.modals import build_details
from handlers.blocks.notes import build_button
from handlers.call import Call
from handlers.ids import ActionId
from handlers.workbench import open_list

WORKED_ON = frozenset({CODES_ITEM, *SIDES})
"""Items whose rows people work on, not only read."""


async def details(call: Call) -> None:
    """Open the rows; a mention can open nothing, so it gets a button that does."""
    if call.item in WORKED_ON and call.origin.trigger_id:
        await open_list(call)
        return
    status = await call.status()
    if call.origin.trigger_id:
        await call.replies.open(build_details(status, call.support, call.sealed()))
        return
    rows = len(status.finding.evidence) if status.finding is not None else 0
    item = words.title(status, call.support)
    text = words.ASK_DETAILS.format(count=words.count(rows, "row"), item=item)
    await call.tell(build_button(text, ActionId.DETAILS, words.DETAILS, call.target.encode()))
