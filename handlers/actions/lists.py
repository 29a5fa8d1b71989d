"""What the lists have in common: opening, pages, filters, export."""

from dataclasses import replace

from bot.services.duplicates import SIDES
from bot.services.exports import mapping_files, merge_files
from handlers import words
from handlers.call import Call
from handlers.files import send_files
from handlers.ids import ActionId
from handlers.workbench import listed, open_list, state_of


async def open_it(call: Call) -> None:
    """*Match them…* and *Review…*."""
    await open_list(call)


async def turn_list(call: Call) -> None:
    """*Next page* and *Previous page*."""
    text = call.origin.value
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    await call.replies.replace(await listed(call, replace(state_of(call), page=page)))


async def filter_list(call: Call) -> None:
    """Another division, or another problem: from its first page on."""
    chosen = call.origin.value
    if call.origin.action_id == ActionId.LIST_DIVISION:
        state = replace(state_of(call), division=chosen, page=1)
    else:
        state = replace(state_of(call), only=chosen, page=1)
    await call.replies.replace(await listed(call, state))


async def export_list(call: Call) -> None:
    """Send the list as files, to this person alone."""
    services, customer = call.services, call.customer
    if call.item in SIDES:
        found = await services.duplicates.look(customer.id, SIDES[call.item].system)
        files = merge_files(found, customer, services.clock.now())
    else:
        codes = await services.matching.codes(customer.id)
        files = mapping_files(codes, customer, services.clock.now())
    await send_files(call, files)
    if call.origin.view:
        await call.replies.replace(await listed(call, state_of(call), words.EXPORTED))
    else:
        await call.say(words.EXPORTED)
