"""A modal's text as a message, for whoever can open none: the same words, no buttons."""

import itertools

from bot import words
from handlers.blocks.base import (
    MESSAGE_CHARACTERS,
    NEXT_PAGES,
    Block,
    Message,
    View,
    context,
    weight,
)

ROOM = 1_500
"""Characters that are kept for what comes after the modal's text."""
MOST_BLOCKS = 40
SPOKEN = ("section", "context")


def in_words(view: View, text: str, command: str, *after: Block | None) -> Message:
    """What a modal says; ``command`` shows its next page, ``after`` stands below.

    ``text`` is a sentence for those who hear it read. What Slack has no room for is left out, and
    that is said.
    """
    blocks: list[Block] = []
    room, left_out = MESSAGE_CHARACTERS - ROOM, False
    for block in view["blocks"]:
        if block["type"] in SPOKEN:
            plain = {key: value for key, value in block.items() if key != "accessory"}
            room -= weight([plain])
            left_out = left_out or room < 0 or len(blocks) >= MOST_BLOCKS
            if not left_out:
                blocks.append(plain)
    if left_out:
        blocks.append(context(words.details.LEFT_OUT))
    page = _next_page(view)
    if page:
        blocks.append(context(words.details.NEXT_IN_WORDS.format(command=f"{command} {page}")))
    return Message(text, (*blocks, *(block for block in after if block is not None)))


def _next_page(view: View) -> str:
    """The page to which the modal's own button leads, "" where it is the last."""
    elements = itertools.chain.from_iterable(
        block.get("elements", ()) for block in view["blocks"] if block["type"] == "actions"
    )
    pages = (one["value"] for one in elements if one["action_id"] in NEXT_PAGES)
    return str(next(pages, ""))
