"""Pages, sorting and the filters that lists share."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from integrations.sandbox.direct import encoded, in_json, listed
from integrations.sandbox.faults import FaultKind
from integrations.sandbox.procore.call import Call
from integrations.sandbox.procore.errors import bad_request

_T = TypeVar("_T")


def paged(
    call: Call,
    resource: str,
    rows: list[_T],
    render: Callable[[_T], Any],
    *,
    off: bool = False,
    shape: str = "",
) -> Response:
    """One page of ``rows``, with Procore's paging headers.

    Args:
        call: The request; ``page`` counts from 1.
        resource: The name under which a world may cap the rows per page.
        rows: All rows, in order.
        render: Makes the JSON of one row.
        off: Answer everything, as lists that ignore paging do.
        shape: The name under which written rows are kept until the company changes; "" for rows
            that say more than the company's own records do.

    Raises:
        ApiError: 400 for a page that is no number.
    """
    if off:
        call.note(rows=len(rows))
        return _in_json(call, rows, render, shape)
    page, size = _asked(call, resource)
    kind = call.fault.kind if call.fault else None
    if kind is FaultKind.PAGE_CAP and call.fault is not None:
        size = min(size, call.fault.rows or 1)
    shown = 1 if kind is FaultKind.REPEAT_PAGE else page
    some = [] if kind is FaultKind.EMPTY_PAGE else rows[(shown - 1) * size : shown * size]
    call.note(rows=len(some))
    response = _in_json(call, some, render, shape)
    if call.store.company.settings.totals:
        response.headers["Total"] = str(len(rows))
        response.headers["Per-Page"] = str(size)
        response.headers["Link"] = _links(call, page, size, -(-len(rows) // size))
    return response


def _in_json(call: Call, rows: list[_T], render: Callable[[_T], Any], shape: str) -> Response:
    if not shape:
        return JSONResponse([render(one) for one in rows])
    texts = call.store.texts(shape)
    written = []
    for one in rows:
        key: int = one.id  # type: ignore[attr-defined]  # Whatever has a shape has an id.
        text = texts.get(key)
        if text is None:
            text = texts[key] = encoded(render(one))
        written.append(text)
    return in_json(listed(written))


def _asked(call: Call, resource: str) -> tuple[int, int]:
    settings = call.store.company.settings.per_page
    most = min(settings.max, settings.caps.get(resource, settings.max))
    page = _positive(call, "page", 1)
    return page, min(_positive(call, "per_page", min(settings.default, most)), most)


def _positive(call: Call, name: str, otherwise: int) -> int:
    text = call.param(name)
    if text is None:
        return otherwise
    if not text.isdecimal() or int(text) < 1:
        msg = f"{name} has to be a positive whole number"
        raise bad_request(msg)
    return int(text)


def _links(call: Call, page: int, size: int, last: int) -> str:
    kept = [
        (key, value)
        for key, value in call.request.query_params.multi_items()
        if key not in {"page", "per_page"}
    ]
    if last <= page <= 1:
        return ""
    base = str(call.request.url.replace(query=""))

    def link(number: int, rel: str) -> str:
        query = urlencode([*kept, ("page", str(number)), ("per_page", str(size))])
        return f'<{base}?{query}>; rel="{rel}"'

    links = []
    if page > 1:
        links += [link(1, "first"), link(page - 1, "prev")]
    if page < last:
        links += [link(last, "last"), link(page + 1, "next")]
    return ", ".join(links)


def truth(call: Call, name: str) -> bool | None:
    """A true/false query parameter, None where it is not there."""
    text = call.param(name)
    return None if text is None else text.lower() in {"true", "1"}


def in_order(call: Call, rows: list[_T], keys: dict[str, Callable[[_T], str]]) -> list[_T]:
    """``rows`` by ``sort=name`` or ``sort=-name``, for the names that the list knows."""
    text = call.param("sort") or ""
    key = keys.get(text.removeprefix("-"))
    if key is None:
        return rows
    down = text.startswith("-") or call.param("direction") == "desc"
    return sorted(rows, key=lambda one: key(one).casefold(), reverse=down)


def searched(call: Call, texts: Iterable[str | None]) -> bool:
    """Whether ``filters[search]`` is in any of ``texts``; no filter finds everything."""
    for wanted in call.filters("search"):
        if not any(text and wanted.casefold() in text.casefold() for text in texts):
            return False
    return True


def in_span(call: Call, name: str, moment: datetime) -> bool:
    """Whether ``moment`` is in ``filters[name]=A...B`` (ISO 8601; one date is that day).

    Raises:
        ApiError: 400 for what is no date.
    """
    for text in call.filters(name):
        start, dots, end = text.partition("...")
        first = _moment(start, moment, name)
        last = _moment(end, moment, name) if dots else first
        if len(end or start) <= len("2026-01-01"):
            last = last.replace(hour=23, minute=59, second=59)
        if not first <= moment <= last:
            return False
    return True


def _moment(text: str, like: datetime, name: str) -> datetime:
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        msg = f"filters[{name}] has to be a date or A...B"
        raise bad_request(msg) from None
    return made if made.tzinfo else made.replace(tzinfo=like.tzinfo)
