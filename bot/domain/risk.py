"""What the risks share: how one is declared, and how names are told apart as QuickBooks does."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import TypeVar

from bot.domain.compared import compare
from bot.domain.duplicates_finding import SHOWN
from bot.domain.facets import VENDORS
from bot.domain.findings import met, plural, unmet, unread
from bot.domain.model import (
    Check,
    CheckContext,
    Evidence,
    Facet,
    Failed,
    Finding,
    Grade,
    Present,
    Requirement,
    Role,
    Snapshot,
)
from bot.domain.records import Party
from bot.domain.reviewed import Reviewed, as_displayed

T = TypeVar("T")

ALL = "risks"
"""The item that stands for every risk where they are switched off and on."""


def risk(
    id: str,  # noqa: A002 - the field's own name.
    order: int,
    title: str,
    short: str,
    *,
    why: str,
    who: Role,
    steps: tuple[str, ...],
    needs: tuple[Facet[object], ...],
    check: Check,
    known_by: str,
) -> Requirement:
    """An advisory requirement: outside the gate, and nobody's word replaces looking."""
    return Requirement(
        id=f"risk-{id}",
        order=order,
        grade=Grade.ADVISORY,
        title=title,
        short=short,
        why=why,
        who=who,
        steps=steps,
        links=(),
        needs=needs,
        check=check,
        known_by=known_by,
        attestable=False,
    )


def is_on(item: str, switched_off: Container[str]) -> bool:
    """Whether a risk is looked at: switched off is what is waived, alone or with all of them."""
    return ALL not in switched_off and item not in switched_off


def missing(snapshot: Snapshot, needs: Iterable[Facet[object]]) -> Finding | None:
    """Unknown, because of the first of the facets that could not be read; None with all of them."""
    for facet in needs:
        read = snapshot.get(facet)
        if isinstance(read, Failed):
            return unread(read)
    return None


def value(snapshot: Snapshot, facet: Facet[T]) -> T:
    """What was read of a facet; :func:`missing` has said that it was."""
    read = snapshot.get(facet)
    assert isinstance(read, Present)
    return read.value


def companies(vendors: Iterable[Party]) -> list[Party]:
    """The Procore companies that OneCore may have to create in QuickBooks."""
    return [
        one for one in vendors if one.active and not one.own_company and not one.service_account
    ]


def by_name(parties: Iterable[Party]) -> Mapping[str, list[Party]]:
    """Records by name, whatever its case and spaces. Jobs share names with others in QuickBooks."""
    found: dict[str, list[Party]] = defaultdict(list)
    for one in parties:
        if one.name.strip() and not one.is_job:
            found[as_displayed(one.name)].append(one)
    return found


def judge_companies(
    snapshot: Snapshot,
    problem: Callable[[Party], str],
    fine: str,
    broken: str,
    remedy: str,
    *,
    scope: str = "",
) -> Finding:
    """Look at each Procore company on its own.

    ``problem`` says what is wrong with one, "" for nothing. ``fine`` is the sentence of a company
    in order, with ``{looked}`` where "12 Procore companies" stands; ``broken`` goes on after "2
    Procore companies have".
    """
    unread = missing(snapshot, (VENDORS,))
    if unread is not None:
        return unread
    looked = companies(value(snapshot, VENDORS))
    found = [
        Evidence(" ".join(one.name.split()), detail, ref=one.id)
        for one in looked
        if (detail := problem(one))
    ]
    if not found:
        number = plural(len(looked), "Procore company", "Procore companies")
        return met(fine.format(looked=number), scope=scope)
    have = plural(len(found), "Procore company has", "Procore companies have")
    return unmet(f'{have} {broken}, e.g. "{found[0].subject}"', remedy, found, scope=scope)


def merge_groups(
    snapshot: Snapshot, context: CheckContext, facet: Facet[tuple[Party, ...]]
) -> Sequence[Sequence[Party]] | Finding:
    """The records of each group that has to be merged; unknown where they could not be read."""
    unread = missing(snapshot, (facet,))
    if unread is not None:
        return unread
    parties = value(snapshot, facet)
    reviewed = context.reviewed.get(facet.system, Reviewed())
    groups = compare(parties, reviewed.apart(parties)).in_bands(*SHOWN)
    by_id = {party.id: party for party in parties}
    return [[by_id[one] for one in group.ids] for group in groups]


def blocked(parties: Iterable[Party]) -> list[Evidence]:
    """The records that something stands in the way of merging, and what it is."""
    return [
        Evidence(one.name, "; ".join(one.blockers), ref=one.id) for one in parties if one.blockers
    ]
