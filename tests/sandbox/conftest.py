"""A small world with its clock held still, and shorthands to ask it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
import pytest

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.procore.app import create_procore_app
from integrations.sandbox.qbo.app import create_qbo_app
from integrations.sandbox.runner import run_sandbox
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.loader import parse_world
from integrations.sandbox.world.model import World
from tests.sandbox.slack_kit import Slack, running

COMPANY = 562949953441378
REALM = "4620816365000000001"
NOON = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

SMALL = f"""
customers:
  - {{slug: acme, name: Acme, procore_company: {COMPANY}, qbo_realm: {REALM}}}
procore:
  companies:
    - id: {COMPANY}
      name: Acme Constructions
      permission_templates:
        - {{name: Company Admin, levels: {{directory: admin}}}}
        - {{name: Site, levels: {{directory: none, documents: read_only}}}}
        - {{name: Project Admin, type: project_tools, levels: {{admin: admin, directory: admin}}}}
      users:
        - {{first_name: Dana, last_name: Okafor, email: dana@acme.example,
           company_template: Company Admin}}
        - {{first_name: Sid, last_name: Vella, email: sid@acme.example, company_template: Site,
           projects: [{{project: Wharf Hotel}}]}}
        - {{first_name: Set, last_name: Singly, email: set@acme.example,
           rights: {{directory: admin}}, add_to_new_projects: false}}
        - {{first_name: Old, last_name: Hand, email: old@acme.example, active: false}}
        - {{first_name: One, last_name: Core, email: dmsa@procore.example,
           rights: {{directory: read_only}}, service_account: onecore-procore}}
      projects:
        - {{name: Wharf Hotel, number: "25001"}}
        - {{name: Albert Road, number: "25002"}}
        - {{name: Long Gone, number: "20001", active: false}}
      cost_code_lists:
        - name: Building
          codes: [03 Concrete, 03-300 Footings, {{code: 03-310, name: Slabs, status: inactive}}]
        - name: Civil
          codes: [03 Concrete, 03-300 Cast-in-Place Concrete]
      duplicate_groups: [[ABC Plumbing Pty Ltd, A.B.C. Plumbing P/L]]
      vendors:
        - {{name: ABC Plumbing Pty Ltd, abn: "51824753556", email_address: a@abc.example}}
        - {{name: A.B.C. Plumbing P/L, business_phone: (02) 9560 1180}}
        - {{name: Barron Group}}
        - {{name: Barron Hire, parent: Barron Group}}
        - {{name: Closed Joinery, active: false}}
      settings: {{per_page: {{default: 2, caps: {{projects: 300, vendors: 3}}}}}}
qbo:
  companies:
    - realm_id: {REALM}
      name: Acme Constructions
      users:
        - {{email: dana@acme.example, given_name: Dana, family_name: Okafor,
           role: primary_admin}}
        - {{email: clerk@acme.example, given_name: Cleo, family_name: Clerk}}
        - {{email: support@interfy.com.au, given_name: Interfy, family_name: Support,
           role: company_admin, status: invited}}
      accounts:
        - {{name: Job Costs, acct_num: "5000"}}
        - {{name: Footings, acct_num: 03-300, parent: Job Costs}}
        - {{name: Hebel, active: false}}
        - {{name: Rent, account_type: Expense, acct_num: "6600"}}
      items:
        - {{name: Works, type: Category}}
        - {{name: Pumping, sku: 03-450, parent: Works}}
        - {{name: Crane, expense_account: Job Costs}}
      duplicate_groups: [[Hillview Homes Pty Ltd, Hillview Homes]]
      customers:
        - {{display_name: "Amy's Bird Sanctuary", email: amy@birds.example}}
        - {{display_name: Aviary, parent: "Amy's Bird Sanctuary"}}
        - {{display_name: Hillview Homes Pty Ltd, tax_id: "51824753556"}}
        - {{display_name: Hillview Homes}}
      vendors:
        - {{display_name: Metro Couriers, tax_id: "51824753556"}}
      settings: {{per_second: 1000}}
"""


@dataclass
class Box:
    """A running world, how its two systems are asked, and tokens for whoever a test wants to be."""

    live: LiveWorld
    procore_url: str
    qbo_url: str
    http: httpx.AsyncClient
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    async def token(self, system: str, email: str) -> str:
        key = (system, email)
        if key not in self.tokens:
            url = self.procore_url if system == "procore" else self.qbo_url
            where = {"company_id": COMPANY} if system == "procore" else {"realm_id": REALM}
            answer = await self.http.post(f"{url}/_world/grants", json={**where, "email": email})
            self.tokens[key] = answer.json()["access_token"]
        return self.tokens[key]

    async def procore(
        self,
        path: str,
        *,
        email: str = "dana@acme.example",
        company: int | None = COMPANY,
        **query: Any,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self.token('procore', email)}"}
        if company is not None:
            headers["Procore-Company-Id"] = str(company)
        params = {
            key.replace("__", "[") + "]" if "__" in key else key: v for key, v in query.items()
        }
        url = f"{self.procore_url}{path}"
        return await self.http.get(url, headers=headers, params=params)

    async def qbo(
        self, path: str, *, email: str = "dana@acme.example", **query: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self.token('qbo', email)}"}
        url = f"{self.qbo_url}/v3/company/{REALM}/{path}"
        return await self.http.get(url, headers=headers, params=query)

    async def query(self, text: str) -> Any:
        return (await self.qbo("query", query=text)).json()

    async def fault(self, system: str, fault: dict[str, Any], **match: Any) -> None:
        url = self.procore_url if system == "procore" else self.qbo_url
        answer = await self.http.post(f"{url}/_world/faults", json={"match": match, "fault": fault})
        assert answer.status_code == 200, answer.text

    async def edit(self, *edits: dict[str, Any]) -> httpx.Response:
        url = f"{self.procore_url}/_world/edits"
        return await self.http.post(url, json={"edits": list(edits)})

    @contextmanager
    def noted(self, system: str) -> Iterator[list[dict[str, Any]]]:
        """The log entries that come about inside the block."""
        live = self.live
        log = live.procore_log if system == "procore" else live.qbo_log
        before = len(log.entries())
        found: list[dict[str, Any]] = []
        yield found
        found += log.entries(after=before)


@cache
def small() -> World:
    """Parsed once: a sandbox copies what it changes."""
    return parse_world(SMALL)


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    """Requests go straight to the two applications: a socket costs more than they take."""
    live = LiveWorld(small(), WorldClock(NOON, ticking=False))
    procore, qbo = "http://procore.test", "http://qbo.test"
    straight = {
        procore: httpx.ASGITransport(create_procore_app(live)),
        qbo: httpx.ASGITransport(create_qbo_app(live)),
    }
    async with httpx.AsyncClient(mounts=straight) as http:
        yield Box(live, procore, qbo, http)
        await live.hooks.aclose()


@pytest.fixture
async def wired_box() -> AsyncIterator[Box]:
    """The same on real sockets."""
    clock = WorldClock(NOON, ticking=False)
    async with run_sandbox(small(), clock=clock) as sandbox, httpx.AsyncClient() as http:
        yield Box(sandbox.live, sandbox.procore_url, sandbox.qbo_url, http)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """The small world of Slack, running, with its clock held still."""
    async with running() as one:
        yield one


@pytest.fixture
async def straight() -> AsyncIterator[Slack]:
    """The same without a wire."""
    async with running(wire=False) as one:
        yield one
