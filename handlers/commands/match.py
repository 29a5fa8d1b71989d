"""``match [customer]``, ``review [customer] [item]``, ``export [customer] [item] [form]``."""

from dataclasses import replace

from bot.services.dossier import customer_files
from bot.services.duplicates import SIDES
from bot.services.exports import BOTH
from bot.services.files import Form
from bot.services.matching import CODES_ITEM
from handlers import words
from handlers.actions.lists import send_list
from handlers.blocks.base import Message, actions, button, section
from handlers.call import Call
from handlers.escape import escape
from handlers.files import send_files
from handlers.ids import ActionId
from handlers.workbench import open_list

LABELS = {item: f"Review {kind.system.label} {kind.many}…" for item, kind in SIDES.items()}


async def match(call: Call) -> None:
    """Open the cost codes; a mention can open nothing, so it gets a button that does."""
    call = replace(call, item=CODES_ITEM)
    if call.origin.trigger_id:
        await open_list(call)
        return
    await _offer(call, words.ASK_MATCH, {CODES_ITEM: words.MATCH})


async def review(call: Call) -> None:
    """Open the duplicates of one system, or ask which."""
    if call.item in SIDES and call.origin.trigger_id:
        await open_list(call)
        return
    wanted = {call.item: LABELS[call.item]} if call.item in SIDES else LABELS
    await _offer(call, words.ASK_REVIEW, wanted)


async def _offer(call: Call, text: str, labels: dict[str, str]) -> None:
    name = escape(call.customer.name)
    buttons = [
        button(_action(item), label, replace(call, item=item).target.encode())
        for item, label in labels.items()
    ]
    intro = section(text.format(name=name))
    rows = [actions(one) for one in buttons]
    await call.tell(Message(text.format(name=name), (intro, *rows)))


def _action(item: str) -> ActionId:
    return ActionId.REVIEW if item in SIDES else ActionId.MATCH


async def export(call: Call) -> None:
    """Send an item's lists, or everything that is stored about the customer."""
    form = call.request.form
    if call.item in (CODES_ITEM, *SIDES):
        await send_list(call, (form,) if form is not None else BOTH)
    else:
        services = call.services
        files = await customer_files(
            services.store,
            services.clock,
            services.support,
            services.changes,
            call.customer.id,
            (form or Form.XLSX,),
        )
        await send_files(call, files)
    await call.say(words.EXPORTED)
