"""QuickBooks Online's Accounting API as far as the requirements need it.

Reads are metered by Intuit, so there is no COUNT ahead of a list: pages of 1,000 ordered by Id are
read until a short one. A short page is believed by itself only where its length cannot well be a
page size that somebody lowered: after a longer page, or from 50 rows and not a multiple of five.
Otherwise, and for an empty page, one COUNT settles it.
"""

from collections.abc import Awaitable, Callable, Mapping

from integrations.decode import Row, as_row, as_rows, ident, number, text
from integrations.errors import BadAnswerError, IncompleteError
from integrations.http import Transport

LABEL = "QuickBooks"
PAGE = 1000
"""Rows to a page: the most that Intuit gives."""

_MINOR_VERSION = "75"
_ROUND = 5
_SMALL = 50
_MOST_PAGES = 500
_ALL_ROWS = "WHERE Active IN (true,false)"

Told = Callable[[str], Awaitable[None]]


class QboApi:
    """One company ("realm"), through one sign-in."""

    def __init__(self, transport: Transport, base_url: str, realm_id: str, tell: Told) -> None:
        self._transport = transport
        self._company = f"{base_url.rstrip('/')}/v3/company/{realm_id}"
        self._tell = tell
        self.realm_id = realm_id

    async def rows(self, entity: str, noun: str) -> list[Row]:
        """Every row of a list entity, active and inactive.

        Raises:
            IncompleteError: the pages do not add up.
            ReadError: a page could not be read.
        """
        found: list[Row] = []
        seen: set[str] = set()
        longest, count = 0, None
        for _ in range(_MOST_PAGES):
            page = await self._page(entity, len(found) + 1)
            ids = {ident(row, "Id", LABEL) for row in page}
            if len(ids) < len(page) or not seen.isdisjoint(ids):
                raise IncompleteError("QuickBooks sent some rows twice, so others may be missing.")
            seen |= ids
            found += page
            if count is None and _is_end(len(page), longest):
                return found
            if count is None and len(page) < PAGE:
                count = await self._count(entity)
            if count is not None and _adds_up(len(page), len(found), count):
                return found
            longest = max(longest, len(page))
            await self._tell(f"{noun}: {len(found):,} so far")
        raise IncompleteError("QuickBooks' list has no end.")

    async def company_info(self) -> Row:
        """The company's own record, which only somebody with access to it may read."""
        body = await self._get(f"companyinfo/{self.realm_id}", {})
        return as_row(body.get("CompanyInfo"))

    async def preferences(self) -> Row:
        """The company's preferences."""
        body = await self._get("preferences", {})
        return _inner(body, "Preferences")

    async def userinfo(self, url: str) -> Row:
        """OpenID Connect's userinfo about whoever owns the token."""
        answer = await self._transport.get(url, {})
        return as_row(answer.body)

    async def _page(self, entity: str, start: int) -> list[Row]:
        query = f"SELECT * FROM {entity} {_ALL_ROWS} ORDERBY Id"  # noqa: S608 - Our own words.
        body = await self._query(f"{query} STARTPOSITION {start} MAXRESULTS {PAGE}")
        # No entity key means no rows.
        page = as_rows(body.get(entity, []), LABEL)
        claimed = text(body, "maxResults")
        if page and claimed.isdigit() and int(claimed) != len(page):
            raise IncompleteError(
                f"QuickBooks says that a page has {claimed} rows but sent {len(page):,}."
            )
        return page

    async def _count(self, entity: str) -> int:
        body = await self._query(f"SELECT COUNT(*) FROM {entity} {_ALL_ROWS}")  # noqa: S608 - Same.
        if not text(body, "totalCount"):
            raise IncompleteError("QuickBooks doesn't say how many rows there are.")
        return int(number(body, "totalCount"))

    async def _query(self, query: str) -> Row:
        return _inner(await self._get("query", {"query": query}), "QueryResponse")

    async def _get(self, path: str, params: Mapping[str, str]) -> Row:
        url = f"{self._company}/{path}"
        answer = await self._transport.get(url, {**params, "minorversion": _MINOR_VERSION})
        return as_row(answer.body)


def _is_end(rows: int, longest: int) -> bool:
    """Whether a page of so many rows is the last beyond doubt, after pages of up to ``longest``."""
    if not rows or rows >= PAGE:
        return False
    return rows < longest or (rows >= _SMALL and rows % _ROUND != 0)


def _adds_up(in_page: int, so_far: int, count: int) -> bool:
    """Whether all ``count`` rows are there; False while more are to come."""
    if so_far > count or (not in_page and so_far < count):
        raise IncompleteError(f"QuickBooks says there are {count:,} rows but sent {so_far:,}.")
    return so_far == count


def _inner(body: Row, key: str) -> Row:
    found = body.get(key)
    if not isinstance(found, dict):
        raise BadAnswerError("QuickBooks sent an answer of an unknown shape.", again=True)
    return found
