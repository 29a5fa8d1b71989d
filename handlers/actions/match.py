"""The buttons of *Match them…*."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot import words
from bot.domain.matching.costcodes import CodeMatch
from bot.domain.matching.usability import target_label
from bot.domain.model import MappingMode
from bot.services.errors import UserError
from bot.services.matching import Decided
from handlers.blocks import matching
from handlers.blocks.base import Block, View
from handlers.blocks.lists import MOST_OPTIONS, with_problem
from handlers.blocks.matching import EVERYWHERE
from handlers.call import Call
from handlers.escape import escape
from handlers.ids import ActionId, CallbackId, Field
from handlers.values import ListState
from handlers.workbench import act, act_below, match_view, open_above, redo, state_of


async def use_suggestion(call: Call) -> None:
    """*Use …*: the button's value is the code and the target; the service checks both."""
    code, _, target = call.origin.value.partition(" ")

    async def work() -> View:
        return _answer(call, await _choose(call, code, target), state_of(call))

    await act(call, words.details.READING, work)


async def _choose(call: Call, code: str, target: str) -> Decided:
    """Match a code that was shown as open: what somebody else chose meanwhile stays.

    Whoever pressed did not know of it, and the other would not hear that it is gone.
    """
    return await call.services.matching.choose_many(call.customer.id, {code: target}, call.user)


def _answer(call: Call, decided: Decided, state: ListState) -> View:
    if decided.changed:
        return match_view(call, decided.view, state, said(decided))
    return with_problem(match_view(call, decided.view, state), said(decided))


async def unmatch(call: Call) -> None:
    """*Undo*: forget what somebody chose."""

    async def work() -> View:
        service, code = call.services.matching, call.origin.value
        decided = await service.choose(call.customer.id, code, "", call.user)
        done = words.matching.UNMATCHED if decided.changed else ""
        return match_view(call, decided.view, state_of(call), done)

    await act(call, words.details.READING, work)


async def change_mode(call: Call) -> None:
    """Map to accounts, to items, or to either."""
    value = call.origin.value
    if value not in list(MappingMode):
        raise UserError(words.matching.NO_SUCH_MODE)
    state = replace(state_of(call), page=1)

    async def work() -> View:
        view = await call.services.matching.set_mode(
            call.customer.id, MappingMode(value), call.user
        )
        return match_view(call, view, state)

    await redo(call, words.matching.MATCHING, work)


async def pick_form(call: Call) -> None:
    """*Pick another…*: any account or item for this code."""
    code = call.origin.value

    async def form() -> View:
        view = await call.services.matching.codes_as_read(call.customer.id)
        row = next((row for row in view.report.rows if row.code.key == code), None)
        if row is None:
            raise UserError(words.matching.NO_SUCH_CODE)
        state = replace(state_of(call), about=code)
        return matching.build_pick(view, row, call.sealed(state.encode()))

    await open_above(call, form)


async def division_form(call: Call) -> None:
    """*Map a whole division…*."""

    async def form() -> View:
        view = await call.services.matching.codes_as_read(call.customer.id)
        state = state_of(call)
        if not view.open_rows:
            raise UserError(words.matching.NOTHING_LEFT)
        return matching.build_division(view, call.sealed(state.encode()), state.division)

    await open_above(call, form)


async def suggested_form(call: Call) -> None:
    """*Use all suggestions above the line…*: shows them, and asks."""

    async def form() -> View:
        view = await call.services.matching.codes_as_read(call.customer.id)
        pairs = matching.batch(view)
        if not pairs:
            raise UserError(words.matching.NOTHING_LEFT)
        state = replace(state_of(call), about=matching.digest(pairs))
        return matching.build_suggested(view, call.sealed(state.encode()))

    await open_above(call, form)


async def target_menu(call: Call) -> list[Block]:
    """The accounts and items that fit what is typed so far."""
    found = await call.services.matching.search_targets(call.customer.id, call.origin.value)
    return [matching.target_option(target) for target in found]


async def division_menu(call: Call) -> list[Block]:
    """The divisions that fit what is typed so far, where there are too many for one menu."""
    view = await call.services.matching.codes_as_read(call.customer.id)
    found = matching.division_options(view, call.origin.value)
    everywhere = [] if call.origin.view.get("callback_id") == CallbackId.DIVISION else [EVERYWHERE]
    return [*everywhere, *found][:MOST_OPTIONS]


async def pick_submitted(call: Call) -> None:
    """A target was picked for one code."""
    code = state_of(call).about
    target = call.entered_choice(Field.TARGET, ActionId.TARGET)

    async def decide() -> Decided:
        return await _choose(call, code, target)

    await _decide_below(call, decide)


async def division_submitted(call: Call) -> None:
    """A target was chosen for every open code of a division."""
    target = call.entered_choice(Field.TARGET, ActionId.TARGET)
    division = call.entered_choice(Field.DIVISION, ActionId.LIST_DIVISION)

    async def decide() -> Decided:
        view = await call.services.matching.codes(call.customer.id)
        pairs = {row.code.key: target for row in matching.in_division(view, division)}
        if not pairs or not target:
            raise UserError(words.matching.NOTHING_LEFT)
        return await call.services.matching.choose_many(call.customer.id, pairs, call.user)

    await _decide_below(call, decide, many=True)


async def suggested_submitted(call: Call) -> None:
    """Take the suggestions that were shown; when others stand there now, none."""

    async def decide() -> Decided:
        view = await call.services.matching.codes(call.customer.id)
        pairs = matching.batch(view)
        if matching.digest(pairs) != state_of(call).about:
            raise UserError(words.matching.SUGGESTIONS_CHANGED)
        return await call.services.matching.choose_many(call.customer.id, pairs, call.user)

    await _decide_below(call, decide, many=True)


async def _decide_below(
    call: Call, decide: Callable[[], Awaitable[Decided]], *, many: bool = False
) -> None:
    """Decide, and show in the list that the form lay on what was done; closed meanwhile, say it."""

    async def work() -> tuple[View, str]:
        decided = await decide()
        state = replace(state_of(call), about="")
        return _answer(call, decided, state), escape(said(decided))

    await act_below(call, work, slow=many)


def said(decided: Decided) -> str:
    """What was done, in a line."""
    if not decided.changed:
        return _said_kept(decided)
    row = decided.changed[0]
    done = f"{matching.code_label(decided.view, row.code)} → {_target(row)}"
    was = decided.replaced.get(row.code.key)
    if was is not None:
        done = words.matching.INSTEAD.format(done=done, target=target_label(was))
    if len(decided.changed) > 1:
        what = words.amounts.count(len(decided.changed), "cost code")
        done = words.matching.MATCHED.format(what=what)
    if not decided.kept:
        return done
    count = words.amounts.count(len(decided.kept), "cost code")
    return words.matching.LEFT_ALONE.format(done=done, count=count)


def _said_kept(decided: Decided) -> str:
    if len(decided.kept) != 1:
        return words.matching.MATCHED_BY_NOW
    (row,) = decided.kept
    return words.matching.ALREADY_MATCHED.format(
        code=matching.code_label(decided.view, row.code),
        target=_target(row),
        chosen=words.matching.CHOSEN,
    )


def _target(row: CodeMatch) -> str:
    return target_label(row.target) if row.target is not None else "nothing"
