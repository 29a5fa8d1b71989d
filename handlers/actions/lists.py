"""What the lists have in common: opening, pages, filters, export."""

import asyncio
from collections.abc import Collection
from dataclasses import replace

from bot import words
from bot.services.duplicates import SIDES
from bot.services.exports import BOTH, evidence_files, mapping_files, merge_files
from bot.services.files import Form
from bot.services.matching import CODES_ITEM
from handlers.blocks.base import View
from handlers.call import Call
from handlers.files import send_files
from handlers.ids import ActionId
from handlers.values import page_of
from handlers.workbench import act, listed, open_list, show, state_of


async def open_it(call: Call) -> None:
    """*Match them…* and *Review…*."""
    await open_list(call)


async def turn_list(call: Call) -> None:
    """*Next page*, *Previous page*, a page of the menu, and *Try again*."""
    await show(call, replace(state_of(call), page=page_of(call.origin.value)))


async def filter_list(call: Call) -> None:
    """Another division, or another problem: from its first page on."""
    chosen = call.origin.value
    if call.origin.action_id == ActionId.LIST_DIVISION:
        state = replace(state_of(call), division=chosen, page=1)
    else:
        state = replace(state_of(call), only=chosen, page=1)
    await show(call, state)


async def export_list(call: Call) -> None:
    """*Export*: the list as files, to this person alone."""

    async def work() -> View:
        await send_list(call, BOTH)
        return await listed(call, state_of(call), words.details.EXPORTED)

    await act(call, words.details.EXPORTING, work, slow=True)


async def send_list(call: Call, forms: Collection[Form]) -> None:
    """Send the mapping workbook, the merge worksheet, or what else an item's finding rests on.

    Made in a thread: 2,000 rows take long.
    """
    services, customer, now = call.services, call.customer, call.services.clock.now()
    if call.item in SIDES:
        found = await services.duplicates.look(customer.id, SIDES[call.item].system)
        files = await asyncio.to_thread(merge_files, found, customer, now, forms)
    elif call.item == CODES_ITEM:
        codes = await services.matching.codes(customer.id)
        files = await asyncio.to_thread(mapping_files, codes, customer, now, forms)
    else:
        status = await call.status()
        files = await asyncio.to_thread(evidence_files, status, customer, now, forms)
    await send_files(call, files)
