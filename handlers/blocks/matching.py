"""The modals in which cost codes get their account or item."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.matching.costcodes import CodeMatch, How, Problem, Suggestion
from bot.domain.matching.usability import target_label
from bot.domain.model import MappingMode
from bot.domain.records import CostCode, Target
from bot.services.matching import CodesView
from handlers import words
from handlers.blocks.base import (
    Block,
    View,
    actions,
    button,
    divider,
    modal,
    option,
    pager,
    section,
    shown,
)
from handlers.blocks.lists import long_menu, menu, menu_input, note, search_input
from handlers.escape import clip, short
from handlers.ids import ActionId, CallbackId, Field
from handlers.values import ListState

ROWS = 15
TITLE = "Match cost codes"
EVERY = "all"
CHOSEN = "chosen"
NO_DIVISION = "none"
EVERYWHERE = option("All divisions", EVERY)
BATCH = 400
"""How many suggestions are shown and taken at once."""
LINES = 20
NAME = 120
REASON = 240
USE = (ActionId.USE_FIRST, ActionId.USE_SECOND, ActionId.USE_THIRD)
PROBLEMS = {
    Problem.NO_TARGET: "No account or item",
    Problem.CONFLICT: "Number and name disagree",
    Problem.AMBIGUOUS: "Several fit equally well",
    Problem.INACTIVE: "Only an inactive one",
    Problem.CATEGORY: "Only a category",
    Problem.BUNDLE: "Only a bundle",
    Problem.NO_EXPENSE_ACCOUNT: "Item without an expense account",
    Problem.ACCOUNT_TYPE: "Account that can't take a cost",
    Problem.INVALID_CHOICE: "The chosen one is gone",
}
MODES = {
    MappingMode.EITHER: "Map to accounts or items",
    MappingMode.ACCOUNT: "Map to accounts only",
    MappingMode.ITEM: "Map to items only",
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
    head = f"*{report.matched:,} of {report.total:,} cost codes matched* · {left:,} left"
    blocks = [*note(done), section(head), _filters(view, page.state), _bulk(view), divider()]
    for row in page.rows:
        blocks.extend(_row(view, row))
    if page.rows:
        first = (page.state.page - 1) * ROWS
        blocks.append(shown(first, len(page.rows), page.total, "Codes"))
    else:
        blocks.append(section("Nothing is left here." if left else "✅ Nothing is left to match."))
    blocks.extend(pager(page.state.page, page.pages))
    return modal(CallbackId.MATCH, TITLE, blocks, metadata)


def _filters(view: CodesView, state: ListState) -> Block:
    found = Counter(row.problem for row in view.open_rows)
    problems = [option("All problems", EVERY)]
    problems += [option(f"{text} ({found[p]:,})", p) for p, text in PROBLEMS.items() if found[p]]
    problems.append(option("Chosen by people", CHOSEN))
    modes = [option(text, mode) for mode, text in MODES.items()]
    return actions(
        long_menu(
            ActionId.LIST_DIVISION,
            "Division",
            [EVERYWHERE, *division_options(view)],
            state.division or EVERY,
        ),
        menu(ActionId.LIST_ONLY, "Problem", problems, state.only or EVERY),
        menu(ActionId.MODE, "Map to", modes, view.mode),
    )


def division_options(view: CodesView, typed: str = "") -> list[Block]:
    """The divisions with something left whose number or name holds what was typed."""
    counts = Counter(division_key(view, row.code) for row in view.open_rows)
    names = {one.key: code_label(view, one) for one in view.report.divisions}
    names[NO_DIVISION] = "Without a division"
    return [
        option(f"{names[key][:55]} ({counts[key]:,} left)", key)
        for key in sorted(counts, key=lambda key: names[key])
        if typed.casefold() in names[key].casefold()
    ]


def _bulk(view: CodesView) -> Block:
    above = len(view.above_the_line)
    use = f"Use all {above:,} suggestions" if above > 1 else "Use the one suggestion"
    return actions(
        button(ActionId.SUGGESTED, f"{use} above the line…", "all") if above else None,
        button(ActionId.DIVISION, "Map a whole division…", "all") if view.open_rows else None,
        button(ActionId.LIST_EXPORT, words.EXPORT, "all"),
    )


def code_label(view: CodesView, code: CostCode) -> str:
    """``03-300 Footings``, and its list where there are several: codes repeat across lists."""
    label = f"{code.code} {code.name}".strip() or "no name"
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
    pick = button(ActionId.PICK, "Pick another…" if buttons else "Pick one…", row.code.key)
    # A choice that lost its target can be taken back, too, and not only replaced.
    undo = button(ActionId.UNMATCH, "Undo", row.code.key) if row.how is How.CHOSEN else None
    return [section("\n".join(lines)), actions(*buttons, pick, undo)]


def _suggestion(number: int, one: Suggestion) -> str:
    return f"{number}. {short(target_label(one.target), NAME)} · {short(one.reason, NAME)}"


def build_pick(view: CodesView, row: CodeMatch, metadata: str) -> View:
    """Pick any account or item for one code."""
    intro = f"*{short(code_label(view, row.code), NAME)}*\n{short(row.reason, REASON)}"
    field = search_input(Field.TARGET, "Account or item", "Type a number or a part of the name.")
    return modal(CallbackId.PICK, "Pick another", [section(intro), field], metadata, "Use it")


def build_division(view: CodesView, metadata: str, chosen: str = "") -> View:
    """Map every open code of a division to one account or item."""
    intro = (
        "Every code of the division that has nothing yet goes to the one account or item that "
        "you choose. Codes that are matched already stay as they are."
    )
    blocks = [
        section(intro),
        menu_input(
            Field.DIVISION,
            "Division",
            "The number of codes that are left stands beside each.",
            ActionId.LIST_DIVISION,
            division_options(view),
            chosen,
        ),
        search_input(Field.TARGET, "Account or item", "Type a number or a part of the name."),
    ]
    return modal(CallbackId.DIVISION, "Map a division", blocks, metadata, "Map them")


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
    more = f" They are the best of {rest + len(pairs):,}; then open this again." if rest else ""
    intro = (
        f"These {words.count(len(pairs), 'suggestion')} stand above the line: name or trade fits "
        f"well. Please read them; a wrong one puts money in the wrong account.{more}"
    )
    blocks = [section(intro)]
    blocks += [section("\n".join(lines[n : n + LINES])) for n in range(0, len(lines), LINES)]
    submit = f"Use all {len(pairs):,}"
    return modal(CallbackId.SUGGESTED, "Use all suggestions", blocks, metadata, submit)


def target_option(target: Target) -> Block:
    """An account or item as a menu's entry."""
    return option(target_label(target), target.key)
