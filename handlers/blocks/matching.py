"""The modals in which cost codes get their account or item."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import words
from bot.domain.matching.costcodes import CodeMatch, How, Problem, Suggestion
from bot.domain.matching.usability import target_label
from bot.domain.model import MappingMode
from bot.domain.records import CostCode, Target
from bot.services.matching import CodesView
from handlers.blocks.base import (
    Block,
    View,
    actions,
    button,
    divider,
    modal,
    option,
    section,
    shown,
)
from handlers.blocks.lists import list_pager, long_menu, menu, menu_input, note, search_input
from handlers.escape import clip, short
from handlers.ids import ActionId, CallbackId, Field
from handlers.values import ListState

ROWS = 15
TITLE = words.matching.TITLE
EVERY = "all"
CHOSEN = "chosen"
NO_DIVISION = "none"
EVERYWHERE = option(words.matching.ALL_DIVISIONS, EVERY)
BATCH = 400
"""How many suggestions are shown and taken at once."""
LINES = 20
NAME = 120
REASON = 240
USE = (ActionId.USE_FIRST, ActionId.USE_SECOND, ActionId.USE_THIRD)
PROBLEMS = {
    Problem.NO_TARGET: words.matching.NO_TARGET,
    Problem.CONFLICT: words.matching.CONFLICT,
    Problem.AMBIGUOUS: words.matching.TIED,
    Problem.INACTIVE: words.matching.INACTIVE,
    Problem.CATEGORY: words.matching.CATEGORY,
    Problem.BUNDLE: words.matching.BUNDLE,
    Problem.NO_EXPENSE_ACCOUNT: words.matching.NO_EXPENSE,
    Problem.ACCOUNT_TYPE: words.matching.NO_COST,
    Problem.INVALID_CHOICE: words.matching.GONE,
}
MODES = {
    MappingMode.EITHER: words.matching.TO_EITHER,
    MappingMode.ACCOUNT: words.matching.TO_ACCOUNTS,
    MappingMode.ITEM: words.matching.TO_ITEMS,
}


@dataclass(frozen=True, slots=True)
class Page:
    """The rows that one page shows, and where it is in the list."""

    state: ListState
    rows: tuple[CodeMatch, ...]
    total: int
    pages: int


def page_of(view: CodesView, state: ListState) -> Page:
    """The page that ``state`` means; a page too far is the last one."""
    rows = [row for row in _wanted(view, state.only) if _within(view, row.code, state.division)]
    pages = max(1, math.ceil(len(rows) / ROWS))
    page = min(max(state.page, 1), pages)
    first = (page - 1) * ROWS
    return Page(replace(state, page=page), tuple(rows[first : first + ROWS]), len(rows), pages)


def _wanted(view: CodesView, only: str) -> Sequence[CodeMatch]:
    if only == CHOSEN:
        return [row for row in view.report.rows if row.how is How.CHOSEN and row.ok]
    if only in ("", EVERY):
        return view.open_rows
    return [row for row in view.open_rows if row.problem is not None and row.problem == only]


def division_key(view: CodesView, code: CostCode) -> str:
    """The key of a code's division, or of having none."""
    division = view.division_of(code)
    return division.key if division is not None else NO_DIVISION


def _within(view: CodesView, code: CostCode, division: str) -> bool:
    return division in ("", EVERY) or division_key(view, code) == division


def build_match(view: CodesView, page: Page, metadata: str, done: str = "") -> View:
    """Fifteen codes a page, each with its reason, its suggestions, and *Pick another…*."""
    report, left = view.report, len(view.open_rows)
    head = words.matching.PROGRESS.format(matched=report.matched, total=report.total, left=left)
    blocks = [*note(done), section(head), _filters(view, page.state), _bulk(view), divider()]
    for row in page.rows:
        blocks.extend(_row(view, row))
    if page.rows:
        first = (page.state.page - 1) * ROWS
        blocks.append(shown(first, len(page.rows), page.total, "Codes"))
    else:
        blocks.append(section(words.matching.NONE_HERE if left else words.matching.ALL_MATCHED))
    blocks.extend(list_pager(page.state.page, page.pages))
    return modal(CallbackId.MATCH, TITLE, blocks, metadata)


def _filters(view: CodesView, state: ListState) -> Block:
    found = Counter(row.problem for row in view.open_rows)
    problems = [option(words.matching.ALL_PROBLEMS, EVERY)]
    problems += [option(f"{text} ({found[p]:,})", p) for p, text in PROBLEMS.items() if found[p]]
    problems.append(option(words.matching.CHOSEN, CHOSEN))
    modes = [option(text, mode) for mode, text in MODES.items()]
    return actions(
        long_menu(
            ActionId.LIST_DIVISION,
            "Division",
            [EVERYWHERE, *division_options(view)],
            state.division or EVERY,
        ),
        menu(ActionId.LIST_ONLY, "Problem", problems, state.only or EVERY),
        menu(ActionId.MODE, words.matching.MAP_TO, modes, view.mode),
    )


def division_options(view: CodesView, typed: str = "") -> list[Block]:
    """The divisions with something left whose number or name holds what was typed."""
    counts = Counter(division_key(view, row.code) for row in view.open_rows)
    names = {one.key: code_label(view, one) for one in view.report.divisions}
    names[NO_DIVISION] = words.matching.NO_DIVISION
    return [
        option(f"{names[key][:55]} ({counts[key]:,} left)", key)
        for key in sorted(counts, key=lambda key: names[key])
        if typed.casefold() in names[key].casefold()
    ]


