"""Block Kit's pieces, each kept within its limit (facts: docs.slack.dev/reference/block-kit)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import words
from handlers.escape import clip, plain
from handlers.ids import ENTRY, ActionId, CallbackId, Field

Block = dict[str, Any]
View = dict[str, Any]

VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 13_000
"""All blocks of a message as JSON; Slack refuses them near 13,200 (bolt-js#2509)."""
TEXT = 3000
SECTION = 3000
HEADER = 150
BUTTON = 75
VALUE = 2000
ENDS = (".", "!", "?", ":", "…")
"""How a sentence ends that is read aloud."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: ``text`` is a whole sentence for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """The two arguments of ``chat.postMessage``; both always, so that no edit drops one."""
        lines = (line.strip() for line in self.text.split("\n"))
        said = " ".join(line if line.endswith(ENDS) else f"{line}." for line in lines if line)
        return {"text": clip(said, TEXT), "blocks": list(self.blocks)}


def weight(blocks: Sequence[Block]) -> int:
    """How many characters the blocks are as JSON."""
    return len(json.dumps(list(blocks)))


def paragraph(text: str) -> Message:
    """A message of one paragraph of mrkdwn."""
    return Message(text, (section(text),))


def header(text: str) -> Block:
    """A heading; ``text`` may come from outside."""
    return {"type": "header", "text": _plain(text, HEADER)}


def section(text: str, accessory: Block | None = None, block_id: str = "") -> Block:
    """A paragraph of mrkdwn that is already escaped."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": clip(text, SECTION)}}
    if accessory is not None:
        block["accessory"] = accessory
    if block_id:
        block["block_id"] = block_id
    return block


def context(text: str) -> Block:
    """A small line of mrkdwn that is already escaped."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": clip(text, SECTION)}]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block | None) -> Block:
    """A row of buttons; what is None is left out."""
    return {"type": "actions", "elements": [e for e in elements if e is not None]}


def button(action_id: ActionId, text: str, value: str, *, primary: bool = False) -> Block:
    """A button that comes back to us with ``value``."""
    made: Block = {
        "type": "button",
        "action_id": str(action_id),
        "text": _plain(text, BUTTON),
        "value": value[:VALUE],
    }
    if primary:
        made["style"] = "primary"
    return made


def pager(
    page: int,
    pages: int,
    previous: ActionId = ActionId.LIST_PREVIOUS,
    following: ActionId = ActionId.LIST_NEXT,
) -> list[Block]:
    """*Previous page* and *Next page*, where there is one; each button's value is its page."""
    buttons = []
    if page > 1:
        buttons.append(button(previous, words.buttons.PREVIOUS_PAGE, str(page - 1)))
    if page < pages:
        buttons.append(button(following, words.buttons.NEXT_PAGE, str(page + 1)))
    return [actions(*buttons)] if buttons else []


NEXT_PAGES = frozenset({ActionId.NEXT, ActionId.LIST_NEXT})
"""What leads to a modal's next page."""


def shown(first: int, count: int, total: int, what: str) -> Block:
    """``Codes 16 to 30 of 213``."""
    return context(
        words.portfolio.SHOWN.format(what=what, first=first + 1, last=first + count, total=total)
    )


def link_button(text: str, url: str) -> Block:
    """A button that opens a page; Slack tells us of the click, and nobody needs to know."""
    return {
        "type": "button",
        "action_id": str(ActionId.OPEN_LINK),
        "text": _plain(text, BUTTON),
        "url": url,
    }


def option(text: str, value: str) -> Block:
    """One entry of a menu."""
    return {"text": _plain(text, 75), "value": value[:75]}


def overflow(action_id: ActionId, options: Sequence[Block]) -> Block:
    """The menu behind the three dots."""
    return {"type": "overflow", "action_id": str(action_id), "options": list(options[:5])}


def text_input(field: Field, label: str, hint: str, *, optional: bool, lines: bool = True) -> Block:
    """A box to type in."""
    return {
        "type": "input",
        "block_id": str(field),
        "optional": optional,
        "label": _plain(label, 150),
        "hint": _plain(hint, 150),
        "element": {
            "type": "plain_text_input",
            "action_id": ENTRY,
            "multiline": lines,
            "max_length": 500 if lines else 80,
        },
    }


def date_input(field: Field, label: str, hint: str) -> Block:
    """An optional day."""
    return {
        "type": "input",
        "block_id": str(field),
        "optional": True,
        "label": _plain(label, 150),
        "hint": _plain(hint, 150),
        "element": {"type": "datepicker", "action_id": ENTRY},
    }


def person_input(field: Field, label: str, hint: str) -> Block:
    """Somebody in the channel; Slack's own people menu misbehaves in shared channels."""
    return _search(field, label, hint, ActionId.PERSON, words.forms.CHOOSE_PERSON)


def customer_input(field: Field, label: str, hint: str) -> Block:
    """One of the customers."""
    return _search(field, label, hint, ActionId.CUSTOMER, words.forms.CHOOSE_CUSTOMER)


def _search(field: Field, label: str, hint: str, action_id: ActionId, placeholder: str) -> Block:
    """A menu that we fill while somebody types."""
    return {
        "type": "input",
        "block_id": str(field),
        "optional": False,
        "label": _plain(label, 150),
        "hint": _plain(hint, 150),
        "element": {
            "type": "external_select",
            "action_id": str(action_id),
            "min_query_length": 0,
            "placeholder": _plain(placeholder, 150),
        },
    }


def modal(
    callback_id: CallbackId,
    title: str,
    blocks: Sequence[Block],
    metadata: str,
    submit: str = "",
) -> View:
    """A modal; ``metadata`` is sealed text that comes back to us."""
    view: View = {
        "type": "modal",
        "callback_id": str(callback_id),
        "title": _plain(title, 24),
        "close": _plain("Cancel" if submit else "Close", 24),
        "blocks": list(blocks[:VIEW_BLOCKS]),
        "private_metadata": metadata,
    }
    if submit:
        view["submit"] = _plain(submit, 24)
    return view


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": plain(text, limit), "emoji": True}
