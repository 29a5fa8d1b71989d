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

from integrations.decode import Row, as_rows, ident
from integrations.errors import IncompleteError
from integrations.http import Answer, together

LABEL = "Procore"
_MOST_PAGES = 500
_REL = re.compile(r'rel="?(\w+)"?')


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, and what the headers said (None where they did not)."""

    rows: Sequence[Row]
    total: int | None = None
    per_page: int | None = None
    has_next: bool | None = None

    @classmethod
    def of(cls, answer: Answer) -> "Page":
        """The page in an answer.

        Raises:
            BadAnswerError: the answer is not a list.
        """
        link = answer.headers.get("Link", "")
        return cls(
            rows=as_rows(answer.body, LABEL),
            total=_count(answer.headers, "Total"),
            per_page=_count(answer.headers, "Per-Page"),
            has_next="next" in _REL.findall(link) if link else None,
        )


Fetch = Callable[[int], Awaitable[Page]]


async def read_pages(fetch: Fetch, key: str = "id") -> list[Row]:
    """All rows of a list.

    Args:
        fetch: reads one page, counted from 1.
        key: what tells rows apart.

    Raises:
        IncompleteError: the pages do not add up.
        ReadError: a page could not be read.
    """
    first = await fetch(1)
    pages = [first, *await _following(fetch, first)]
    totals = {page.total for page in pages if page.total is not None}
    rows = [row for page in pages for row in page.rows]
    distinct = {ident(row, key, LABEL) for row in rows}
    if len(distinct) != len(rows):
        raise IncompleteError("Procore sent some rows twice, so others may be missing.")
    if len(totals) > 1:
        raise IncompleteError("the list changed in Procore while I was reading it.")
    if totals and totals != {len(rows)}:
        raise IncompleteError(
            f"Procore says there are {totals.pop():,} rows but sent {len(rows):,}."
        )
    return rows


async def _following(fetch: Fetch, first: Page) -> list[Page]:
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


async def _walk(fetch: Fetch, page: Page) -> list[Page]:
    found: list[Page] = []
    while not _ends(page):
        if len(found) >= _MOST_PAGES:
            raise IncompleteError("Procore's list has no end.")
        promised = page.has_next
        page = await fetch(len(found) + 2)
        if promised and not page.rows:
            raise IncompleteError("Procore announced another page and then sent an empty one.")
        if found and page.rows == found[-1].rows:
            raise IncompleteError("Procore sent the same page again and again.")
        found.append(page)
    return found


def _ends(page: Page) -> bool:
    if page.has_next is not None:
        return not page.has_next
    if page.per_page is not None:
        return len(page.rows) < page.per_page
    return not page.rows


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "").strip()
    return int(value) if value.isdigit() else None
