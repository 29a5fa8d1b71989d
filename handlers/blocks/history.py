"""Who did what, what changed since a moment, and the burn-down in words."""

import re
from collections.abc import Sequence

from bot import words
from bot.domain.catalogue import with_names
from bot.domain.customer import Customer, HistoryEntry
from bot.services.burndown import BurnDown
from bot.services.changes import Changes, Since
from handlers.blocks.base import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    divider,
    modal,
    option,
    section,
)
from handlers.blocks.lists import menu, note
from handlers.blocks.talk import chunks
from handlers.escape import escape, mention, short
from handlers.ids import ActionId, CallbackId
from handlers.values import Target

NAME = 80
ROOM = 240
WORDS = 900
MOST = 28
"""Lines of history that are shown; the export has all of them."""
_PEOPLE = re.compile(r"(?<![\w-])[UW][A-Z0-9]{5,}(?![\w-])")
LABELS = {since: words.history.SINCE.format(when=since) for since in Since}


def build_history(customer: Customer, entries: Sequence[HistoryEntry], clicks: int = 0) -> Message:
    """Who did what when, the newest first; the clicks that are left out as a number."""
    title = words.history.TITLE.format(name=short(customer.name, NAME))
    lines = [_entry(entry, customer) for entry in entries[:MOST]] or [words.details.NOTHING_YET]
    blocks = [section(f"*{title}*"), *chunks(lines)]
    if clicks:
        more = words.history.MORE.format(
            more=words.amounts.count(clicks, "click"), slug=escape(customer.slug)
        )
        blocks.append(context(more))
    return Message(title, (*blocks, actions(_opens(customer))))


def build_changes_answer(customer: Customer, changes: Changes) -> Message:
    """The same as the modal for whoever asked by a mention, which can open nothing."""
    text = f"{_title(customer, changes)}: {changes.summary}"
    blocks = [section(f"*{_title(customer, changes)}*"), *_changes(changes)]
    return Message(text, (*blocks, actions(_opens(customer))))


def build_changes(
    customer: Customer,
    changes: Changes,
    drawn: BurnDown,
    metadata: str,
    chosen: str = "",
    done: str = "",
) -> View:
    """What changed since the moment that is ``chosen`` in the menu, and how it went so far."""
    options = [option(label, since.value) for since, label in LABELS.items()]
    moments = menu(ActionId.CHANGES_SINCE, words.buttons.OTHER_MOMENT, options, chosen)
    blocks = [
        *note(done),
        section(f"*{_title(customer, changes)}*", accessory=moments),
        *_changes(changes),
        divider(),
        section(short(drawn.in_words, WORDS)),
        actions(
            button(ActionId.BURN_DOWN, words.buttons.SEND_PICTURE, Target(customer.id).encode())
        ),
    ]
    return modal(CallbackId.CHANGES, words.details.CHANGES_TITLE, blocks, metadata)


def _opens(customer: Customer) -> Block:
    return button(ActionId.CHANGES, words.buttons.WHAT_CHANGED, Target(customer.id).encode())


def _title(customer: Customer, changes: Changes) -> str:
    return f"{short(customer.name, NAME)} since {escape(changes.since)}"


def _changes(changes: Changes) -> list[Block]:
    lines = [f"• {short(one.sentence, ROOM)}" for one in changes.items]
    blocks = [section("\n".join(lines))] if lines else []
    return [*blocks, section(escape(changes.summary))]


def _entry(entry: HistoryEntry, customer: Customer) -> str:
    local = words.amounts.local_day(entry.at, customer.timezone)
    when = f"{local.day} {local:%b} {words.amounts.clock(entry.at, customer.timezone, entry.at)}"
    who = words.history.ME if entry.actor == "bot" else mention(entry.actor)
    detail = f": {_readable(short(entry.detail, ROOM))}" if entry.detail else ""
    action = words.history.ACTIONS.get(entry.action, entry.action)
    return f"{when} · {who} · {escape(action)}{detail}"


def _readable(detail: str) -> str:
    """Items and people by name: a line is stored with their ids, which neither ever loses."""
    return _PEOPLE.sub(lambda found: mention(found[0]), with_names(detail))
