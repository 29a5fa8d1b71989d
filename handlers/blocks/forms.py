"""The modals that ask for something."""

from bot.domain.model import Status, SupportIdentity
from handlers import words
from handlers.blocks.base import (
    View,
    customer_input,
    date_input,
    modal,
    person_input,
    section,
    text_input,
)
from handlers.escape import short
from handlers.ids import CallbackId, Field

NAME = 80


def build_done_form(status: Status, support: SupportIdentity, metadata: str) -> View:
    """Mark as done: a person's word, with a note."""
    intro = (
        f"*{words.title(status, support)}*\nI can't see this one for myself, so your name and "
        "today's date will stand beside it. A check that proves the contrary still counts more."
    )
    note = text_input(Field.NOTE, "Note", "For example what you saw, or who did it.", optional=True)
    return modal(CallbackId.DONE, "Mark as done", [section(intro), note], metadata, "Mark as done")


def build_stuck_form(name: str, metadata: str) -> View:
    """I'm stuck: Interfy hears of it at once, and reminders rest."""
    intro = (
        f"Interfy support hears at once that *{short(name, NAME)}* needs a hand, and I stop "
        "reminding until they answer."
    )
    why = text_input(Field.WHY, "What is in the way?", "A sentence is enough.", optional=False)
    return modal(CallbackId.STUCK, "I'm stuck", [section(intro), why], metadata, "Tell Interfy")


def build_send_back_form(name: str, metadata: str) -> View:
    """Send back: the customer reads the reason."""
    intro = f"*{short(name, NAME)}* goes back to getting ready, and I remind again."
    reason = text_input(
        Field.REASON, "What is missing?", "The customer reads this.", optional=False
    )
    blocks = [section(intro), reason]
    return modal(CallbackId.SEND_BACK, "Send back", blocks, metadata, "Send back")


def build_assign_form(status: Status, support: SupportIdentity, metadata: str) -> View:
    """Who puts an item right, and by when."""
    blocks = [
        section(f"*{words.title(status, support)}*"),
        person_input(Field.OWNER, "Who does it?", "Reminders mention this person."),
        date_input(Field.DUE, "By when?", "Leave it empty for no date."),
    ]
    return modal(CallbackId.ASSIGN, "Assign", blocks, metadata, "Assign")


def build_waive_form(status: Status, support: SupportIdentity, metadata: str) -> View:
    """Staff decide that an item does not matter."""
    blocks = [
        section(f"*{words.title(status, support)}*\nA waiver counts as done; the card names you."),
        text_input(Field.WHY, "Why is it all right?", "The customer reads this.", optional=False),
        date_input(Field.UNTIL, "Until when?", "The last day; empty for no end."),
    ]
    return modal(CallbackId.WAIVE, "Waive", blocks, metadata, "Waive")


def build_link_form(metadata: str) -> View:
    """Say whose channel this is."""
    menu = customer_input(Field.CUSTOMER, "Customer", "This channel will show this customer only.")
    return modal(CallbackId.LINK, "Link a customer", [menu], metadata, "Link")


def build_new_form(metadata: str) -> View:
    """Start an onboarding."""
    name = text_input(
        Field.NAME,
        "Customer",
        "Its name. Outside its channel, type /onboard link there afterwards.",
        optional=False,
        lines=False,
    )
    return modal(CallbackId.NEW, "New customer", [name], metadata, "Start")
