"""Chromium for the tests that drive a page; a pytest plugin by import.

Take it in with `from tests.browser import browser, open_page` in a `conftest.py` (or as
`pytest_plugins = ["tests.browser"]` in the top one). Tests that use it run on the session's
event loop, because a browser belongs to the loop it was started on:

    pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
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


@dataclass
class Opened:
    """A page and what it complained about."""

    page: Page
    context: BrowserContext
    problems: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        """Remember a console error or warning."""
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.type}: {message.text}")


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """A function that opens a URL in its own context: `open_page(url, size=PHONE, dark=True)`.

    A console error, a warning or an uncaught exception on any opened page fails the test,
    unless it is marked by `expect_problems=True`.
    """
    opened: list[Opened] = []

    async def open_one(
        url: str,
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        expect_problems: bool = False,
    ) -> Page:
        width, height = size
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(8000)
        page = await context.new_page()
        one = Opened(page, context)
        if not expect_problems:
            page.on("console", one.note)
            page.on("pageerror", lambda error: one.problems.append(f"exception: {error}"))
        opened.append(one)
        await page.goto(url)
        return page

    yield open_one
    for one in opened:
        await one.context.close()
    problems = [problem for one in opened for problem in one.problems]
    assert not problems, f"the page complained: {problems}"
