"""Chromium for the tests that drive a page; a pytest plugin by import.

Take it in with `from tests.browser import browser, contexts, open_page` in a `conftest.py` (or as
`pytest_plugins = ["tests.browser"]` in the top one). Tests that use it run on the session's
event loop, because a browser belongs to the loop it was started on:

    pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1280, 800)
PHONE = (390, 844)


def chromium_path() -> Path | None:
    """Where Chromium is: `$CHROMIUM`, else the usual places; None if it is nowhere."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    for name in ("chromium", "chromium-browser", "google-chrome"):
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


class Contexts:
    """Browser contexts by size and colour scheme: kept, so that files stay cached."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._kept: dict[tuple[tuple[int, int], bool], BrowserContext] = {}

    async def get(self, size: tuple[int, int], *, dark: bool) -> BrowserContext:
        """The context of this size and scheme."""
        if (size, dark) not in self._kept:
            width, height = size
            context = await self._chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            context.set_default_timeout(8000)
            self._kept[size, dark] = context
        return self._kept[size, dark]

    async def clean(self) -> None:
        """Close every page and forget every cookie, for the next test."""
        for context in self._kept.values():
            for page in context.pages:
                await page.close()
            await context.clear_cookies()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def contexts(browser: Browser) -> Contexts:
    """The session's contexts; they end with the browser."""
    return Contexts(browser)


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(contexts: Contexts) -> AsyncIterator[OpenPage]:
    """A function that opens a URL in a tab of its own: `open_page(url, size=PHONE, dark=True)`.

    A console error, a warning or an uncaught exception on any opened page fails the test,
    unless it was opened with `expect_problems=True`.
    """
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            problems.append(f"{message.type}: {message.text}")

    async def open_one(
        url: str,
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        expect_problems: bool = False,
    ) -> Page:
        page = await (await contexts.get(size, dark=dark)).new_page()
        if not expect_problems:
            page.on("console", note)
            page.on("pageerror", lambda error: problems.append(f"exception: {error}"))
        await page.goto(url)
        return page

    yield open_one
    await contexts.clean()
    assert not problems, f"the page complained: {problems}"
