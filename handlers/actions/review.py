"""The buttons of *Review…*."""

from bot.services.duplicates import SIDES
from handlers import words
from handlers.blocks.base import View
from handlers.call import Call
from handlers.workbench import redo, review_view, state_of


async def not_a_duplicate(call: Call) -> None:
    """Remember that the group's records are different parties."""
    service, system = call.services.duplicates, SIDES[call.item].system
    view = await service.look(call.customer.id, system)
    group = view.find(call.origin.value)
    names = " · ".join(view.parties[one].name for one in group.ids[:3])

    async def work() -> View:
        ids = frozenset(group.ids)
        left = await service.dismiss(call.customer.id, system, ids, call.user)
        return review_view(call, left, state_of(call), words.DISMISSED.format(names=names))

    if service.is_slow(call.customer.id, system):
        await redo(call, words.COMPARING, work)
    else:
        await call.replies.replace(await work())


async def keep_instead(call: Call) -> None:
    """Another record of a group is to survive the merge."""
    service, system = call.services.duplicates, SIDES[call.item].system
    key, _, one = call.origin.value.partition(":")
    view = await service.look(call.customer.id, system)
    group = view.find(key)
    left = await service.keep(call.customer.id, system, frozenset(group.ids), one, call.user)
    done = words.KEPT.format(name=left.parties[one].name)
    await call.replies.replace(review_view(call, left, state_of(call), done))
