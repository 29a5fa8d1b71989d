"""A bot's core and its pages, against the stand-ins of Procore and QuickBooks."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from bot.core import Core, open_core
from bot.demo import demo_settings
from bot.domain.customer import Channel, Connection, Customer, Grant, NewCustomer, Purpose
from bot.domain.model import System
from bot.pages import make_pages
from bot.services.connect import ConnectService
from bot.services.hub import Services
from bot.services.notices import Notice, load
from bot.storage import schema
from bot.web import listen, make_web
from integrations import snapshot
from integrations.sandbox.clock import WorldClock
from integrations.sandbox.qbo.app import SCOPES
from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.server import serve
from integrations.sandbox.tokens import Grant as IssuedTo
from integrations.sandbox.world.loader import parse_world
from integrations.sandbox.world.model import World
from tests.called import called, nothing_is_connected
from tests.fakes.board import FakeBoard
from tests.fakes.messenger import FakeMessenger
from tests.fakes.pauses import Pauses
from tests.fakes.store import fill_with_schema
from tests.on_the_spot import sqlite_on_the_spot

NOON = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOME, SUPPORT = "C0ACME", "C0SUPPORT"
BIG, SMALL = 562949953441378, 8090
ACME, BONDI, CAIRNS = (f"462081636500000000{n}" for n in (1, 2, 3))
DANA, INTERFY, LIAM = "dana@acme.example", "support@interfy.com.au", "liam@bondi.example"
RUTH = "ruth@cairns.example"

WORLD = f"""
slack:
  home: {{id: T0INTERFY, name: Interfy, domain: interfy}}
  app: {{id: A0ONECORE, name: OneCore, bot_user: U0ONECORE, bot_id: B0ONECORE}}
  users: [{{id: U0SAM, name: sam, real_name: Sam, team: T0INTERFY, email: sam@interfy.example}}]
  channels: [{{id: {SUPPORT}, name: support, members: [U0SAM]}}]
procore:
  clients: [{{id: procore-app, secret: procore-secret, name: OneCore}}]
  companies:
    - id: {BIG}
      name: Acme Constructions
      permission_templates: [{{name: Admin, levels: {{directory: admin}}}}]
      users:
        - {{first_name: Dana, last_name: O, email: {DANA}, company_template: Admin}}
        - {{first_name: Interfy, last_name: Support, email: {INTERFY},
           rights: {{directory: admin}}}}
        - {{first_name: One, last_name: Core, email: dmsa@procore.example,
           rights: {{directory: admin}}, service_account: procore-app}}
    - id: {SMALL}
      name: "Bondi <Build> & Co"
      permission_templates: [{{name: Admin, levels: {{directory: admin}}}}]
      users:
        - {{first_name: Liam, last_name: P, email: {LIAM}, company_template: Admin}}
        - {{first_name: Interfy, last_name: Support, email: {INTERFY}, company_template: Admin}}
qbo:
  clients: [{{id: qbo-app, secret: qbo-secret, name: OneCore}}]
  companies:
    - realm_id: "{ACME}"
      name: Acme Constructions Pty Ltd
      users:
        - {{email: {DANA}, given_name: Dana, family_name: O, role: primary_admin}}
        - {{email: {INTERFY}, given_name: Interfy, family_name: Support, role: company_admin}}
      accounts: [{{name: Footings, acct_num: 03-300}}]
    - realm_id: "{CAIRNS}"
      name: Cairns Civil
      users:
        - {{email: {RUTH}, given_name: Ruth, family_name: Z, role: primary_admin,
           email_verified: false}}
        - {{email: {INTERFY}, given_name: Interfy, family_name: Support, role: company_admin,
           email_verified: false}}
    - realm_id: "{BONDI}"
      name: Bondi Build
      users:
        - {{email: {LIAM}, given_name: Liam, family_name: P, role: primary_admin}}
        - {{email: {INTERFY}, given_name: Interfy, family_name: Support, role: company_admin}}
"""


@cache
def world(*, pkce: bool = False) -> World:
    """Parsed once: a sandbox copies what it changes."""
    return parse_world(WORLD.replace("qbo:\n", f"qbo:\n  pkce: {str(pkce).lower()}\n"))


class Reading(HTMLParser):
    """What a page says, and its forms as lists of fields with the address they go to."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.text = ""
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.buttons: list[tuple[dict[str, Any], str]] = []
        self._base = str(response.url)
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((urljoin(self._base, given.get("action", "")), {}))
        elif tag == "input":
            self.forms[-1][1][given["name"]] = given["value"]
        elif tag == "button":
            self.buttons.append((given, ""))
            self._form_of_button = len(self.forms)

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


