"""The bot whole, against a Slack with four workspaces, and the browser of who installs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from bot.app import Application, Pace, open_application, socket_mode
from bot.core import open_core
from bot.demo import demo_settings
from bot.domain.installation import Installation
from bot.installs import Installs
from bot.services.install_pages import INSTALL_PATH
from bot.serving import web_of
from bot.web import listen
from handlers import board
from integrations.sandbox.clock import WorldClock
from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.world.loader import parse_world
from integrations.sandbox.world.model import World
from tests.called import called, nothing_is_connected
from tests.connect.rig import NOON, database_of_its_own

SAM, DANA, LIAM, STAN = "U0SAM", "U0DANA", "U0LIAM", "U0STAN"
ACME, BONDI, OWN, THEIRS, SUPPORT = "C0ACME", "C0BONDI", "C0OWN", "C0THEIRS", "C0SUPPORT"
NEVER = Pace(send=3600, tick=3600, remind=3600, beat=3600, look_again=3600)

WORLD = f"""
slack:
  home: {{id: T0INTERFY, name: Interfy, domain: interfy}}
  app: {{id: A0ONECORE, name: OneCore, bot_user: U0ONECORE, bot_id: B0ONECORE}}
  teams:
    - {{id: T0ACME, name: Acme Constructions, domain: acme}}
    - {{id: T0BONDI, name: Bondi Build, domain: bondi}}
    - {{id: T0STAN, name: Somebody Else, domain: stan}}
  users:
    - {{id: {SAM}, name: sam, real_name: Sam, team: T0INTERFY}}
    - {{id: {DANA}, name: dana, real_name: Dana, team: T0ACME}}
    - {{id: {LIAM}, name: liam, real_name: Liam, team: T0BONDI}}
    - {{id: {STAN}, name: stan, real_name: Stan, team: T0STAN}}
  usergroups: [{{id: S0SUPPORT, handle: support, name: Support, users: [{SAM}, {DANA}]}}]
  channels:
    - {{id: {SUPPORT}, name: support, members: [{SAM}, U0ONECORE]}}
    - {{id: {ACME}, name: ext-acme, shared_with: [T0ACME], members: [{SAM}, {DANA}, U0ONECORE]}}
    - {{id: {BONDI}, name: ext-bondi, shared_with: [T0BONDI], members: [{SAM}, {LIAM}, U0ONECORE]}}
    - {{id: {OWN}, name: acme-site, host: T0ACME, members: [{DANA}]}}
    - {{id: {THEIRS}, name: elsewhere, host: T0STAN, members: [{STAN}]}}
procore: {{clients: [{{id: p, secret: p, name: OneCore}}]}}
qbo: {{clients: [{{id: q, secret: q, name: OneCore}}]}}
"""


@dataclass
class Town:
    """Everything that runs, and the browser."""

    sandbox: Sandbox
    clock: WorldClock
    bot: Application
    url: str
    browser: httpx.AsyncClient

    @property
    def installs(self) -> Installs:
        assert self.bot.installs is not None
        return self.bot.installs

    async def page(self, query: str = "") -> tuple[httpx.Response, str]:
        """Our page, and where its link leads."""
        page = await self.browser.get(self.url + INSTALL_PATH + query)
        return page, page.text.split(' href="')[1].split('"')[0].replace("&amp;", "&")

    async def allow(self, who: str, link: str = "", **more: str) -> httpx.Response:
        """Press *Allow* on Slack's page; where that sends the browser."""
        link = link or (await self.page())[1]
        assert (await self.browser.get(link)).status_code == 200
        return await self.browser.post(link, data={"user": who, **more})

    async def back(self, sent: httpx.Response) -> httpx.Response:
        """Follow Slack back to us."""
        return await self.browser.get(urljoin(self.url, sent.headers["location"]))

    async def install(self, who: str) -> str:
        """All of it; what the last page says."""
        return (await self.back(await self.allow(who))).text

    async def stored(self, team: str = "T0ACME") -> Installation | None:
        async with self.bot.core.store.transaction() as tx:
            return await tx.installations.get(team)

    async def edit(self, **edits: Any) -> None:
        url = f"{self.sandbox.slack_url}/_world/edits"
        (await self.browser.post(url, json=edits)).raise_for_status()
        await self.settle()

    async def ui(self, name: str, **body: Any) -> dict[str, Any]:
        answer = await self.browser.post(f"{self.sandbox.slack_url}/_ui/{name}", json=body)
        await self.settle()
        said: dict[str, Any] = answer.json()
        return said

    async def say(self, who: str, text: str, channel: str) -> dict[str, Any]:
        """Say something; the newest message that this person then sees there."""
        answer = await self.ui("send", persona=who, channel=channel, text=text)
        assert answer["ok"], answer
        return (await self.seen(who, channel))[-1]

    async def seen(self, who: str, channel: str) -> list[dict[str, Any]]:
        asked = {"persona": who, "channel": channel}
        url = f"{self.sandbox.slack_url}/_ui/messages"
        messages: list[dict[str, Any]] = (await self.browser.get(url, params=asked)).json()[
            "messages"
        ]
        return messages

    async def settle(self) -> None:
        """Until what was asked for is answered."""
        while running := set(self.sandbox.slack.delivery._running):
            await asyncio.wait(running)
        await self.bot.slack.registry.drain()

    def asked(self, path: str) -> list[dict[str, Any]]:
        return [one for one in self.sandbox.slack_log.entries() if one.get("path") == path]


@cache
def world() -> World:
    """Parsed once: a sandbox copies what it changes."""
    return parse_world(WORLD)


@asynccontextmanager
async def running_town() -> AsyncIterator[Town]:
    """Run everything; time stands still until the test moves it."""
    clock = WorldClock(NOON, ticking=False)
    async with AsyncExitStack() as stack:
        # Nobody looks at the card here, and the goodbye waits for its last edit.
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(board, "BETWEEN_EDITS", 0.0)
        stack.enter_context(nothing_is_connected(but_slack=True))
        # Bound and not listening: nobody else is given the port, and the server below may have it.
        port = stack.enter_context(closing(listen("127.0.0.1", 0))).getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        sandbox = await stack.enter_async_context(run_sandbox(world(), clock=clock))
        sandbox.slack.limits.enabled = False
        settings = demo_settings(sandbox, "sqlite://", public_url=url)
        stack.enter_context(database_of_its_own())
        core = await stack.enter_async_context(open_core(settings, clock))
        bot = await stack.enter_async_context(open_application(core, NEVER))
        await stack.enter_async_context(called(web_of(bot, slack=False), port))
        await stack.enter_async_context(socket_mode(bot))
        browser = await stack.enter_async_context(httpx.AsyncClient())
        for name, channel, team in (("Acme", ACME, "T0ACME"), ("Bondi", BONDI, "T0BONDI")):
            await bot.services.customers.create(name, SAM, channel, team)
        yield Town(sandbox, clock, bot, url, browser)
