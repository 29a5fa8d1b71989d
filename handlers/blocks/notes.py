"""Short answers: problems, refusals, confirmations."""

from bot import words
from handlers.blocks.base import VALUE, Message, actions, button, section
from handlers.escape import clip
from handlers.ids import ActionId, Verb

LABEL = 75


def build_problem(text: str, suggestion: str = "") -> Message:
    """A sentence, with a button that says the suggested command: "Yes, …" where that was asked.

    A command that doesn't fit into a button has none: half of it would be said in somebody's name.
    """
    blocks = [section(text)]
    if 0 < len(suggestion) <= VALUE:
        asked = text.rstrip().endswith("?")
        label = clip(words.buttons.YES.format(what=suggestion) if asked else suggestion, LABEL)
        blocks.append(actions(button(ActionId.SUGGESTION, label, suggestion)))
    return Message(text, tuple(blocks))


def build_stale(text: str) -> Message:
    """The button or form is old; the card of this channel is a press away."""
    row = actions(button(ActionId.SUGGESTION, words.buttons.OPEN_CARD, str(Verb.STATUS)))
    return Message(text, (section(text), row))


def build_broken(ref: str) -> Message:
    """Something broke on our side."""
    return build_problem(words.trouble.BROKEN.format(ref=ref))


def build_invited() -> Message:
    """To whoever invited the bot into a channel that shows no customer yet."""
    row = actions(
        button(ActionId.HOME_NEW, words.buttons.NEW_CUSTOMER, "0"),
        button(ActionId.LINK_FORM, words.buttons.LINK_CUSTOMER, "0"),
    )
    return Message(words.channels.INVITED, (section(words.channels.INVITED), row))


def build_button(text: str, action_id: ActionId, label: str, value: str) -> Message:
    """A sentence with the button that goes on from there."""
    return Message(text, (section(text), actions(button(action_id, label, value))))
