"""Opening the lists that people work on: something is shown at once, the list when it is there."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot import words
from bot.services.duplicates import SIDES, DuplicatesView
from bot.services.errors import UserError
from bot.services.matching import CodesView
from bot.services.ports import Progress
from handlers.blocks import matching, review
from handlers.blocks.base import View
from handlers.blocks.lists import build_failed, build_working, with_problem
from handlers.call import Call
from handlers.escape import sentence
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
    if _is_fresh(call):
        await call.replies.replace(await _or_why_not(call, lambda: listed(call, state)))
    else:
        reading = words.details.READING
        await _say_while(call, reading, lambda told: listed(call, state, progress=told))


async def act(
    call: Call, text: str, work: Callable[[], Awaitable[View]], *, slow: bool = False
) -> None:
    """Do something from within a list; where it takes a while, the modal says so meanwhile."""
    if slow or not _is_fresh(call):
        await redo(call, text, work)
    else:
        await call.replies.replace(await _or_why_not(call, work))


async def open_above(call: Call, make: Callable[[], Awaitable[View]]) -> None:
    """Open a form over the list that was clicked in, or say in the list why there is none."""
    try:
        form = await make()
    except UserError as error:
        await call.replies.replace(await _refused(call, error))
    else:
        await call.replies.open(form)


async def act_below(
    call: Call, work: Callable[[], Awaitable[tuple[View, str]]], *, slow: bool = False
) -> None:
    """Do what a submitted form asked for, and show it in the list that the form lay on.

    ``work`` makes that list, and the sentence for when somebody has closed it meanwhile.
    """
    below = str(call.origin.view.get("previous_view_id") or "")
    fresh = _is_fresh(call)
    if below and (slow or not fresh):
        text = words.matching.MATCHING_NOW if fresh else words.details.READING
        await call.replies.update(below, build_working(_title(call), text, call.sealed()))
    try:
        view, said = await work()
    except UserError as error:
        view, said = await _refused(call, error), sentence(str(error))
    if not (below and await call.replies.update(below, view)):
        await call.say(said)


async def redo(call: Call, text: str, work: Callable[[], Awaitable[View]]) -> None:
    """Do something that takes a while from within a list, saying so meanwhile."""
    await _say_while(call, text, lambda _told: work())


async def _say_while(call: Call, text: str, work: Callable[[Progress], Awaitable[View]]) -> None:
    title = _title(call)
    await call.replies.replace(build_working(title, text, call.sealed(call.detail)))
    await _fill(call, str(call.origin.view["id"]), title, work)


async def _or_why_not(call: Call, work: Callable[[], Awaitable[View]]) -> View:
    try:
        return await work()
    except UserError as error:
        return await _refused(call, error)


async def _refused(call: Call, error: UserError) -> View:
    """The list as it is now, under the sentence that says why nothing was done.

    A message in the channel would stand behind the modal, where nobody looks.
    """
    if _is_fresh(call):
        try:
            view = await listed(call, replace(state_of(call), about=""))
        except UserError as broken:
            error = broken
        else:
            return with_problem(view, str(error))
    page = state_of(call).page
    return build_failed(_title(call), str(error), call.sealed(call.detail), page)


def _title(call: Call) -> str:
    return review.TITLE if is_review(call) else matching.TITLE


async def _fill(
    call: Call, view_id: str, title: str, work: Callable[[Progress], Awaitable[View]]
) -> None:
    told = _teller(call, view_id, title)
    await call.replies.update(view_id, await _or_why_not(call, lambda: work(told)))


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
