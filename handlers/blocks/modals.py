"""The modals that explain one item: its evidence by pages, and how to put it right."""

import math
from collections.abc import Sequence

from bot import words
from bot.domain.model import Evidence, Status, SupportIdentity
from handlers.blocks.base import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    modal,
    pager,
    section,
    shown,
)
from handlers.blocks.card import may_attest
from handlers.blocks.lists import note
from handlers.escape import escape, link, short
from handlers.ids import ActionId, CallbackId
from handlers.naming import title

ROWS = 15
"""Rows of evidence a page."""
SUBJECT = 200
DETAIL = 400
STEP = 600


def build_details(
    status: Status, support: SupportIdentity, metadata: str, page: int = 1, done: str = ""
) -> View:
    """What a finding rests on, fifteen rows a page; a page too far is the last one."""
    finding = status.finding
    rows = finding.evidence if finding is not None else ()
    pages = max(1, math.ceil(len(rows) / ROWS))
    page = min(max(page, 1), pages)
    blocks = [*note(done), section(f"*{words.states.state(status)}:* {title(status, support)}")]
    if finding is not None:
        blocks.append(section(short(finding.summary, STEP)))
        if finding.scope:
            blocks.append(context(short(finding.scope, DETAIL)))
    blocks.append(divider())
    first = (page - 1) * ROWS
    blocks.extend(_rows(rows[first : first + ROWS]))
    if rows:
        blocks.append(shown(first, len(rows[first : first + ROWS]), len(rows), "Rows"))
        blocks.append(actions(button(ActionId.EXPORT, words.buttons.EXPORT, str(page))))
    else:
        blocks.append(section(words.details.NO_MORE_ROWS))
    blocks.extend(pager(page, pages, ActionId.PREVIOUS, ActionId.NEXT))
    return modal(CallbackId.DETAILS, "Details", blocks, metadata)


def _rows(rows: Sequence[Evidence]) -> list[Block]:
    """A heading whenever the group changes, then the rows of it."""
    blocks: list[Block] = []
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            blocks.append(section(f"*{short(group, SUBJECT)}*"))
        detail = f"\n{short(row.detail, DETAIL)}" if row.detail else ""
        blocks.append(section(f"• {short(row.subject, SUBJECT) or words.states.NO_NAME}{detail}"))
    return blocks


def build_how_to_fix(
    status: Status, support: SupportIdentity, metadata: str, note: str = ""
) -> View:
    """Why it matters, who can do it, the steps, the guide's pages, how we know; a note first."""
    item = status.requirement
    blocks = [context(note)] if note else []
    blocks.append(section(f"*{words.states.state(status)}:* {title(status, support)}"))
    finding = status.finding
    if finding is not None:
        found = [short(finding.summary, STEP)]
        if finding.remedy and status.is_open:
            found.append(f"*Next:* {short(finding.remedy, STEP)}")
        blocks.append(section("\n".join(found)))
    blocks.append(
        section(words.details.WHY_IT_MATTERS.format(why=_filled(status, item.why, support)))
    )
    steps = [f"{n}. {_filled(status, one, support)}" for n, one in enumerate(item.steps, start=1)]
    blocks.append(
        section("\n".join([words.details.STEPS.format(who=escape(item.who.value)), *steps]))
    )
    pages = [link(item.filled(one.url, support), one.text) for one in item.links]
    if pages:
        blocks.append(section(f"📖 {' · '.join(pages)}"))
    blocks.append(
        context(words.details.HOW_KNOWN.format(known=_filled(status, item.known_by, support)))
    )
    buttons = [button(ActionId.FORM_RECHECK, words.buttons.RECHECK, item.id)]
    if may_attest(status):
        buttons.append(button(ActionId.FORM_DONE, words.buttons.DONE, item.id))
    blocks.append(actions(*buttons))
    return modal(CallbackId.HOW_TO_FIX, words.buttons.HOW_TO_FIX, blocks, metadata)


def _filled(status: Status, text: str, support: SupportIdentity) -> str:
    return short(status.requirement.filled(text, support), STEP)