# Without a text of its own: asyncio asks for that of every test, and it would be the whole world.
@dataclass(repr=False)
class Rig:
    """Everything that runs, and a browser for each person."""

    sandbox: Sandbox
    clock: WorldClock
    core: Core
    services: Services
    board: FakeBoard
    messenger: FakeMessenger
    customer: Customer
    url: str
    browser: httpx.AsyncClient
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def connect(self) -> ConnectService:
        return self.services.connect

    async def link(
        self, system: System, purpose: Purpose = Purpose.CUSTOMER, by: str = "U0DANA"
    ) -> str:
        return await self.connect.start(self.customer.id, system, purpose, by)

    async def consent(self, link: str, **choice: str) -> httpx.Response:
        """Open a private link and choose on the system's page; where the browser ends up."""
        page = await self.browser.get(link, follow_redirects=True)
        assert "Stand-in of" in page.text, page.text
        return await self.choose(page, **choice)

    async def code_of(self, link: str, **choice: str) -> str:
        """Choose on the system's page, and keep the code instead of bringing it to us."""
        page = await self.browser.get(link, follow_redirects=True)
        address, fields = next(f for f in Reading(page).forms if choice.items() <= f[1].items())
        away = await self.browser.post(address, data=fields)
        return parse_qs(urlsplit(away.headers["location"]).query)["code"][0]

    async def choose(self, page: httpx.Response, **choice: str) -> httpx.Response:
        for address, fields in Reading(page).forms:
            if choice.items() <= fields.items():
                return await self.browser.post(address, data=fields, follow_redirects=True)
        raise AssertionError(f"no {choice} on {page.text}")

    async def press(self, page: httpx.Response, value: str) -> httpx.Response:
        """Press one of our own page's buttons."""
        address, fields = Reading(page).forms[0]
        return await self.browser.post(address, data={**fields, "answer": value})

    async def sign_in(
        self, system: System, who: str, purpose: Purpose = Purpose.CUSTOMER, realm: str = ACME
    ) -> httpx.Response:
        choice = {"email": who} | ({"realm_id": realm} if system is System.QBO else {})
        page = await self.consent(await self.link(system, purpose), **choice)
        await self.services.drain()
        return page

    async def connected(
        self, system: System, who: str, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection:
        """Acme's company, connected before: as a sign-in leaves it, without its pages and check."""
        live, gateway = self.sandbox.live, self.core.systems.get().gateway
        if system is System.PROCORE:
            code = live.procore_tokens.new_code(IssuedTo("procore-app", who))
            company, name = str(BIG), "Acme Constructions"
        else:
            code = live.qbo_tokens.new_code(IssuedTo("qbo-app", who, ACME, SCOPES))
            company, name = ACME, "Acme Constructions Pty Ltd"
        made = Connection(
            self.customer.id,
            system,
            company,
            Grant.REFRESH_TOKEN,
            await gateway.redeem(system, code, "", ""),
            purpose,
            account_name=name,
            connected_by=who,
            connected_at=self.clock.now(),
        )
        async with self.core.store.transaction() as tx:
            await tx.connections.put(made)
        return made

    async def stored(
        self, system: System, purpose: Purpose = Purpose.CUSTOMER
    ) -> Connection | None:
        async with self.core.store.transaction() as tx:
            return await tx.connections.get(self.customer.id, system, purpose)

    async def history(self, action: str) -> list[str]:
        entries = await self.services.customers.history(self.customer.id, 100)
        return [entry.detail for entry in reversed(entries) if entry.action == action]

    async def kind(self, item: str) -> str:
        view = await self.services.customers.view(self.customer.id)
        return view.report.status(item).kind.value

    async def said(self) -> list[tuple[str, Notice]]:
        """What the outbox sends now: channel and notice."""
        before = len(self.messenger.posted)
        while await self.services.sender.pump():
            pass
        return [(m.channel, load(m.payload)) for m in self.messenger.posted[before:]]

    def requests(self, system: System, path: str) -> list[dict[str, Any]]:
        live = self.sandbox.live
        log = live.procore_log if system is System.PROCORE else live.qbo_log
        return [one for one in log.entries() if one.get("path") == path]


@asynccontextmanager
async def running_rig(
    database_url: str = "sqlite://", *, pkce: bool = False, wire: bool = False
) -> AsyncIterator[Rig]:
    """Run everything; time stands still until the test moves it. ``pkce``: QuickBooks offers it.

    ``wire``: over sockets. Otherwise applications are called, see ``tests/called.py``.
    """
    clock = WorldClock(NOON, ticking=False)
    async with AsyncExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(
            snapshot, "Timing", Pauses().timing
        )
        if not wire:
            stack.enter_context(nothing_is_connected())
        # Bound and not listening: nobody else is given the port, and the server below may have it.
        port = stack.enter_context(closing(listen("127.0.0.1", 0))).getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        sandbox = await stack.enter_async_context(run_sandbox(world(pkce=pkce), clock=clock))
        settings = demo_settings(sandbox, database_url, public_url=url)
        if database_url == "sqlite://":
            stack.enter_context(database_of_its_own())
        core = await stack.enter_async_context(open_core(settings, clock))
        browser = await stack.enter_async_context(httpx.AsyncClient())
        board, messenger = FakeBoard(), FakeMessenger()
        services = core.services(messenger, board)
        async with core.store.transaction() as tx:
            customer = await tx.customers.add(NewCustomer("acme", "Acme <Co>"), NOON)
            await tx.customers.link(Channel(HOME, customer.id))
        stack.push_async_callback(services.drain)
        web = make_web(None, _ready, make_pages(services.connect, secure=False))
        # The stand-ins' server stops without uvicorn's naps; ours is shown by `test_serve`.
        await stack.enter_async_context((serve if wire else called)(web, port))
        yield Rig(sandbox, clock, core, services, board, messenger, customer, url, browser)


@contextmanager
def database_of_its_own() -> Iterator[None]:
    """A core that is opened meanwhile, with a database in memory, has it at once and unshared."""
    with sqlite_on_the_spot(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "upgrade", fill_with_schema)
        yield


async def _ready() -> str:
    return ""
