"""Chromium for the tests that drive a page.

`tests/conftest.py` takes the fixtures in, so that there is one Chromium in a run. Tests that use
it run on the session's event loop, because a browser belongs to the loop it was started on:

    pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

A tab costs more than most of what is done in it, so tabs are used again: between two tests a tab
goes to `about:blank`, and what the page had stored in it and what the test had hung on it go.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    async_playwright,
    expect,
)

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    # A process for drawing costs more to speak with than it spares: nothing here is seen.
    "--in-process-gpu",
    # A whole window is one tile: put together from twenty, it costs twice as much.
    "--default-tile-width=2048",
    "--default-tile-height=2048",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 40_000
"""Milliseconds that something may take on a busy machine before the test is lost."""
expect.set_options(timeout=PATIENCE)
DESKTOP = (1280, 800)
PHONE = (390, 844)
Look = tuple[tuple[int, int], bool]
"""A tab's width and height, and whether the system is dark."""
EMPTY = """() => {
  if (location.protocol === 'about:') return;
  sessionStorage.clear();
  localStorage.clear();
}"""


def chromium_path() -> Path | None:
    """Where Chromium is: `$CHROMIUM`, else the usual places; None if it is nowhere.

    Its shell comes first: it has no windows of its own, and takes half the computing.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def required_chromium() -> Path:
    """Chromium's path; without it the test is skipped, or fails where CI promised one."""
    path = chromium_path()
    if path is not None:
        return path
    message = "Chromium is not installed: set CHROMIUM or install the chromium package."
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One headless Chromium for the whole session; tests open their own contexts."""
    path = required_chromium()
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(path), args=ARGS)
        yield chromium
        await chromium.close()


class Tabs:
    """Tabs by size and colour scheme, each kept for the next test.

    Each has a window of its own: Chromium lets those behind another tab wait.
    """

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._taken: dict[Look, list[Page]] = {}
        self._idle: dict[Look, Page] = {}

    async def take(self, look: Look) -> Page:
        """A tab of this size and scheme, empty as a new one."""
        page = self._idle.pop(look, None) or await self._new(look)
        self._taken.setdefault(look, []).append(page)
        return page

    async def _new(self, look: Look) -> Page:
        (width, height), dark = look
        context = await self._chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        return await context.new_page()

    async def give_back(self) -> None:
        """Empty one tab of each look, close the others and forget every cookie."""
        for look, (first, *others) in self._taken.items():
            for page in others:
                await page.context.close()
            await self._emptied(look, first)
        self._taken.clear()

    @asynccontextmanager
    async def kept(self, look: Look) -> AsyncIterator[Page]:
        """A tab that several tests use, one after the other; who gives tabs back leaves it."""
        page = self._idle.pop(look, None) or await self._new(look)
        yield page
        if look in self._idle:
            await page.context.close()
        else:
            await self._emptied(look, page)

    async def _emptied(self, look: Look, first: Page) -> None:
        for page in first.context.pages:
            if page is not first:
                await page.close()
        await first.evaluate(EMPTY)
        await first.goto("about:blank")
        await first.context.clear_cookies()
        self._idle[look] = first


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tabs(browser: Browser) -> Tabs:
    """The session's tabs; they end with the browser."""
    return Tabs(browser)


class Complaints:
    """The console errors, warnings and uncaught exceptions of the pages that are listened to."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._watched: list[Page] = []

    def listen(self, page: Page) -> None:
        """Hear what this page complains about from here on."""
        page.on("console", self._note)
        page.on("pageerror", self._note_exception)
        self._watched.append(page)

    def stop(self) -> None:
        """Listen no more."""
        for page in self._watched:
            page.remove_listener("console", self._note)
            page.remove_listener("pageerror", self._note_exception)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._heard.append(f"{message.type}: {message.text}")

    def _note_exception(self, error: Error) -> None:
        self._heard.append(f"exception: {error}")

    def assert_none(self) -> None:
        """Fail if there was any."""
        assert not self._heard, f"the page complained: {self._heard}"


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(tabs: Tabs) -> AsyncIterator[OpenPage]:
    """A function that opens a URL in a tab of its own: `open_page(url, size=PHONE, dark=True)`.

    A console error, a warning or an uncaught exception on any opened page fails the test,
    unless it was opened with `expect_problems=True`.
    """
    complaints = Complaints()

    async def open_one(
        url: str,
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        expect_problems: bool = False,
    ) -> Page:
        page = await tabs.take((size, dark))
        if not expect_problems:
            complaints.listen(page)
        await page.goto(url)
        return page

    yield open_one
    complaints.stop()
    await tabs.give_back()
    complaints.assert_none()
