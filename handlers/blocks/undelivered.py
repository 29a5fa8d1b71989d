"""The two buttons beside a message that was given up."""

from bot import words
from handlers.blocks.base import Block, actions, button
from handlers.ids import ActionId


def undelivered_buttons(message: int) -> Block:
    """For the outbox's message with this number."""
    return actions(
        button(ActionId.SEND_AGAIN, words.buttons.SEND_AGAIN, str(message)),
        button(ActionId.TOLD, words.buttons.TOLD, str(message)),
    )
