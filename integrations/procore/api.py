"""Procore's REST API as far as the requirements need it.

Paths, parameters and shapes are from Procore's reference (2026). ``Procore-Company-Id`` goes with
every call, also where the company is in the path.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeVar

from integrations.decode import Row, as_row
from integrations.errors import BadAnswerError
from integrations.http import Answer, Transport
from integrations.procore.paging import Page, page_of, read_pages

PER_PAGE = 2000
"""Rows asked for at a time: the most that Procore's guide allows."""

VENDORS_PER_PAGE = 1000
"""Vendors in their full view are heavy: this many are some megabytes."""

T = TypeVar("T")

Told = Callable[[str], Awaitable[None]]


class ProcoreApi:
    """One company, through one login."""

    def __init__(self, transport: Transport, base_url: str, company_id: str, tell: Told) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")
        self._company = {"Procore-Company-Id": company_id}
        self._tell = tell
        self.company_id = company_id

    @property
    def in_company(self) -> str:
        """The path below which a company's own resources lie, without its version."""
        return f"companies/{self.company_id}"

    async def one(self, path: str, params: Mapping[str, str] | None = None) -> Row:
        """A single object.

        Raises:
            ReadError: it could not be read.
        """

        async def unpack(answer: Answer) -> Row:
            found = as_row(answer.body)
            if not found:
                raise BadAnswerError("Procore sent something other than an object.", again=True)
            return found

        return await self._transport.get(self._url(path), params or {}, unpack, self._company)

    async def all(
        self,
        path: str,
        make: Callable[[Row], T],
        params: Mapping[str, str] | None = None,
        *,
        key: str = "id",
        per_page: int = PER_PAGE,
        noun: str = "",
        expected: int | None = None,
        never_empty: bool = False,
    ) -> list[T]:
        """Every row of a list that pages, as ``make`` has it; ``noun`` names it in the progress.

        ``expected`` and ``never_empty`` are those of
        :func:`~integrations.procore.paging.read_pages`.
        """

        async def fetch(number: int) -> Page[T]:
            sent = {**(params or {}), "page": str(number), "per_page": str(per_page)}
            unpack = partial(page_of, make=make, key=key)
            page = await self._transport.get(
                self._url(path), sent, unpack, self._company, later=number > 1
            )
            if noun and number > 1:
                await self._tell(_progress(noun, number, page))
            return page

        return await read_pages(fetch, expected=expected, never_empty=never_empty)

    async def whole(self, path: str, params: Mapping[str, str] | None = None) -> list[Row]:
        """Every row of a list that is documented without paging.

        Should the server page it all the same, its headers say so and the rest is read.
        """
        url = self._url(path)

        async def fetch(number: int) -> Page[Row]:
            sent = {**(params or {}), **({"page": str(number)} if number > 1 else {})}
            page = await self._transport.get(
                url, sent, partial(page_of, make=_as_it_is), self._company
            )
            return Page(page.rows, page.ids, total=len(page.rows)) if page.is_silent else page

        return await read_pages(fetch)

    def _url(self, path: str) -> str:
        return f"{self._base_url}/rest/{path}"


def _as_it_is(row: Row) -> Row:
    return row


def _progress(noun: str, number: int, page: Page[T]) -> str:
    if page.total is None or not page.per_page:
        return f"{noun}: page {number}"
    return f"{noun}: page {number} of {-(-page.total // page.per_page)}"
