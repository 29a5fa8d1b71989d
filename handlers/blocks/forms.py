"""The modals that ask for something."""

from bot import words
from bot.domain.model import Status, SupportIdentity
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
from handlers.naming import title

NAME = 80


def build_done_form(status: Status, support: SupportIdentity, metadata: str) -> View:
    """Mark as done: a person's word, with a note."""
    intro = words.forms.DONE.format(item=title(status, support))
    note = text_input(Field.NOTE, "Note", words.forms.DONE_HINT, optional=True)
    return modal(
        CallbackId.DONE,
        words.forms.DONE_TITLE,
        [section(intro), note],
        metadata,
        words.forms.DONE_TITLE,
    )


def build_stuck_form(name: str, metadata: str) -> View:
    """I'm stuck: Interfy hears of it at once, and reminders rest."""
    intro = words.forms.STUCK.format(item=short(name, NAME))
    why = text_input(Field.WHY, words.forms.STUCK_WHY, words.forms.STUCK_HINT, optional=False)
    return modal(
        CallbackId.STUCK,
        words.buttons.STUCK,
        [section(intro), why],
        metadata,
        words.forms.STUCK_SEND,
    )


def build_send_back_form(name: str, metadata: str) -> View:
    """Send back: the customer reads the reason."""
    intro = words.forms.SEND_BACK.format(customer=short(name, NAME))
    reason = text_input(
        Field.REASON, words.forms.SEND_BACK_WHY, words.forms.CUSTOMER_READS, optional=False
    )
    blocks = [section(intro), reason]
    return modal(
        CallbackId.SEND_BACK,
        words.forms.SEND_BACK_TITLE,
        blocks,
        metadata,
        words.forms.SEND_BACK_TITLE,
    )


def build_assign_form(status: Status, support: SupportIdentity, metadata: str) -> View:
    """Who puts an item right, and by when."""
    blocks = [
        section(f"*{title(status, support)}*"),
        person_input(Field.OWNER, words.forms.WHO, words.forms.WHO_HINT),
        date_input(Field.DUE, words.forms.BY_WHEN, words.forms.BY_WHEN_HINT),
    ]
    return modal(CallbackId.ASSIGN, "Assign", blocks, metadata, "Assign")


def build_waive_form(status: Status, support: SupportIdentity, metadata: str) -> View:
    """Staff decide that an item does not matter."""
    blocks = [
        section(words.forms.WAIVE.format(item=title(status, support))),
        text_input(Field.WHY, words.forms.WAIVE_WHY, words.forms.CUSTOMER_READS, optional=False),
        date_input(Field.UNTIL, words.forms.WAIVE_UNTIL, words.forms.WAIVE_UNTIL_HINT),
    ]
    return modal(CallbackId.WAIVE, "Waive", blocks, metadata, "Waive")


def build_link_form(metadata: str) -> View:
    """Say whose channel this is."""
    menu = customer_input(Field.CUSTOMER, "Customer", words.forms.LINK)
    return modal(CallbackId.LINK, words.forms.LINK_TITLE, [menu], metadata, "Link")


def build_new_form(metadata: str) -> View:
    """Start an onboarding."""
    name = text_input(
        Field.NAME,
        "Customer",
        words.forms.NEW_HINT,
        optional=False,
        lines=False,
    )
    return modal(CallbackId.NEW, words.forms.NEW_TITLE, [name], metadata, "Start")
