"""QuickBooks Online's Accounting API as far as the requirements need it.

Reads are metered by Intuit, so nothing is counted ahead: a first page of 1,000, ordered by Id, is
the whole list where its length cannot well be a page size that somebody lowered (from 50 rows, and
not a multiple of five). Otherwise one COUNT says how many there are: it lets the remaining pages
be read side by side, and proves afterwards that none is missing. Behind a full first page the
second is asked for along with the COUNT. So a list of n rows costs ``ceil(n / 1000)`` calls (one
for none), one more unless 50 <= n < 1000 and n is no multiple of five, and one more for n = 1000.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from integrations.decode import Row, as_row, as_rows, ident, mapped, number, text
from integrations.errors import BadAnswerError, IncompleteError
from integrations.http import Answer, Transport, Unpack, both, together
from integrations.limits import server_date

T = TypeVar("T")

LABEL = "QuickBooks"
PAGE = 1000
"""Rows to a page: the most that Intuit gives."""

MOST_CHANGES = 1000
"""Objects in one answer of change data capture, over all entities: then it was cut."""

_MINOR_VERSION = "75"
_FAULTS = ("Fault", "fault")
_ROUND = 5
_SMALL = 50
_MOST_PAGES = 500
_ALL_ROWS = "WHERE Active IN (true,false)"

Told = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A whole list by id; ``at`` is when its first page was answered, by QuickBooks' clock."""

    rows: dict[str, T]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, by entity: whole rows, and stubs with a ``status`` of what was deleted."""

    rows: Mapping[str, Sequence[Row]]
    at: datetime


class QboApi:
    """One company ("realm"), through one sign-in."""

    def __init__(self, transport: Transport, base_url: str, realm_id: str, tell: Told) -> None:
        self._transport = transport
        self._company = f"{base_url.rstrip('/')}/v3/company/{realm_id}"
        self._tell = tell
        self.realm_id = realm_id

    async def rows(self, entity: str, make: Callable[[Row], T], noun: str) -> Listing[T]:
        """Every row of a list entity, active and inactive, as ``make`` has it.

        Raises:
            IncompleteError: the pages do not add up.
            ReadError: a page could not be read.
        """
        first = await self._page(entity, 1, make)
        size = len(first.rows)
        if _is_all(size):
            return first

        async def following(start: int, count: int) -> Mapping[str, T]:
            page = await self._page(entity, start, make)
            await self._tell(f"{noun}: page {-(-start // size)} of {-(-count // size)}")
            return page.rows

        async def counted(begin: int) -> tuple[int, list[Mapping[str, T]]]:
            count = await self._count(entity)
            starts = range(begin, count + 1, size) if size else ()
            if len(starts) > _MOST_PAGES:
                detail = f"QuickBooks would need {len(starts):,} pages to send this list."
                raise IncompleteError(detail)
            return count, await together([following(start, count) for start in starts])

        second: Mapping[str, T] = {}
        if size == PAGE:
            # Behind a full page there is another one, unless the list has a thousand rows exactly.
            more, (count, others) = await both(
                self._page(entity, PAGE + 1, make), counted(2 * PAGE + 1)
            )
            second = more.rows
        else:
            count, others = await counted(size + 1)
        found = first.rows
        for page in (second, *others):
            found.update(page)
        if len(found) != count:
            raise IncompleteError(
                f"QuickBooks says there are {count:,} rows but sent {len(found):,}."
            )
        return first

    async def changes(self, entities: Sequence[str], since: datetime) -> Changes:
        """What changed in these entities since a moment within the last 30 days, in one call.

        Raises:
            IncompleteError: there may be more than the answer tells.
            ReadError: it could not be read.
        """

        async def unpack(answer: Answer) -> Changes:
            return _changes_of(answer, entities)

        asked = {
            "entities": ",".join(entities),
            "changedSince": since.isoformat(timespec="seconds"),
        }
        return await self._get("cdc", asked, unpack)

    async def company_info(self) -> Row:
        """The company's own record, which only somebody with access to it may read."""
        return await self._object(f"companyinfo/{self.realm_id}", {}, "CompanyInfo")

    async def preferences(self) -> Row:
        """The company's preferences."""
        return await self._object("preferences", {}, "Preferences")

    async def userinfo(self, url: str) -> Row:
        """OpenID Connect's userinfo about whoever owns the token."""

        async def unpack(answer: Answer) -> Row:
            return as_row(answer.body)

        return await self._transport.get(url, {}, unpack)

    async def _page(self, entity: str, start: int, make: Callable[[Row], T]) -> Listing[T]:
        """One page."""

        async def unpack(answer: Answer) -> Listing[T]:
            found = await _page_of(_inner(answer, "QueryResponse"), entity, make)
            return Listing(found, _answered_at(answer))

        query = f"SELECT * FROM {entity} {_ALL_ROWS} ORDERBY Id"  # noqa: S608 - Our own words.
        query = f"{query} STARTPOSITION {start} MAXRESULTS {PAGE}"
        return await self._get("query", {"query": query}, unpack, later=start > 1)

    async def _count(self, entity: str) -> int:
        query = f"SELECT COUNT(*) FROM {entity} {_ALL_ROWS}"  # noqa: S608 - Our own words.
        body = await self._object("query", {"query": query}, "QueryResponse")
        if not text(body, "totalCount"):
            raise IncompleteError("QuickBooks doesn't say how many rows there are.")
        return int(number(body, "totalCount"))

    async def _object(self, path: str, params: Mapping[str, str], key: str) -> Row:
        async def unpack(answer: Answer) -> Row:
            return _inner(answer, key)

        return await self._get(path, params, unpack)

    async def _get(
        self, path: str, params: Mapping[str, str], unpack: Unpack[T], *, later: bool = False
    ) -> T:
        sent = {**params, "minorversion": _MINOR_VERSION}
        return await self._transport.get(f"{self._company}/{path}", sent, unpack, later=later)


