"""Reading every page of a Procore list, believing only what adds up.

Procore's ``Total``, ``Per-Page`` and ``Link`` headers may be missing, ``per_page`` may be capped
below what was asked for, and some lists do not page at all. So: where ``Total`` is known, the
pages after the first are read side by side and the distinct ids must number ``Total``; where it is
not, pages are read one by one until a header or an empty page says that there are no more. Ids
that come twice mean that a page was repeated or the list moved meanwhile.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from integrations.decode import Row, as_rows, ident, mapped
from integrations.errors import IncompleteError
from integrations.http import Answer, together

T = TypeVar("T")

LABEL = "Procore"
_MOST_PAGES = 500
_ROUND = 5
_REL = re.compile(r'rel="?(\w+)"?')


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page: its records and their ids, and what the headers said (None where they did not)."""

    rows: Sequence[T]
    ids: Sequence[str]
    total: int | None = None
    per_page: int | None = None
    has_next: bool | None = None

    @property
    def is_silent(self) -> bool:
        """Whether no header said anything about paging."""
        return self.total is None and self.per_page is None and self.has_next is None


async def page_of(answer: Answer, make: Callable[[Row], T], key: str = "id") -> Page[T]:
    """The page in an answer; rows become records at once, because a raw vendor is heavy.

    Raises:
        BadAnswerError: the answer is not a list of rows with ids.
    """
    link = answer.headers.get("Link", "")
    found = as_rows(answer.body, LABEL)
    return Page(
        rows=await mapped(found, make),
        ids=[ident(row, key, LABEL) for row in found],
        total=_count(answer.headers, "Total"),
        per_page=_count(answer.headers, "Per-Page"),
        has_next="next" in _REL.findall(link) if link else None,
    )


Fetch = Callable[[int], Awaitable[Page[T]]]


async def read_pages(
    fetch: Fetch[T], *, expected: int | None = None, never_empty: bool = False
) -> list[T]:
    """All records of a list.

    Args:
        fetch: reads one page, counted from 1.
        expected: how many rows another endpoint promised; where that many come without any
            header, the server does not page this list.
        never_empty: an empty list is only believed where ``Total`` says so.

    Raises:
        IncompleteError: the pages do not add up.
        ReadError: a page could not be read.
    """
    first = await fetch(1)
    unpaged = expected is not None and first.is_silent and len(first.rows) >= expected
    pages = [first] if unpaged else [first, *await _following(fetch, first)]
    rows = [row for page in pages for row in page.rows]
    if not rows and never_empty and first.total is None:
        raise IncompleteError("Procore sent an empty list without saying that it is all there is.")
    if len({one for page in pages for one in page.ids}) != len(rows):
        raise IncompleteError("Procore sent some rows twice, so others may be missing.")
    _compare({page.total for page in pages if page.total is not None}, len(rows))
    return rows


def _compare(totals: set[int], arrived: int) -> None:
    if len(totals) > 1:
        raise IncompleteError("the list changed in Procore while I was reading it.")
    if totals and totals != {arrived}:
        raise IncompleteError(f"Procore says there are {totals.pop():,} rows but sent {arrived:,}.")


async def _following(fetch: Fetch[T], first: Page[T]) -> list[Page[T]]:
    if first.total is None:
        return await _walk(fetch, first)
    size = len(first.rows)
    if size >= first.total or not size:
        return []
    # By what came, not by what Per-Page claims: a server may cap pages without saying so.
    last = -(-first.total // size)
    if last > _MOST_PAGES:
        raise IncompleteError(f"Procore would need {last:,} pages to send this list.")
    return await together([fetch(number) for number in range(2, last + 1)])


async def _walk(fetch: Fetch[T], page: Page[T]) -> list[Page[T]]:
    """The pages after ``page``, up to the one that is the last by its headers or is empty."""
    found: list[Page[T]] = []
    while not _ends(page):
        number = len(found) + 2
        if number > _MOST_PAGES:
            raise IncompleteError("Procore's list has no end.")
        before, page = page, await fetch(number)
        if not page.rows and before.has_next:
            raise IncompleteError("Procore announced another page and then sent an empty one.")
        if page.ids and page.ids == before.ids:
            raise IncompleteError("Procore sent the same page again and again.")
        if not page.rows and len(before.rows) % _ROUND == 0:
            # A round number of rows looks like a full page, so the end is asked for twice.
            page = await fetch(number)
        found.append(page)
    return found


def _ends(page: Page[T]) -> bool:
    if page.has_next is not None:
        return not page.has_next
    if page.per_page is not None:
        return len(page.rows) < page.per_page
    return not page.rows


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "").strip()
    return int(value) if value.isdigit() else None
