"""The Accounting API: query, read by id, company info, preferences, change data, batch."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox.direct import encoded, in_json, listed
from integrations.sandbox.faults import FaultKind
from integrations.sandbox.qbo import shapes
from integrations.sandbox.qbo.errors import ApiFaultError, GatewayFaultError
from integrations.sandbox.qbo.gate import Call, Gate
from integrations.sandbox.qbo.query import Query, QueryError, parse, select
from integrations.sandbox.qbo.store import QboStore, Rendered
from integrations.sandbox.world.live import LiveWorld

HELD = ("Account", "Item", "Customer", "Vendor", "Employee")
# Entities that real companies have and worlds do not: a query for them finds nothing.
_EMPTY = frozenset(
    """Bill BillPayment Budget Class CompanyCurrency CreditMemo Department Deposit Estimate
    Invoice JournalEntry Payment PaymentMethod Purchase PurchaseOrder RefundReceipt SalesReceipt
    TaxAgency TaxCode TaxRate Term TimeActivity Transfer VendorCredit""".split(),  # noqa: SIM905
)
_ENTITIES = {name.lower(): name for name in (*HELD, "CompanyInfo", "Preferences", *_EMPTY)}
_COMMON = frozenset({"Id", "Active", "MetaData.CreateTime", "MetaData.LastUpdatedTime"})
_PERSON = {
    "DisplayName",
    "GivenName",
    "FamilyName",
    "CompanyName",
    "PrintOnCheckName",
    "Balance",
    "PrimaryEmailAddr",
}
_KNOWN: dict[str, frozenset[str]] = {
    "Account": _COMMON
    | {
        "Name",
        "FullyQualifiedName",
        "AccountType",
        "AccountSubType",
        "Classification",
        "SubAccount",
        "Description",
        "CurrentBalance",
    },
    "Item": _COMMON
    | {"Name", "FullyQualifiedName", "Type", "Sku", "Description", "UnitPrice", "SubItem"},
    "Customer": _COMMON | _PERSON | {"FullyQualifiedName", "Job", "IsProject", "Notes"},
    "Vendor": _COMMON | _PERSON | {"Vendor1099"},
    "Employee": _COMMON | _PERSON,
}
_MOST_BATCH = 30
_MOST_CHANGES = 1_000
_CHANGES_REACH = timedelta(days=30)
_MOST_SEARCHES = 16

Handler = Callable[[Call], Awaitable[dict[str, Any]]]


class Api:
    """The endpoints below ``/v3/company/{realm}``."""

    def __init__(self, live: LiveWorld) -> None:
        self._live = live
        self._gate = Gate(live)

    def routes(self) -> list[Route]:
        """Where they are; the last takes any entity."""
        base = "/v3/company/{realm}"
        return [
            Route(f"{base}/query", self._answering(self._query), methods=["GET", "POST"]),
            Route(f"{base}/companyinfo/{{id}}", self._endpoint(self._company), methods=["GET"]),
            Route(f"{base}/preferences", self._endpoint(self._preferences), methods=["GET"]),
            Route(f"{base}/cdc", self._endpoint(self._changes), methods=["GET"]),
            Route(f"{base}/batch", self._endpoint(self._batch), methods=["POST"]),
            Route(f"{base}/{{entity}}/{{id}}", self._endpoint(self._read), methods=["GET"]),
        ]

    def _endpoint(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(call: Call) -> Response:
            return JSONResponse({**await handler(call), "time": self._now()})

        return self._answering(answer)

    def _answering(
        self, answer: Callable[[Call], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                response = await answer(self._gate.enter(request))
            except ApiFaultError as fault:
                response = fault.response(self._now())
            except GatewayFaultError as fault:
                response = fault.response(int(self._live.clock.timestamp() * 1000))
            response.headers["intuit_tid"] = f"1-{secrets.token_hex(4)}-{secrets.token_hex(12)}"
            return response

        return endpoint

    def _now(self) -> str:
        moment = self._live.clock.now().astimezone(shapes.PACIFIC)
        return moment.isoformat(timespec="milliseconds")

    # -- handlers -------------------------------------------------------------------------

    async def _query(self, call: Call) -> Response:
        text = call.request.query_params.get("query")
        if call.request.method == "POST":
            text = (await call.request.body()).decode("utf-8", "replace") or text
        if not text:
            raise ApiFaultError("4000", "QueryParserError: there is no query")
        body = _page_in_json(call, run_query(call, text))
        return in_json(b'{"QueryResponse":%b,"time":%b}' % (body, encoded(self._now())))

    async def _company(self, call: Call) -> dict[str, Any]:
        call.note(rows=1)
        return {"CompanyInfo": shapes.company_info(call.store)}

    async def _preferences(self, call: Call) -> dict[str, Any]:
        call.note(rows=1)
        return {"Preferences": shapes.preferences(call.store)}

    async def _read(self, call: Call) -> dict[str, Any]:
        named, record_id = (call.request.path_params[key] for key in ("entity", "id"))
        entity = next((one for one in HELD if one.lower() == named.lower()), None)
        if entity is None:
            raise ApiFaultError("500", f"Operation {named} is not supported.")
        if not record_id.isdecimal():
            detail = f"Id should be a valid number. Supplied value:{record_id}"
            raise ApiFaultError("2030", detail, element="Id")
        record = call.store.rows(entity).get(record_id)
        if record is None:
            detail = "Object Not Found : Something you're trying to use has been made inactive."
            raise ApiFaultError("610", detail)
        call.note(rows=1)
        return {entity: shapes.render(call.store, entity, record)}

    async def _changes(self, call: Call) -> dict[str, Any]:
        asked = call.request.query_params
        since = _moment(asked.get("changedSince", ""))
        if since is None or self._live.clock.now() - since > _CHANGES_REACH:
            raise ApiFaultError("2040", "changedSince has to be a time within the last 30 days")
        answers = []
        rows = 0
        for entity in asked.get("entities", "").split(","):
            name = _entity(entity.strip())
            changed = changes(call.store, name, since)[:_MOST_CHANGES]
            rows += len(changed)
            page = {"startPosition": 1, "maxResults": len(changed)}
            answers.append({name: changed, **page} if changed else {})
        call.note(rows=rows)
        return {"CDCResponse": [{"QueryResponse": answers}]}

    async def _batch(self, call: Call) -> dict[str, Any]:
        try:
            posted = await call.request.json()
            items = posted["BatchItemRequest"]
        except (ValueError, TypeError, KeyError):
            raise ApiFaultError("2010", "BatchItemRequest is missing") from None
        if len(items) > _MOST_BATCH:
            detail = f"A batch holds at most {_MOST_BATCH} items; this one has {len(items)}"
            raise ApiFaultError("1040", detail)
        self._gate.batch(call, len(items))
        return {"BatchItemResponse": [_batch_item(call, item) for item in items]}


def _page_in_json(call: Call, page: dict[str, Any]) -> bytes:
    """A ``QueryResponse`` as JSON; rows that were sent before are not written again."""
    entity = next(iter(page), "")
    if entity not in HELD:
        return encoded(page)
    texts = _rendered(call.store, entity).texts
    rows = []
    for row in page[entity]:
        text = texts.get(row["Id"])
        if text is None:
            text = texts[row["Id"]] = encoded(row)
        rows.append(text)
    rest = encoded({key: value for key, value in page.items() if key != entity})
    return b'{"%b":%b,%b' % (entity.encode(), listed(rows), rest[1:])


def _batch_item(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"bId": item.get("bId")}
    text = item.get("Query")
    if not isinstance(text, str):
        fault = ApiFaultError("500", "This batch operation is not supported.")
        return {**answer, "Fault": fault.body}
    try:
        answer["QueryResponse"] = run_query(call, text)
    except ApiFaultError as fault:
        answer["Fault"] = fault.body
    return answer


def run_query(call: Call, text: str) -> dict[str, Any]:
    """The ``QueryResponse`` for a query; an empty page has no keys at all.

    Raises:
        ApiFaultError: 4000 or 4001.
    """
    try:
        query = parse(text)
        entity = _entity(query.entity)
        found = _search(call.store, entity, query)
    except QueryError as error:
        raise ApiFaultError(error.code, error.detail) from error
    before = getattr(call.request.state, "note", {}).get("rows", 0)
    if query.count:
        call.note(rows=before)
        return {"totalCount": len(found)}
    start, most = query.start, query.most
    kind = call.fault.kind if call.fault else None
    if kind is FaultKind.PAGE_CAP and call.fault is not None:
        most = min(most, call.fault.rows or 1)
    if kind is FaultKind.REPEAT_PAGE:
        start = 1
    page = [] if kind is FaultKind.EMPTY_PAGE else found[start - 1 : start - 1 + most]
    call.note(rows=before + len(page))
    if not page:
        return {}
    return {entity: page, "startPosition": query.start, "maxResults": len(page)}


def _search(store: QboStore, entity: str, query: Query) -> list[dict[str, Any]]:
    if entity == "CompanyInfo":
        return [shapes.company_info(store)]
    if entity == "Preferences":
        return [shapes.preferences(store)]
    if entity not in HELD:
        return []
    kept = _rendered(store, entity)
    # The pages of one list, and its count, are searched for once.
    asked = replace(query, count=False, start=1, most=1)
    found = kept.found.get(asked)
    if found is None:
        if len(kept.found) >= _MOST_SEARCHES:
            kept.found.clear()
        found = kept.found[asked] = select(query, kept.rows, _KNOWN[entity])
    return found


def _entity(name: str) -> str:
    """The entity of this name in its own spelling; any case is understood.

    Clients in wide use write ``from account`` (node-quickbooks), and find ``Account`` answered.

    Raises:
        ApiFaultError: 4001, as Intuit words it.
    """
    entity = _ENTITIES.get(name.lower())
    if entity is None:
        detail = f"QueryValidationError: invalid context declaration: {name}"
        raise ApiFaultError("4001", detail)
    return entity


def _rendered(store: QboStore, entity: str) -> Rendered:
    if entity not in store.rendered:
        rows = store.rows(entity).values()
        store.rendered[entity] = Rendered([shapes.render(store, entity, one) for one in rows])
    return store.rendered[entity]


def changes(store: QboStore, entity: str, since: datetime) -> list[dict[str, Any]]:
    """What changed of one entity since a moment: whole rows, and stubs of what was removed."""
    if entity not in HELD:
        return []
    made: list[dict[str, Any]] = [
        row
        for row in _rendered(store, entity).rows
        if store.updated_at(entity, str(row["Id"])) >= since
    ]
    for (kind, record_id), moment in store.removed.items():
        if kind == entity and moment >= since:
            stub = {"domain": "QBO", "Id": record_id, "status": "Deleted"}
            made.append({**stub, "MetaData": {"LastUpdatedTime": shapes.stamp(moment)}})
    return made


def _moment(text: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)
