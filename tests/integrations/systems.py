"""Small Procore and QuickBooks behind an httpx.MockTransport, written from the facts.

``FakeSystems`` answers the read endpoints of one company each and both token endpoints, applies
faults on demand, and keeps a log of what it was asked.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import httpx

from bot.domain.customer import Connection, Grant, Purpose, Tokens
from bot.domain.model import System
from integrations.limits import Timing
from integrations.snapshot import SystemsConfig, SystemsReader, make_client
from tests.fakes.keeper import MemoryKeeper

COMPANY = "562949953441378"
REALM = "4620816365000000001"
SUPPORT = "support@interfy.com.au"
NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)

Row = dict[str, Any]


@dataclass
class FakeClock:
    """A clock that only moves when it is told to; sleeping moves it."""

    at: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - NOW).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)

    def timing(self) -> Timing:
        return Timing(self, self.sleep, self.monotonic)


def config() -> SystemsConfig:
    return SystemsConfig(
        procore_api_url="http://procore.test",
        procore_auth_url="http://login.procore.test",
        procore_client_id="procore-client",
        procore_client_secret="procore-client-secret-value-01",
        qbo_api_url="http://qbo.test",
        qbo_auth_url="http://intuit.test",
        qbo_client_id="qbo-client",
        qbo_client_secret="qbo-client-secret-value-000001",
        qbo_userinfo_url="",
        support_email=SUPPORT,
    )


def connection(
    system: System,
    *,
    purpose: Purpose = Purpose.CUSTOMER,
    grant: Grant = Grant.REFRESH_TOKEN,
    access: str = "",
    refresh: str | None = None,
    expires_at: datetime | None = NOW + timedelta(hours=1),
    external_id: str = "",
) -> Connection:
    return Connection(
        customer_id=1,
        system=system,
        external_id=external_id or (COMPANY if system is System.PROCORE else REALM),
        grant=grant,
        purpose=purpose,
        tokens=Tokens(
            access or f"{system}-{purpose}-token-0",
            f"{system}-{purpose}-refresh-0" if refresh is None else refresh,
            expires_at,
        ),
    )


@dataclass
class World:
    """What both systems hold."""

    users: list[Row] = field(default_factory=list)
    inactive_users: list[Row] = field(default_factory=list)
    company_templates: list[Row] = field(default_factory=list)
    project_templates: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    lists: dict[int, list[Row]] = field(default_factory=dict)
    vendors: list[Row] = field(default_factory=list)
    inactive_vendors: list[Row] = field(default_factory=list)
    settings_tools: list[Row] = field(default_factory=list)
    me_login: str = "dana@acme.example"
    accounts: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)
    preferences: Row = field(default_factory=lambda: {"AccountingInfoPrefs": {}})
    userinfo: dict[str, Row] = field(default_factory=dict)
    totals: bool = True
    items_paged: bool = True
    procore_cap: int = 2000
    qbo_cap: int = 1000


@dataclass
class Fault:
    """``make`` changes (or replaces) the answer of matching requests; ``times`` None is always."""

    pattern: str
    make: Callable[[httpx.Request, Callable[[], httpx.Response]], httpx.Response]
    times: int | None = None
    first: int = 1
    seen: int = 0

    def takes(self, request: httpx.Request) -> bool:
        if not re.search(self.pattern, name_of(request)):
            return False
        self.seen += 1
        if self.seen < self.first:
            return False
        return self.times is None or self.seen < self.first + self.times


def name_of(request: httpx.Request) -> str:
    """The path, with a QBO query's entity behind it."""
    return _name_of(request.url)


@lru_cache(4096)
def _name_of(url: httpx.URL) -> str:
    query = url.params.get("query", "")
    found = re.search(r"FROM (\w+)", query)
    count = "#count" if "COUNT" in query else ""
    return url.path + (f"#{found.group(1)}{count}" if found else "")


