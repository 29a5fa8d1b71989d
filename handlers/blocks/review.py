"""The modal in which people review duplicates."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.matching.duplicates import Band, DuplicateGroup
from bot.domain.records import Party
from bot.services.duplicates import DuplicatesView, group_key, why_keep
from handlers import words
from handlers.blocks.base import Block, View, actions, button, divider, modal, option, section
from handlers.blocks.lists import menu, note, pager, shown
from handlers.escape import short
from handlers.ids import ActionId, CallbackId
from handlers.values import ListState

GROUPS = 8
RECORDS = 12
TITLE = "Review duplicates"
POSSIBLE = "possible"
LIKELY = "likely"
NAME = 90
FACTS = 120
REASON = 240
BANDS = {Band.SURE: "🟠 Sure", Band.LIKELY: "🟡 Likely", Band.POSSIBLE: "⚪ Possible"}


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The groups that one page shows."""

    state: ListState
    groups: tuple[DuplicateGroup, ...]
    total: int
    pages: int


def groups_of(view: DuplicatesView, state: ListState) -> GroupPage:
    """The page that ``state`` means; a page too far is the last one."""
    groups = view.in_bands(possible=state.only == POSSIBLE)
    pages = max(1, math.ceil(len(groups) / GROUPS))
    page = min(max(state.page, 1), pages)
    first = (page - 1) * GROUPS
    some = groups[first : first + GROUPS]
    return GroupPage(replace(state, page=page), some, len(groups), pages)


def build_review(view: DuplicatesView, page: GroupPage, metadata: str, done: str = "") -> View:
    """Groups with reasons, the record to keep, what blocks the merge, *Not a duplicate*."""
    kind = view.side.kind
    intro = (
        f"*{words.count(page.total, 'group')} of {kind.many} in {kind.system} that look alike*\n"
        f"Merge them in {kind.system}; a merge can't be undone, so look twice. I change nothing."
    )
    blocks = [*note(done), section(intro), _tools(page.state), divider()]
    for group in page.groups:
        blocks.extend(_group(view, group))
    if page.groups:
        first = (page.state.page - 1) * GROUPS
        blocks.append(shown(first, len(page.groups), page.total, "Groups"))
    else:
        blocks.append(section("✅ Nothing is left to review here."))
    blocks.extend(pager(page.state.page, page.pages))
    return modal(CallbackId.REVIEW, TITLE, blocks, metadata)


def _tools(state: ListState) -> Block:
    options = [option("Sure and likely", LIKELY), option("Possible ones too", POSSIBLE)]
    return actions(
        menu(ActionId.LIST_ONLY, "Which groups", options, state.only or LIKELY),
        button(ActionId.LIST_EXPORT, "Export the merge worksheet", "all"),
    )


def _group(view: DuplicatesView, group: DuplicateGroup) -> list[Block]:
    members = [view.parties[one] for one in group.ids]
    key = group_key(group)
    lines = [f"*{BANDS[group.band]}: {words.count(len(members), 'record')}*"]
    lines += [short(reason, REASON) for reason in group.reasons[:2]]
    lines += [_member(group, one) for one in _first_kept(group, members)[:RECORDS]]
    if len(members) > RECORDS:
        lines.append(f"… and {len(members) - RECORDS:,} more, in the worksheet")
    lines.append(f"Keep: {short(view.parties[group.keep].name, NAME)}, {why_keep(view, group)}")
    lines += [f"⛔ {short(text, REASON)}" for text in _blockers(members)]
    keep = [option(f"Keep {one.name[:50]} (id {one.id})", f"{key}:{one.id}") for one in members]
    row = actions(
        button(ActionId.NOT_DUPLICATE, "Not a duplicate", key),
        menu(ActionId.KEEP, "Keep this one instead", keep),
    )
    return [section("\n".join(lines)), row]


def _first_kept(group: DuplicateGroup, members: Sequence[Party]) -> list[Party]:
    return sorted(members, key=lambda one: (one.id != group.keep, one.name.casefold(), one.id))


def _member(group: DuplicateGroup, one: Party) -> str:
    place = " ".join(part for part in (one.address.city, one.address.state) if part)
    known = [one.tax_id, *one.emails[:1], *one.phones[:1], place, f"id {one.id}"]
    facts = " · ".join(part for part in known if part)
    kept = " · *keep*" if one.id == group.keep else ""
    return f"• {short(one.name, NAME)} · {short(facts, FACTS)}{kept}"


def _blockers(members: Sequence[Party]) -> list[str]:
    return [f"{one.name}: {text}" for one in members for text in one.blockers][:3]
