"""``match [customer]``, ``review [customer] [item]``, ``export [customer] [item] [form]``."""

from dataclasses import replace

from bot import words
from bot.services.dossier import customer_files
from bot.services.duplicates import SIDES
from bot.services.exports import BOTH
from bot.services.files import Form
from bot.services.matching import CODES_ITEM
from handlers.actions.lists import send_list
from handlers.asked import Act
from handlers.blocks.base import Message, actions, button, section
from handlers.call import Call
from handlers.commands.match_words import match_in_words
from handlers.commands.review_words import review_in_words
from handlers.escape import escape
from handlers.files import send_files
from handlers.ids import ActionId
from handlers.workbench import open_list

LABELS = {item: f"Review {kind.system.label} {kind.many}…" for item, kind in SIDES.items()}


async def match(call: Call) -> None:
    """Open the cost codes; where nothing can be opened, or more was said, answer in words."""
    call = replace(call, item=CODES_ITEM)
    if call.origin.trigger_id and call.request.act is Act.LIST:
        await open_list(call)
        return
    await match_in_words(call)


async def review(call: Call) -> None:
    """Open the duplicates of one system, or ask which; in words as ``match``."""
    if call.request.act is Act.LIST and call.item not in SIDES:
        await _ask_which(call)
    elif call.request.act is Act.LIST and call.origin.trigger_id:
        await open_list(call)
    else:
        await review_in_words(call)


async def _ask_which(call: Call) -> None:
    text = words.review.ASK_REVIEW.format(name=escape(call.customer.name))
    rows = [
        actions(button(ActionId.REVIEW, label, replace(call, item=item).target.encode()))
        for item, label in LABELS.items()
    ]
    await call.tell(Message(text, (section(text), *rows)))


async def export(call: Call) -> None:
    """Send an item's lists, or everything that is stored about the customer."""
    form = call.request.form
    if call.item:
        await send_list(call, (form,) if form is not None else BOTH)
    else:
        services = call.services
        files = await customer_files(
            services.store,
            services.clock,
            services.support,
            services.changes,
            services.worksheets,
            call.customer.id,
            (form or Form.XLSX,),
        )
        await send_files(call, files)
    await call.say(words.details.EXPORTED)
