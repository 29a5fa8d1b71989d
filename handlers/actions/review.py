"""The buttons of *Review…*."""

from collections.abc import Awaitable, Callable, Iterable

from bot.domain.model import System
from bot.services.duplicates import SIDES, DuplicateService, DuplicatesView
from handlers import words
from handlers.blocks.base import View
from handlers.call import Call
from handlers.workbench import redo, review_view, state_of

MOST_NAMES = 3


async def not_a_duplicate(call: Call) -> None:
    """Remember that the group's records are different parties."""
    service, system, view = await _look(call)
    ids = frozenset(view.find(call.origin.value).ids)
    done = words.DISMISSED.format(names=_names(view, ids))
    await _compared_again(
        call, done, lambda: service.dismiss(call.customer.id, system, ids, call.user)
    )


async def ask_again(call: Call) -> None:
    """Forget that records were called different."""
    service, system, view = await _look(call)
    key = call.origin.value
    said = next((one for one in view.apart if one.key == key), None)
    done = words.ASKED_AGAIN.format(names=_names(view, said.ids)) if said is not None else ""
    await _compared_again(
        call, done, lambda: service.ask_again(call.customer.id, system, key, call.user)
    )


async def keep_instead(call: Call) -> None:
    """Another record of a group is to survive the merge, or the one that is suggested again."""
    service, system, view = await _look(call)
    key, _, one = call.origin.value.partition(":")
    ids = frozenset(view.find(key).ids)
    left = await service.keep(call.customer.id, system, ids, one, call.user)
    done = words.KEPT.format(name=left.parties[one].name) if one else words.KEPT_AS_SUGGESTED
    await call.replies.replace(review_view(call, left, state_of(call), done))


async def _look(call: Call) -> tuple[DuplicateService, System, DuplicatesView]:
    service, system = call.services.duplicates, SIDES[call.item].system
    return service, system, await service.look(call.customer.id, system)


def _names(view: DuplicatesView, ids: Iterable[str]) -> str:
    names = list(view.names(ids).values())
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return " · ".join(names[:MOST_NAMES]) + more


async def _compared_again(
    call: Call, done: str, decide: Callable[[], Awaitable[DuplicatesView]]
) -> None:
    """Do what takes a comparison, saying so meanwhile where that is long."""

    async def work() -> View:
        return review_view(call, await decide(), state_of(call), done)

    if call.services.duplicates.is_slow(call.customer.id, SIDES[call.item].system):
        await redo(call, words.COMPARING, work)
    else:
        await call.replies.replace(await work())
