"""The buttons of *Review…*."""

from collections.abc import Awaitable, Callable, Iterable

from bot import words
from bot.domain.model import System
from bot.services.duplicates import SIDES, DuplicateService, DuplicatesView
from handlers.blocks.base import View
from handlers.call import Call
from handlers.workbench import act, review_view, state_of

MOST_NAMES = 3


async def not_a_duplicate(call: Call) -> None:
    """Remember that the group's records are different parties."""

    async def decide(service: DuplicateService, system: System) -> tuple[DuplicatesView, str]:
        view = await service.look(call.customer.id, system)
        ids = frozenset(view.find(call.origin.value).ids)
        left = await service.dismiss(call.customer.id, system, ids, call.user)
        return left, words.review.DISMISSED.format(names=names_of(view, ids))

    await _decide(call, decide, slow=True)


async def ask_again(call: Call) -> None:
    """Forget that records were called different."""

    async def decide(service: DuplicateService, system: System) -> tuple[DuplicatesView, str]:
        view = await service.look(call.customer.id, system)
        said = view.find_apart(call.origin.value)
        left = await service.ask_again(call.customer.id, system, said.key, call.user)
        return left, words.review.ASKED_AGAIN.format(names=names_of(view, said.ids))

    await _decide(call, decide, slow=True)


async def keep_instead(call: Call) -> None:
    """Another record of a group is to survive the merge, or the one that is suggested again."""
    key, _, one = call.origin.value.partition(":")

    async def decide(service: DuplicateService, system: System) -> tuple[DuplicatesView, str]:
        view = await service.look(call.customer.id, system)
        ids = frozenset(view.find(key).ids)
        left = await service.keep(call.customer.id, system, ids, one, call.user)
        name = left.parties[one].name if one else ""
        return left, words.review.KEPT.format(name=name) if one else words.review.KEPT_AS_SUGGESTED

    await _decide(call, decide)


Decision = Callable[[DuplicateService, System], Awaitable[tuple[DuplicatesView, str]]]


async def _decide(call: Call, decide: Decision, *, slow: bool = False) -> None:
    """Decide, saying so meanwhile where that takes a comparison (``slow``) of many records."""
    service, system = call.services.duplicates, SIDES[call.item].system

    async def work() -> View:
        left, done = await decide(service, system)
        return review_view(call, left, state_of(call), done)

    slow = slow and service.is_slow(call.customer.id, system)
    await act(call, words.review.COMPARING, work, slow=slow)


def names_of(view: DuplicatesView, ids: Iterable[str]) -> str:
    """The records' names in a line; of many the first ones."""
    names = list(view.names(ids).values())
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return " · ".join(names[:MOST_NAMES]) + more
