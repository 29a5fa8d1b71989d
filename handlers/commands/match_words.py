"""``match`` in words: the list, one code, a division, the suggestions; nothing is pressed."""

from collections.abc import Awaitable, Callable

from bot import words
from bot.domain.matching.codes import code_key, division_of
from bot.domain.matching.costcodes import CodeMatch
from bot.domain.matching.usability import target_label
from bot.domain.records import Target
from bot.services.errors import UserError
from bot.services.matching import CodesView, Decided
from handlers.actions.match import said
from handlers.asked import Act, Request
from handlers.blocks import matching
from handlers.blocks.base import Message, actions, button, context, section
from handlers.blocks.spoken import in_words
from handlers.call import Call
from handlers.escape import escape, short
from handlers.ids import ActionId, Verb
from handlers.values import ListState

SHOWN = 40
"""Suggestions that are said at once; no more than these are taken by a word."""
NAMES = 5
LABEL = 80


async def match_in_words(call: Call) -> None:
    """Do what was said, or say what is left to match."""
    if not call.services.matching.is_fresh(call.customer.id):
        await call.say(words.details.READING)
    view = await call.services.matching.codes(call.customer.id)
    await _ACTS[call.request.act](call, view)


async def _say_list(call: Call, view: CodesView) -> None:
    state = matching.page_of(view, ListState(page=call.request.page))
    text = words.matching.MATCH_LIST.format(
        name=escape(call.customer.name), matched=view.report.matched, total=view.report.total
    )
    press = actions(button(ActionId.MATCH, words.buttons.MATCH, call.target.encode()))
    shown = matching.build_match(view, state, "")
    await call.tell(
        in_words(shown, text, Verb.MATCH, context(words.matching.MATCH_BY_WORDS), press)
    )


async def _to(call: Call, view: CodesView) -> None:
    asked = call.request
    target = await _target(call, view, asked.target)
    if asked.of_division:
        pairs = dict.fromkeys(_division(view, asked.code), target)
        decided = await call.services.matching.choose_many(call.customer.id, pairs, call.user)
    else:
        code = _code(view, asked).code.key
        decided = await call.services.matching.choose(call.customer.id, code, target, call.user)
    await _tell(call, decided)


async def _none(call: Call, view: CodesView) -> None:
    code = _code(view, call.request).code.key
    decided = await call.services.matching.choose(call.customer.id, code, "", call.user)
    await call.say(words.matching.UNMATCHED if decided.changed else words.matching.NOTHING_LEFT)


async def _suggested(call: Call, view: CodesView) -> None:
    """Take the suggestions that were shown under this word; without one, show them."""
    pairs = dict(list(view.above_the_line.items())[:SHOWN])
    if not pairs:
        raise UserError(words.matching.NOTHING_LEFT)
    word = matching.digest(pairs)[:6]
    if call.request.note == word:
        decided = await call.services.matching.choose_many(call.customer.id, pairs, call.user)
        await _tell(call, decided)
        return
    if call.request.note:
        raise UserError(words.matching.SUGGESTIONS_CHANGED, f"{Verb.MATCH} {Act.SUGGESTED}")
    rows = {row.code.key: row for row in view.open_rows}
    lines = [
        f"• {short(matching.code_label(view, rows[code].code), LABEL)} → "
        f"{short(target_label(view.targets[target]), LABEL)}"
        for code, target in pairs.items()
    ]
    text = words.matching.MATCH_SUGGESTED.format(
        count=words.amounts.count(len(pairs), "suggestion"), word=word
    )
    await call.tell(Message(text, (section(text), *map(section, _by_tens(lines)))))


def _by_tens(lines: list[str]) -> list[str]:
    return ["\n".join(lines[start : start + 10]) for start in range(0, len(lines), 10)]


async def _tell(call: Call, decided: Decided) -> None:
    report = decided.view.report
    left = words.matching.MATCH_LIST.format(
        name=escape(call.customer.name), matched=report.matched, total=report.total
    )
    await call.say(f"☑️ {short(said(decided), 2 * LABEL)}\n{left}")


def _code(view: CodesView, asked: Request) -> CodeMatch:
    """The one code that is meant.

    Raises:
        UserError: there is none, or it stands in several lists.
    """
    text, wanted, named = asked.code, code_key(asked.code), asked.of_list.casefold()
    found = [row for row in view.report.rows if wanted and code_key(row.code.code) == wanted]
    if named:
        found = [row for row in found if view.lists.get(row.code.list_id, "").casefold() == named]
    exact = [row for row in found if row.code.code.casefold() == text.casefold()]
    found = exact if len(exact) == 1 else found
    if not found:
        raise UserError(words.matching.NO_SUCH_CODE)
    if len(found) > 1:
        names = [view.lists.get(row.code.list_id, row.code.list_id) for row in found]
        told = words.matching.SAME_CODE.format(text=text, names="; ".join(names), name=names[0])
        raise UserError(told)
    return found[0]


def _division(view: CodesView, text: str) -> list[str]:
    """The open codes of the division that is meant.

    Raises:
        UserError: no division of this number or name has codes left.
    """
    divisions = {}
    for row in view.open_rows:
        division = view.division_of(row.code)
        if division is not None:
            divisions[division.key] = division
    wanted = text.casefold()
    for key, one in divisions.items():
        numbers = {one.code.casefold(), division_of(one.code), code_key(one.code)} - {""}
        if wanted in (*numbers, one.name.casefold()):
            return [row.code.key for row in matching.in_division(view, key)]
    names = ", ".join(f"{one.code} {one.name}".strip() for one in divisions.values())
    raise UserError(words.matching.NO_SUCH_DIVISION.format(text=text, names=names or "none"))


async def _target(call: Call, view: CodesView, text: str) -> str:
    """The one account or item that is meant: by its number, or by its whole name.

    Raises:
        UserError: none, or several; the likeliest are named and none of them is taken.
    """
    wanted = text.casefold()
    exact = [one for one in view.targets.values() if wanted in _names(one)]
    likely = await call.services.matching.search_targets(call.customer.id, text, NAMES)
    usable = [one for one in exact if one in likely] or exact
    if len(usable) == 1:
        return usable[0].key
    known = usable or likely
    if not known:
        raise UserError(words.matching.NO_SUCH_TARGET.format(text=text))
    names = "; ".join(target_label(one) for one in known[:NAMES])
    raise UserError(words.matching.WHICH_TARGET.format(text=text, names=names))


def _names(target: Target) -> set[str]:
    names = {target.number, target.name, target.full_name, target_label(target)}
    return {name.casefold() for name in names if name}


_ACTS: dict[Act, Callable[[Call, CodesView], Awaitable[None]]] = {
    Act.LIST: _say_list,
    Act.TO: _to,
    Act.NONE: _none,
    Act.SUGGESTED: _suggested,
}
