"""What the modals with long lists share: menus, pages, waiting."""

import math
from collections.abc import Sequence

from bot import words
from handlers.blocks.base import (
    VIEW_BLOCKS,
    Block,
    View,
    actions,
    button,
    modal,
    option,
    pager,
    section,
)
from handlers.escape import plain, short
from handlers.ids import ActionId, CallbackId, Field

MOST_OPTIONS = 100
NOTE = 600


def menu(
    action_id: ActionId, placeholder: str, options: Sequence[Block], chosen: str = ""
) -> Block:
    """A menu with up to a hundred entries; ``chosen`` is the value that is set."""
    made: Block = {
        "type": "static_select",
        "action_id": str(action_id),
        "placeholder": _plain(placeholder),
        "options": list(options[:MOST_OPTIONS]),
    }
    initial = next((one for one in made["options"] if one["value"] == chosen), None)
    if initial is not None:
        made["initial_option"] = initial
    return made


def long_menu(
    action_id: ActionId, placeholder: str, options: Sequence[Block], chosen: str = ""
) -> Block:
    """A menu of any length: past a hundred entries the server fills it while somebody types."""
    if len(options) <= MOST_OPTIONS:
        return menu(action_id, placeholder, options, chosen)
    made = _searched(action_id, placeholder)
    initial = next((one for one in options if one["value"] == chosen), None)
    return made if initial is None else {**made, "initial_option": initial}


def _searched(action_id: ActionId, placeholder: str) -> Block:
    return {
        "type": "external_select",
        "action_id": str(action_id),
        "min_query_length": 0,
        "placeholder": _plain(placeholder),
    }


def search_input(field: Field, label: str, hint: str) -> Block:
    """A menu that the server fills while somebody types an account or item."""
    return _input(field, label, hint, _searched(ActionId.TARGET, words.matching.SEARCH))


def menu_input(
    field: Field,
    label: str,
    hint: str,
    action_id: ActionId,
    options: Sequence[Block],
    chosen: str = "",
) -> Block:
    """A menu of any length to choose from in a form."""
    return _input(
        field, label, hint, long_menu(action_id, words.matching.CHOOSE_ONE, options, chosen)
    )


def note(text: str) -> list[Block]:
    """What was just done, above everything else; ``text`` may come from outside."""
    return [section(f"☑️ {short(text, NOTE)}")] if text else []


def with_problem(view: View, text: str) -> View:
    """The view under a sentence that says why nothing was done; it may come from outside."""
    blocks = [section(f"⚠️ {short(text, NOTE)}"), *view["blocks"]]
    return {**view, "blocks": blocks[:VIEW_BLOCKS]}


def list_pager(page: int, pages: int) -> list[Block]:
    """*Previous page*, *Next page*, and a menu of pages where there are more than two.

    A menu has a hundred entries: of more pages it offers some, the first and the last among them.
    """
    rows = pager(page, pages)
    if pages > 2:
        step = math.ceil(pages / (MOST_OPTIONS - 2))
        offered = sorted({page, pages, *range(1, pages + 1, step)})
        options = [
            option(words.buttons.PAGE_OF.format(page=n, pages=pages), str(n)) for n in offered
        ]
        go_to = words.buttons.GO_TO_PAGE
        rows[0]["elements"].append(menu(ActionId.LIST_PAGE, go_to, options, str(page)))
    return rows


def build_working(title: str, text: str, metadata: str) -> View:
    """A modal while something runs; ``text`` may come from outside."""
    return modal(CallbackId.WORKING, title, [section(f"🔄 {short(text, NOTE)}")], metadata)


def build_failed(title: str, text: str, metadata: str, page: int = 1) -> View:
    """A modal that says what went wrong; *Try again* leads to the page that was asked for."""
    again = button(ActionId.LIST_PAGE, words.buttons.TRY_AGAIN, str(page))
    blocks = [section(f"❔ {short(text, NOTE)}"), actions(again)]
    return modal(CallbackId.WORKING, title, blocks, metadata)


def _input(field: Field, label: str, hint: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": str(field),
        "optional": False,
        "label": _plain(label),
        "hint": _plain(hint),
        "element": element,
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": plain(text, 150), "emoji": True}
