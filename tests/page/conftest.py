"""A fake of the Slack stand-in's `/_ui` API, and a page on it that is open already."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page
from starlette.applications import Starlette

from tests.browser import DESKTOP, Complaints, Tabs
from tests.page.fake_api import FakeSlack, Json, serve, until


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def fake_server() -> AsyncIterator[Starlette]:
    """One server for the session, so that Chromium loads the page's modules once."""
    async with serve() as app:
        yield app


TELL_AGAIN_S = 2.0
"""Who has just become somebody else on the page hears of nothing for a moment."""
TIMES_TOLD = 20

CLEARED = """(left) => new Promise((done) => {
  const observer = new MutationObserver(look);
  function look() {
    if (document.querySelector(left)) return;
    observer.disconnect();
    document.getElementById('announcer').replaceChildren();
    const box = document.querySelector('[data-testid=composer]');
    box.value = '';
    box.dispatchEvent(new Event('input', {bubbles: true}));
    done();
  }
  observer.observe(document.body, {childList: true, subtree: true});
  look();
})"""

AWAY_AND_BACK = """(place) => new Promise((done) => {
  addEventListener('hashchange', () => setTimeout(() => {
    addEventListener('hashchange', () => setTimeout(() => {
      document.getElementById('announcer').replaceChildren();
      done();
    }), {once: true});
    location.hash = place;
  }), {once: true});
  location.hash = '#/U0SAM/C0SUPPORT';
})"""


class Sams:
    """Sam's page on one channel, and the workspace that it shows.

    What is said while it is open is read out as news too: a test that counts a text comes back.
    """

    def __init__(self, slack: FakeSlack, page: Page) -> None:
        self.slack = slack
        self.page = page
        self.channel = ""
        self._usual = True

    @property
    def _place(self) -> str:
        return f"#/U0SAM/{self.channel}"

    async def open(self) -> None:
        """Open the page anew, and wait until it hears what changes."""
        self.slack.cut_streams()
        self.slack.streams.clear()
        url = f"{self.slack.url}{self._place}"
        if self.page.url == url:
            await self.page.reload()
        else:
            await self.page.goto(url)
        await self._listens()

    async def come_back(self) -> None:
        """Leave the channel and come back, as to one where everything was said before."""
        await self.page.evaluate(AWAY_AND_BACK, self._place)

    async def looks(self, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> None:
        """Look on a screen of this size, until the end of the test; ``dark`` as the system is."""
        self._usual = (size, dark) == (DESKTOP, False)
        await self.page.set_viewport_size({"width": size[0], "height": size[1]})
        await self.page.emulate_media(color_scheme="dark" if dark else "light")

    async def clear(self, channel: str) -> None:
        """No message, no modal, no call and no answer is left of the test before.

        Opening the page anew costs half a second of computing: it only goes back to where it was.
        """
        self.channel = channel
        if not self._usual:
            await self.looks()
        changed = self.slack.forget()
        if not self.page.url.startswith(self.slack.url):
            await self.open()
        elif not self.page.url.endswith(self._place):
            # Whoever sits there leaves no modal to the next who does.
            await self._closed(["modal"], [])
            await self.page.evaluate("(place) => { location.hash = place; }", self._place)
            await self._listens()
        news = [*({"kind": kind} for kind in changed), {"kind": "message", "channel": channel}]
        await self._closed(["modal", "message", "toast"], news)
        self.slack.calls.clear()

    async def _closed(self, left: list[str], news: list[Json]) -> None:
        """Wait until nothing of that is on the page.

        It is told again while it may not hear yet, and what came from the test before meanwhile is
        forgotten again: a test may end before the last thing that it sent has arrived.
        """
        shown = ",".join(f"[data-testid={one}]" for one in left)
        gone = asyncio.ensure_future(self.page.evaluate(CLEARED, shown))
        for _ in range(TIMES_TOLD):
            for event in [*news, {"kind": "view", "view": None, "stack": []}]:
                self.slack.publish(event)
            if (await asyncio.wait({gone}, timeout=TELL_AGAIN_S))[0]:
                break
            news += [{"kind": kind} for kind in self.slack.forget()]
        else:
            gone.cancel()
            raise AssertionError(f"a test left {left} on {self.page.url}")
        await gone

    async def _listens(self) -> None:
        await until(lambda: list(self.slack.streams.values()) == ["U0SAM"])


@pytest.fixture(scope="module")
def channel() -> str:
    """Where Sam looks; a module may say otherwise."""
    return "C0GENERAL"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened_once(fake_server: Starlette, tabs: Tabs) -> AsyncIterator[Sams]:
    """Opening the page costs more than most of what a test does on it."""
    async with tabs.kept((DESKTOP, False)) as page:
        slack: FakeSlack = fake_server.state.slack
        yield Sams(slack, page)
        slack.cut_streams()


@pytest_asyncio.fixture(loop_scope="session")
async def sams(opened_once: Sams, channel: str) -> AsyncIterator[Sams]:
    """Sam's page as it was when it was opened; what it complains about fails the test."""
    await opened_once.clear(channel)
    complaints = Complaints()
    complaints.listen(opened_once.page)
    yield opened_once
    complaints.stop()
    complaints.assert_none()
