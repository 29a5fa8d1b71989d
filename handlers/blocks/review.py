"""The modal in which people review duplicates."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import words
from bot.domain.matching.duplicates import Band, DuplicateGroup
from bot.domain.merge_plan import merge_steps, record_url
from bot.domain.records import Party
from bot.services.duplicates import DuplicatesView, SaidApart, group_key, why_keep
from handlers.blocks.base import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    modal,
    option,
    section,
    shown,
)
from handlers.blocks.lists import list_pager, menu, note
from handlers.escape import link, mention, short
from handlers.ids import ActionId, CallbackId
from handlers.values import ListState

GROUPS = 8
ACTS = 20
RECORDS = 12
TITLE = words.review.TITLE
POSSIBLE = "possible"
LIKELY = "likely"
APART = "different"
NAME = 90
FACTS = 120
REASON = 240
STEPS = 6
BANDS = {Band.SURE: "🟠 Sure", Band.LIKELY: "🟡 Likely", Band.POSSIBLE: "⚪ Possible"}


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What one page shows: groups, or what people called different."""

    state: ListState
    rows: tuple[DuplicateGroup, ...] | tuple[SaidApart, ...]
    total: int
    pages: int


def page_of(view: DuplicatesView, state: ListState) -> ReviewPage:
    """The page that ``state`` means; a page too far is the last one."""
    apart = state.only == APART
    rows = view.apart if apart else view.in_bands(possible=state.only == POSSIBLE)
    size = ACTS if apart else GROUPS
    pages = max(1, math.ceil(len(rows) / size))
    page = min(max(state.page, 1), pages)
    first = (page - 1) * size
    return ReviewPage(replace(state, page=page), rows[first : first + size], len(rows), pages)


def build_review(
    view: DuplicatesView, page: ReviewPage, metadata: str, timezone: str, done: str = ""
) -> View:
    """Groups with reasons, the record to keep, what blocks the merge, *Not a duplicate*.

    Or, on request, what people called different, each with *Ask again*.
    """
    what, first = "Groups", (page.state.page - 1) * GROUPS
    if page.state.only == APART:
        what, first = "Answers", (page.state.page - 1) * ACTS
    blocks = [*note(done), section(_intro(view, page)), _tools(view, page.state), divider()]
    for row in page.rows:
        if isinstance(row, SaidApart):
            blocks.append(_said(view, row, timezone))
        else:
            blocks.extend(_group(view, row))
    if page.rows:
        blocks.append(shown(first, len(page.rows), page.total, what))
    else:
        blocks.append(section(words.review.ALL_REVIEWED))
    blocks.extend(list_pager(page.state.page, page.pages))
    return modal(CallbackId.REVIEW, TITLE, blocks, metadata)


def _intro(view: DuplicatesView, page: ReviewPage) -> str:
    many, system = view.kind.many, view.kind.system.label
    if page.state.only == APART:
        return words.review.DIFFERENT.format(records=many, system=system)
    if not page.total:
        return words.review.NONE_ALIKE.format(records=many, system=system)
    return words.review.ALIKE.format(
        groups=words.amounts.count(page.total, "group"), records=many, system=system
    )


def _tools(view: DuplicatesView, state: ListState) -> Block:
    options = [option(words.review.SURE, LIKELY), option(words.review.POSSIBLE, POSSIBLE)]
    if view.apart or state.only == APART:
        options.append(option(words.review.SAID_DIFFERENT.format(number=len(view.apart)), APART))
    return actions(
        menu(ActionId.LIST_ONLY, words.review.WHICH_GROUPS, options, state.only or LIKELY),
        button(ActionId.LIST_EXPORT, words.review.WORKSHEET, "all"),
    )


def _said(view: DuplicatesView, said: SaidApart, timezone: str) -> Block:
    names = [f"• {short(name, NAME)} · id {one}" for one, name in view.names(said.ids).items()]
    more = (
        [words.review.MORE_PROBLEMS.format(more=len(names) - RECORDS)]
        if len(names) > RECORDS
        else []
    )
    day = words.amounts.full_day(words.amounts.local_day(said.at, timezone))
    lines = [words.review.SAID_BY.format(who=mention(said.by), day=day), *names[:RECORDS], *more]
    again = button(ActionId.ASK_AGAIN, words.review.ASK_AGAIN, said.key)
    return section("\n".join(lines), accessory=again)


def _group(view: DuplicatesView, group: DuplicateGroup) -> list[Block]:
    members = [view.parties[one] for one in group.ids]
    key = group_key(group)
    lines = [f"*{BANDS[group.band]}: {words.amounts.count(len(members), 'record')}*"]
    lines += [short(reason, REASON) for reason in group.reasons[:2]]
    lines += [_member(view, group, one) for one in _first_kept(group, members)[:RECORDS]]
    if len(members) > RECORDS:
        lines.append(words.review.MORE_IN_WORKSHEET.format(more=len(members) - RECORDS))
    lines.append(f"Keep: {short(view.parties[group.keep].name, NAME)}, {why_keep(view, group)}")
    lines += [f"⛔ {short(text, REASON)}" for text in _blockers(members)]
    plan = context(_steps(view, group))
    keep = [
        option(words.review.KEEP.format(name=one.name[:50], id=one.id), f"{key}:{one.id}")
        for one in members
    ]
    if group.keep in view.kept:
        keep.insert(0, option(words.review.TAKE_BACK, f"{key}:"))
    row = actions(
        button(ActionId.NOT_DUPLICATE, words.review.NOT_A_DUPLICATE, key),
        menu(ActionId.KEEP, words.review.KEEP_THIS, keep),
    )
    return [section("\n".join(lines)), plan, row]


def _first_kept(group: DuplicateGroup, members: Sequence[Party]) -> list[Party]:
    return sorted(members, key=lambda one: (one.id != group.keep, one.name.casefold(), one.id))


def _member(view: DuplicatesView, group: DuplicateGroup, one: Party) -> str:
    place = " ".join(part for part in (one.address.city, one.address.state) if part)
    known = [one.tax_id, *one.emails[:1], *one.phones[:1], place]
    facts = " · ".join(part for part in known if part)
    kept = " · *keep*" if one.id == group.keep else ""
    record = link(record_url(view.kind.system, one), f"id {one.id}")
    told = " · ".join(part for part in (short(one.name, NAME), short(facts, FACTS), record) if part)
    return f"• {told}{kept}"


def _steps(view: DuplicatesView, group: DuplicateGroup) -> str:
    """The merge, step by step; the worksheet has those that do not fit."""
    others = [view.parties[one] for one in group.ids if one != group.keep]
    steps = merge_steps(view.kind.system, view.parties[group.keep], others)
    lines = [f"{n}. {short(step, REASON)}" for n, step in enumerate(steps[:STEPS], start=1)]
    more = (
        [words.review.MORE_IN_WORKSHEET.format(more=len(steps) - STEPS)]
        if len(steps) > STEPS
        else []
    )
    return "\n".join([*lines, *more])


def _blockers(members: Sequence[Party]) -> list[str]:
    return [f"{one.name}: {text}" for one in members for text in one.blockers][:3]
