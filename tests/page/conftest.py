"""A fake of the Slack stand-in's `/_ui` API, and a page on it that is open already."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from starlette.applications import Starlette

from tests.browser import DESKTOP, Complaints, Tabs
from tests.page.fake_api import FakeSlack, fresh, serve, until


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def fake_server() -> AsyncIterator[Starlette]:
    """One server for the session, so that Chromium loads the page's modules once."""
    async with serve() as app:
        yield app


@pytest_asyncio.fixture(loop_scope="session")
async def fake(fake_server: Starlette) -> AsyncIterator[FakeSlack]:
    """An empty workspace; `fake.url` is where the page is."""
    slack = fresh(fake_server)
    yield slack
    slack.cut_streams()


class Sams:
    """Sam's page on one channel, and the workspace that it shows.

    What is said while it is open is read out as news too: a test that counts a text opens it anew.
    """

    def __init__(self, slack: FakeSlack, page: Page, channel: str) -> None:
        self.slack = slack
        self.page = page
        self.channel = channel
        self._url = f"{slack.url}#/U0SAM/{channel}"

    async def open(self) -> None:
        """Open the page anew, and wait until it hears what changes."""
        self.slack.cut_streams()
        self.slack.streams.clear()
        await self.page.goto("about:blank")
        await self.page.goto(self._url)
        await self._listens()

    async def clear(self) -> None:
        """No message, no modal, no call and no answer is left of the test before."""
        if self.slack.hold is not None:
            self.slack.hold.set()
        self.slack.forget()
        if self.page.url != self._url:
            await self.open()
        await self._listens()
        self.slack.publish({"kind": "view", "view": None, "stack": []})
        self.slack.publish({"kind": "message", "channel": self.channel})
        for left in ("modal", "message", "toast"):
            await expect(self.page.get_by_test_id(left)).to_have_count(0)
        await self.page.get_by_test_id("announcer").evaluate("(node) => node.replaceChildren()")
        self.slack.calls.clear()

    async def _listens(self) -> None:
        await until(lambda: list(self.slack.streams.values()) == ["U0SAM"])


@pytest.fixture(scope="module")
def channel() -> str:
    """Where Sam looks; a module may say otherwise."""
    return "C0GENERAL"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def opened_once(fake_server: Starlette, tabs: Tabs, channel: str) -> AsyncIterator[Sams]:
    """Opening the page costs more than most of what a test does on it."""
    async with tabs.kept((DESKTOP, False)) as page:
        sams = Sams(fresh(fake_server), page, channel)
        await sams.open()
        yield sams
        sams.slack.cut_streams()


@pytest_asyncio.fixture(loop_scope="session")
async def sams(fake_server: Starlette, opened_once: Sams) -> AsyncIterator[Sams]:
    """Sam's page as it was when it was opened; what it complains about fails the test."""
    fake_server.state.slack = opened_once.slack
    await opened_once.clear()
    complaints = Complaints()
    complaints.listen(opened_once.page)
    yield opened_once
    complaints.stop()
    complaints.assert_none()