class FakeSystems:
    """Both systems; ``clock`` is theirs, ``skew`` how far their time is off."""

    def __init__(self, world: World, clock: FakeClock) -> None:
        self.world = world
        self.clock = clock
        self.skew = timedelta()
        self.faults: list[Fault] = []
        self.log: list[str] = []
        self.requests: list[httpx.Request] = []
        self.tokens: set[str] = {
            f"{system}-{purpose}-token-0" for system in System for purpose in Purpose
        }
        self.refresh_tokens = {
            f"{system}-{purpose}-refresh-0" for system in System for purpose in Purpose
        }
        self.renewals = 0
        self.page_cap: int | None = None
        self.repeat_page = False
        self.empty_page = False

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.log.append(name_of(request))
        self.requests.append(request)
        for fault in self.faults:
            if fault.takes(request):
                return fault.make(request, lambda: self._answer(request))
        return self._answer(request)

    def reads(self) -> list[str]:
        """The calls that were not for tokens or discovery."""
        return [one for one in self.log if not re.search("token|well-known", one)]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid_configuration"):
            return httpx.Response(
                200,
                json={
                    "token_endpoint": "http://intuit.test/oauth2/v1/tokens/bearer",
                    "userinfo_endpoint": "http://intuit.test/userinfo",
                    "authorization_endpoint": "http://intuit.test/connect",
                    "revocation_endpoint": "http://intuit.test/revoke",
                },
            )
        if request.method == "POST":
            return self._token(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return refused(request, token)
        return self.found(request, token)

    def found(self, request: httpx.Request, token: str) -> httpx.Response:
        if request.url.host == "procore.test":
            return self._procore(request)
        return self._qbo(request, token)

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {key: value[0] for key, value in parse_qs(request.content.decode()).items()}
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh_tokens:
                return httpx.Response(400, json={"error": "invalid_grant"})
            self.refresh_tokens.discard(form["refresh_token"])
        self.renewals += 1
        access = f"renewed-access-token-{self.renewals:04}"
        self.tokens.add(access)
        answer = {"access_token": access, "token_type": "bearer", "expires_in": 3600}
        if form["grant_type"] == "refresh_token":
            answer["refresh_token"] = f"refresh-{self.renewals}"
            self.refresh_tokens.add(f"refresh-{self.renewals}")
        return httpx.Response(200, json=answer)

    def date(self) -> str:
        return format_datetime(self.clock.now() + self.skew, usegmt=True)

    # -- Procore

    def _procore(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path != "/rest/v1.0/me" and request.headers.get("Procore-Company-Id") != COMPANY:
            return httpx.Response(400, text="Missing Procore-Company-Id header!")
        world, params = self.world, request.url.params
        company = f"/rest/v1.0/companies/{COMPANY}"
        show = re.fullmatch(rf"/rest/v1.3/companies/{COMPANY}/users/(\d+)", path)
        template = re.fullmatch(rf"{company}/permission_templates/(\d+)", path)
        if show:
            return one(world.users, show.group(1))
        if template:
            return one(world.company_templates + world.project_templates, template.group(1))
        if path == "/rest/v1.0/me":
            return httpx.Response(200, json={"id": 1, "login": world.me_login})
        if path == "/rest/v1.0/settings/permissions":
            return httpx.Response(200, json={"tools": world.settings_tools})
        if path == f"{company}/permission_templates":
            kind = params.get("filters[type]", "project_tools")
            chosen = {"company_tools": world.company_templates}.get(kind, world.project_templates)
            return httpx.Response(200, json=chosen)
        if path.startswith(f"{company}/work_breakdown_structure"):
            return self._wbs(request)
        return self._page(request, self._listed(path, params))

    def _listed(self, path: str, params: httpx.QueryParams) -> list[Row] | None:
        world = self.world
        company = f"/rest/v1.0/companies/{COMPANY}"
        if path.endswith("/standard_cost_codes"):
            rows = world.lists[int(params["standard_cost_code_list_id"])]
            return [without(row, "status", "is_parent") for row in rows]
        if re.search(r"/v1.3/companies/\d+/users$", path):
            wanted = params.get("filters[search]", "").casefold()
            users = [row for row in world.users if wanted in json.dumps(row).casefold()]
            hidden = ("company_permission_template_id", "default_permission_template_id")
            return [without(row, *hidden) for row in users]
        return {
            "/rest/v1.0/standard_cost_code_lists": [
                {"id": list_id, "name": f"List {list_id}"} for list_id in world.lists
            ],
            "/rest/v1.0/vendors": world.vendors,
            f"{company}/vendors/inactive": world.inactive_vendors,
            f"{company}/users/inactive": world.inactive_users,
        }.get(path, world.assignments if path.endswith("/project_assignments") else None)

    def _wbs(self, request: httpx.Request) -> httpx.Response:
        path, world = request.url.path, self.world
        if path.endswith("/segments"):
            return httpx.Response(
                200, json=[{"id": 6, "type": "custom"}, {"id": 7, "type": "cost_code"}]
            )
        if path.endswith("/segments/7/lists"):
            lists = [
                {"id": list_id, "name": f"List {list_id}", "segment_items_count": len(codes)}
                for list_id, codes in world.lists.items()
            ]
            return httpx.Response(200, json=lists)
        rows = [
            {**row, "code": row["full_code"]}
            for row in world.lists[int(request.url.params["segment_item_list_id"])]
        ]
        if not world.items_paged:
            return httpx.Response(200, json=rows)
        return self._page(request, rows)

    def _page(self, request: httpx.Request, rows: list[Row] | None) -> httpx.Response:
        if rows is None:
            return httpx.Response(404, json={"message": "Not found", "exception": ""})
        params = request.url.params
        asked, number = int(params.get("per_page", 100)), int(params.get("page", 1))
        size = min(asked, self.page_cap or self.world.procore_cap)
        number = 1 if self.repeat_page else number
        found = [] if self.empty_page else rows[(number - 1) * size : number * size]
        headers = {"Date": self.date()}
        if self.world.totals:
            headers |= {"Total": str(len(rows)), "Per-Page": str(size)}
            if number * size < len(rows):
                headers["Link"] = f'<http://procore.test/x?page={number + 1}>; rel="next"'
        return httpx.Response(200, json=found, headers=headers)

    # -- QuickBooks

    def _qbo(self, request: httpx.Request, token: str) -> httpx.Response:
        path, world = request.url.path, self.world
        if path == "/userinfo":
            found = world.userinfo.get(token) or world.userinfo["*"]
            return httpx.Response(200, json=found)
        base = f"/v3/company/{REALM}"
        if path == f"{base}/preferences":
            return httpx.Response(200, json={"Preferences": world.preferences})
        if path == f"{base}/companyinfo/{REALM}":
            return httpx.Response(200, json={"CompanyInfo": {"CompanyName": "Acme", "Id": "1"}})
        if path == f"{base}/query":
            return self._query(request.url.params["query"])
        return fault_json(403, "3100")

    def _query(self, query: str) -> httpx.Response:
        found = re.fullmatch(
            r"SELECT (\*|COUNT\(\*\)) FROM (\w+) WHERE Active IN \(true,false\)"
            r"(?: ORDERBY Id STARTPOSITION (\d+) MAXRESULTS (\d+))?",
            query,
        )
        assert found, query
        what, entity, start, most = found.groups()
        world = self.world
        rows = {"Account": world.accounts, "Item": world.items, "Customer": world.customers}[entity]
        if what != "*":
            return httpx.Response(200, json={"QueryResponse": {"totalCount": len(rows)}})
        first = 0 if self.repeat_page else int(start) - 1
        size = min(int(most), self.page_cap or world.qbo_cap)
        page = [] if self.empty_page else rows[first : first + size]
        body: Row = {}
        if page:
            body = {entity: page, "startPosition": first + 1, "maxResults": len(page)}
        return httpx.Response(200, json={"QueryResponse": body, "time": "2026-11-22T00:00:00Z"})


def without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in row.items() if key not in keys}


def always(pattern: str, status: int = 200, body: Any = None, **headers: str) -> "Fault":
    """A fault that answers matching requests with ``body`` (JSON unless it is text)."""

    def make(request: httpx.Request, _: Callable[[], httpx.Response]) -> httpx.Response:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        if isinstance(body, str):
            return httpx.Response(status, text=body, headers=named)
        return httpx.Response(status, json={} if body is None else body, headers=named)

    return Fault(pattern, make)


def one(rows: Iterable[Row], row_id: str) -> httpx.Response:
    for row in rows:
        if str(row["id"]) == row_id:
            return httpx.Response(200, json=row)
    return httpx.Response(404, json={"message": "", "exception": ""})


def refused(request: httpx.Request, token: str) -> httpx.Response:
    if request.url.host == "procore.test":
        return httpx.Response(401, json={"error": "Invalid Token"})
    return fault_json(401, "3200", f"Token expired: {token}", "AUTHENTICATION")


def fault_json(
    status: int, code: str, detail: str | None = None, kind: str = "SERVICE"
) -> httpx.Response:
    """Intuit's gateway shape: lower case, nulls."""
    error = {"message": f"message=X; errorCode=00{code}", "detail": detail, "code": code}
    body = {"warnings": None, "fault": {"error": [error], "type": kind}, "queryResponse": None}
    return httpx.Response(status, json=body)


@dataclass
class Rig:
    """A reader over fake systems."""

    systems: FakeSystems
    keeper: MemoryKeeper
    reader: SystemsReader
    clock: FakeClock
    client: httpx.AsyncClient


def make_rig(world: World, *connections: Connection, kind: type[FakeSystems] = FakeSystems) -> Rig:
    clock = FakeClock()
    systems = kind(world, clock)
    keeper = MemoryKeeper(*(connections or (connection(System.PROCORE), connection(System.QBO))))
    client = make_client(httpx.MockTransport(systems))
    reader = SystemsReader(
        keeper=keeper, clock=clock, config=config(), client=client, timing=clock.timing()
    )
    return Rig(systems, keeper, reader, clock, client)
