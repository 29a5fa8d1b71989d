"""Opening the lists that people work on: something is shown at once, the list when it is there."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import words
from bot.services.duplicates import SIDES, DuplicatesView
from bot.services.errors import UserError
from bot.services.matching import CodesView
from bot.services.ports import Progress
from handlers.blocks import matching, review
from handlers.blocks.base import View
from handlers.blocks.lists import build_failed, build_working
from handlers.call import Call
from handlers.values import ListState, list_state

BETWEEN = timedelta(seconds=1)
"""Between two edits of a modal that shows how far something is."""


def state_of(call: Call) -> ListState:
    """What of the list the form shows that was clicked in."""
    return list_state(call.detail)


def is_review(call: Call) -> bool:
    """Whether this is about duplicates, not about cost codes."""
    return call.item in SIDES


def match_view(call: Call, view: CodesView, state: ListState, done: str = "") -> View:
    """The page of codes that ``state`` means."""
    page = matching.page_of(view, state)
    return matching.build_match(view, page, call.sealed(page.state.encode()), done)


def review_view(call: Call, view: DuplicatesView, state: ListState, done: str = "") -> View:
    """The page of groups that ``state`` means."""
    page = review.page_of(view, state)
    sealed = call.sealed(page.state.encode())
    return review.build_review(view, page, sealed, call.customer.timezone, done)


async def listed(
    call: Call, state: ListState, done: str = "", progress: Progress | None = None
) -> View:
    """The list that a form is about, as it stands now."""
    if is_review(call):
        system = SIDES[call.item].system
        found = await call.services.duplicates.look(call.customer.id, system, progress)
        return review_view(call, found, state, done)
    codes = await call.services.matching.codes(call.customer.id, progress)
    return match_view(call, codes, state, done)


async def open_list(call: Call) -> None:
    """Open the list; where it has to be read first, the modal says how far that is."""
    if _is_fresh(call):
        await call.replies.open(await listed(call, ListState()))
        return
    title = _title(call)
    first = build_working(title, words.details.READING, call.sealed())
    view_id = await call.replies.open(first)
    await _fill(call, view_id, title, lambda told: listed(call, ListState(), progress=told))


async def show(call: Call, state: ListState) -> None:
    """Another page or filter of the list that was clicked in."""
    await act(call, words.details.READING, lambda: listed(call, state))


async def act(
    call: Call, text: str, work: Callable[[], Awaitable[View]], *, slow: bool = False
) -> None:
    """Do something from within a list; where it takes a while, the modal says so meanwhile."""
    if slow or not _is_fresh(call):
        await redo(call, text, work)
    else:
        await call.replies.replace(await work())


async def act_below(call: Call, text: str, work: Callable[[], Awaitable[tuple[View, str]]]) -> None:
    """Do what a submitted form asked for, and show it in the list that the form lay on.

    ``work`` makes that list, and the sentence for when somebody has closed it meanwhile.
    """
    below = str(call.origin.view.get("previous_view_id") or "")
    waiting = bool(below) and not _is_fresh(call)
    if waiting:
        await call.replies.update(below, build_working(_title(call), text, call.sealed()))
    try:
        view, said = await work()
    except UserError as error:
        if not waiting:
            raise
        view = build_failed(_title(call), str(error), call.sealed(call.detail))
        said = str(error)
    if not (below and await call.replies.update(below, view)):
        await call.say(said)


async def redo(call: Call, text: str, work: Callable[[], Awaitable[View]]) -> None:
    """Do something that takes a while from within a list, saying so meanwhile."""
    title = _title(call)
    await call.replies.replace(build_working(title, text, call.sealed(call.detail)))
    view_id = str(call.origin.view["id"])
    await _fill(call, view_id, title, lambda _told: work())


def _title(call: Call) -> str:
    return review.TITLE if is_review(call) else matching.TITLE


async def _fill(
    call: Call, view_id: str, title: str, work: Callable[[Progress], Awaitable[View]]
) -> None:
    try:
        view = await work(_teller(call, view_id, title))
    except UserError as error:
        view = build_failed(title, str(error), call.sealed(call.detail))
    await call.replies.update(view_id, view)


def _teller(call: Call, view_id: str, title: str) -> Progress:
    """Shows how far something is, in the modal, at most once a second."""
    told: list[datetime] = [call.services.clock.now()]

    async def tell(text: str) -> None:
        now = call.services.clock.now()
        if now - told[-1] >= BETWEEN:
            told.append(now)
            what = f"{words.details.READING} {text}"
            await call.replies.update(view_id, build_working(title, what, call.sealed()))

    return tell


def _is_fresh(call: Call) -> bool:
    if is_review(call):
        system = SIDES[call.item].system
        return call.services.duplicates.is_fresh(call.customer.id, system)
    return call.services.matching.is_fresh(call.customer.id)
