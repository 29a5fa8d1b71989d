"""The buttons of *Match them…*."""

from dataclasses import replace

from bot.domain.model import MappingMode
from bot.services.errors import UserError
from bot.services.matching import Decided, target_label
from handlers import words
from handlers.blocks import matching
from handlers.blocks.base import Block
from handlers.call import Call
from handlers.ids import ActionId, Field
from handlers.values import ListState
from handlers.workbench import match_view, redo, state_of


async def use_suggestion(call: Call) -> None:
    """*Use …*: the button's value is the code and the target; the service checks both."""
    code, _, target = call.origin.value.partition(" ")
    decided = await call.services.matching.choose(call.customer.id, code, target, call.user)
    await call.replies.replace(match_view(call, decided.view, state_of(call), said(decided)))


async def unmatch(call: Call) -> None:
    """*Undo*: forget what somebody chose."""
    code = call.origin.value
    decided = await call.services.matching.choose(call.customer.id, code, "", call.user)
    note = words.UNMATCHED if decided.changed else ""
    await call.replies.replace(match_view(call, decided.view, state_of(call), note))


async def change_mode(call: Call) -> None:
    """Map to accounts, to items, or to either."""
    value = call.origin.value
    if value not in list(MappingMode):
        raise UserError(words.NO_SUCH_MODE)
    state = replace(state_of(call), page=1)

    async def work() -> dict[str, object]:
        view = await call.services.matching.set_mode(
            call.customer.id, MappingMode(value), call.user
        )
        return match_view(call, view, state)

    await redo(call, words.MATCHING, work)


async def pick_form(call: Call) -> None:
    """*Pick another…*: any account or item for this code."""
    view = await call.services.matching.codes(call.customer.id)
    code = call.origin.value
    row = next((row for row in view.report.rows if row.code.key == code), None)
    if row is None:
        raise UserError(words.NO_SUCH_CODE)
    state = replace(state_of(call), about=code)
    await call.replies.open(matching.build_pick(row, call.sealed(state.encode())))


async def division_form(call: Call) -> None:
    """*Map a whole division…*."""
    view = await call.services.matching.codes(call.customer.id)
    state = state_of(call)
    if not view.open_rows:
        raise UserError(words.NOTHING_LEFT)
    form = matching.build_division(view, call.sealed(state.encode()), state.division)
    await call.replies.open(form)


async def suggested_form(call: Call) -> None:
    """*Use all suggestions above the line…*: shows them, and asks."""
    view = await call.services.matching.codes(call.customer.id)
    pairs = matching.batch(view)
    if not pairs:
        raise UserError(words.NOTHING_LEFT)
    state = replace(state_of(call), about=matching.digest(pairs))
    await call.replies.open(matching.build_suggested(view, call.sealed(state.encode())))


async def target_menu(call: Call) -> list[Block]:
    """The accounts and items that fit what is typed so far."""
    found = await call.services.matching.search_targets(call.customer.id, call.origin.value)
    return [matching.target_option(target) for target in found]


async def pick_submitted(call: Call) -> None:
    """A target was picked for one code."""
    state = state_of(call)
    target = call.entered_choice(Field.TARGET, ActionId.TARGET)
    decided = await call.services.matching.choose(call.customer.id, state.about, target, call.user)
    await _show_below(call, decided, state)


async def division_submitted(call: Call) -> None:
    """A target was chosen for every open code of a division."""
    view = await call.services.matching.codes(call.customer.id)
    target = call.entered_choice(Field.TARGET, ActionId.TARGET)
    division = call.entered_choice(Field.DIVISION)
    pairs = {row.code.key: target for row in matching.in_division(view, division)}
    if not pairs or not target:
        raise UserError(words.NOTHING_LEFT)
    decided = await call.services.matching.choose_many(call.customer.id, pairs, call.user)
    await _show_below(call, decided, state_of(call))


async def suggested_submitted(call: Call) -> None:
    """Take the suggestions that were shown; when others stand there now, none."""
    view = await call.services.matching.codes(call.customer.id)
    pairs = matching.batch(view)
    state = state_of(call)
    if matching.digest(pairs) != state.about:
        raise UserError(words.SUGGESTIONS_CHANGED)
    decided = await call.services.matching.choose_many(call.customer.id, pairs, call.user)
    await _show_below(call, decided, state)


async def _show_below(call: Call, decided: Decided, state: ListState) -> None:
    """Show what was done in the list that the form lay on; closed meanwhile, say it."""
    below = str(call.origin.view.get("previous_view_id") or "")
    view = match_view(call, decided.view, replace(state, about=""), said(decided))
    if not (below and await call.replies.update(below, view)):
        await call.say(words.MATCHED.format(what=words.count(len(decided.changed), "cost code")))


def said(decided: Decided) -> str:
    """What was done, in a line."""
    if not decided.changed:
        return words.ALREADY_MATCHED
    if len(decided.changed) > 1:
        return words.MATCHED.format(what=words.count(len(decided.changed), "cost code"))
    row = decided.changed[0]
    target = target_label(row.target) if row.target is not None else "nothing"
    return f"{matching.code_label(row.code)} → {target}"