def _bulk(view: CodesView) -> Block:
    above = len(view.above_the_line)
    use = (
        words.matching.USE_ALL_SUGGESTIONS.format(number=above)
        if above > 1
        else words.matching.USE_ONE_SUGGESTION
    )
    return actions(
        button(ActionId.SUGGESTED, words.matching.ABOVE_THE_LINE.format(number=use), "all")
        if above
        else None,
        button(ActionId.DIVISION, words.matching.MAP_DIVISION_BUTTON, "all")
        if view.open_rows
        else None,
        button(ActionId.LIST_EXPORT, words.buttons.EXPORT, "all"),
    )


def code_label(view: CodesView, code: CostCode) -> str:
    """``03-300 Footings``, and its list where there are several: codes repeat across lists."""
    label = f"{code.code} {code.name}".strip() or words.states.NO_NAME
    if len(view.lists) < 2:
        return label
    return f"{clip(label, NAME // 2)} · {view.lists.get(code.list_id, code.list_id)}"


def _row(view: CodesView, row: CodeMatch) -> list[Block]:
    title = f"*{short(code_label(view, row.code), NAME)}*"
    if row.ok and row.target is not None:
        text = f"{title}\n→ {short(target_label(row.target), NAME)}"
        return [section(text, accessory=button(ActionId.UNMATCH, "Undo", row.code.key))]
    lines = [title, short(row.reason, REASON)]
    lines += [_suggestion(n, one) for n, one in enumerate(row.suggestions[: len(USE)], start=1)]
    buttons = [
        button(action_id, f"Use {target_label(one.target)}", f"{row.code.key} {one.target.key}")
        for action_id, one in zip(USE, row.suggestions, strict=False)
    ]
    pick = button(
        ActionId.PICK,
        words.matching.PICK_ANOTHER_BUTTON if buttons else words.matching.PICK_ONE_BUTTON,
        row.code.key,
    )
    # A choice that lost its target can be taken back, too, and not only replaced.
    undo = button(ActionId.UNMATCH, "Undo", row.code.key) if row.how is How.CHOSEN else None
    return [section("\n".join(lines)), actions(*buttons, pick, undo)]


def _suggestion(number: int, one: Suggestion) -> str:
    return f"{number}. {short(target_label(one.target), NAME)} · {short(one.reason, NAME)}"


def build_pick(view: CodesView, row: CodeMatch, metadata: str) -> View:
    """Pick any account or item for one code."""
    intro = f"*{short(code_label(view, row.code), NAME)}*\n{short(row.reason, REASON)}"
    field = search_input(Field.TARGET, words.matching.TARGET, words.matching.TARGET_HINT)
    return modal(
        CallbackId.PICK,
        words.matching.PICK_TITLE,
        [section(intro), field],
        metadata,
        words.matching.USE_IT,
    )


def build_division(view: CodesView, metadata: str, chosen: str = "") -> View:
    """Map every open code of a division to one account or item."""
    intro = words.matching.MAP_DIVISION
    blocks = [
        section(intro),
        menu_input(
            Field.DIVISION,
            "Division",
            words.matching.DIVISION_HINT,
            ActionId.LIST_DIVISION,
            division_options(view),
            chosen,
        ),
        search_input(Field.TARGET, words.matching.TARGET, words.matching.TARGET_HINT),
    ]
    return modal(
        CallbackId.DIVISION,
        words.matching.MAP_DIVISION_TITLE,
        blocks,
        metadata,
        words.matching.MAP_THEM,
    )


def in_division(view: CodesView, division: str) -> list[CodeMatch]:
    """The open codes of a division."""
    return [row for row in view.open_rows if division_key(view, row.code) == division]


def batch(view: CodesView) -> dict[str, str]:
    """The suggestions that are taken at once: the best ones above the line."""
    return dict(list(view.above_the_line.items())[:BATCH])


def digest(pairs: Mapping[str, str]) -> str:
    """What a batch is recognised by: nobody takes suggestions that they were not shown."""
    text = "\n".join(f"{code} {target}" for code, target in sorted(pairs.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def build_suggested(view: CodesView, metadata: str) -> View:
    """Every suggestion above the line, shown before anything is taken."""
    pairs = batch(view)
    rows = {row.code.key: row for row in view.open_rows}
    lines = [
        f"• {short(code_label(view, rows[code].code), NAME // 2)} → "
        f"{short(target_label(view.targets[target]), NAME // 2)}"
        for code, target in pairs.items()
    ]
    rest = len(view.above_the_line) - len(pairs)
    more = words.matching.BEST_OF.format(number=rest + len(pairs)) if rest else ""
    intro = words.matching.SUGGESTIONS.format(
        count=words.amounts.count(len(pairs), "suggestion"), more=more
    )
    blocks = [section(intro)]
    blocks += [section("\n".join(lines[n : n + LINES])) for n in range(0, len(lines), LINES)]
    submit = words.matching.USE_ALL.format(number=len(pairs))
    return modal(CallbackId.SUGGESTED, words.matching.USE_ALL_TITLE, blocks, metadata, submit)


def target_option(target: Target) -> Block:
    """An account or item as a menu's entry."""
    return option(target_label(target), target.key)