async def _page_of(body: Row, entity: str, make: Callable[[Row], T]) -> dict[str, T]:
    """The records of one page by id; no entity key means no rows."""
    page = as_rows(body.get(entity, []), LABEL)
    claimed = text(body, "maxResults")
    if page and claimed.isdigit() and int(claimed) != len(page):
        raise IncompleteError(
            f"QuickBooks says that a page has {claimed} rows but sent {len(page):,}."
        )
    ids = [ident(row, "Id", LABEL) for row in page]
    if len(set(ids)) != len(ids):
        raise IncompleteError("QuickBooks sent some rows twice, so others may be missing.")
    return dict(zip(ids, await mapped(page, make), strict=True))


def _is_all(rows: int) -> bool:
    """Whether a first page of so many rows is the whole list beyond doubt."""
    return _SMALL <= rows < PAGE and rows % _ROUND != 0


def _inner(answer: Answer, key: str) -> Row:
    found = as_row(answer.body).get(key)
    if not isinstance(found, dict):
        raise BadAnswerError("QuickBooks sent an answer of an unknown shape.", again=True)
    return found


def _answered_at(answer: Answer) -> datetime | None:
    """When QuickBooks answered, by its own clock."""
    try:
        found = datetime.fromisoformat(text(as_row(answer.body), "time"))
    except ValueError:
        return server_date(answer.headers)
    return found if found.tzinfo else None


def _changes_of(answer: Answer, entities: Sequence[str]) -> Changes:
    """The rows of ``CDCResponse``; an entity that did not change may be left out of it."""
    at = _answered_at(answer)
    found: dict[str, list[Row]] = {one: [] for one in entities}
    responses = as_rows(as_row(answer.body).get("CDCResponse"), LABEL)
    parts = [part for one in responses for part in as_rows(one.get("QueryResponse"), LABEL)]
    if at is None or not responses or any(key in part for part in parts for key in _FAULTS):
        raise BadAnswerError("QuickBooks sent an answer of an unknown shape.")
    for part in parts:
        told = [row for one in entities for row in as_rows(part.get(one, []), LABEL)]
        if number(part, "totalCount") > len(told):
            raise IncompleteError("QuickBooks tells of more changes than it sent.")
        for one in entities:
            found[one] += as_rows(part.get(one, []), LABEL)
    if sum(map(len, found.values())) >= MOST_CHANGES:
        raise IncompleteError("QuickBooks sent as many changes as it ever does.")
    return Changes(found, at)
