"""What the risks share: how one is declared, and how names are told apart as QuickBooks does."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import TypeVar

from bot.domain.findings import unread
from bot.domain.model import (
    Check,
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
from bot.domain.reviewed import as_displayed

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
