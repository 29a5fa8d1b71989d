"""The page's fixtures: a browser and a fake of the Slack stand-in's `/_ui` API."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.browser import browser, open_page
from tests.page.fake_api import FakeSlack, serve

__all__ = ["browser", "fake", "open_page"]


@pytest_asyncio.fixture(loop_scope="session")
async def fake() -> AsyncIterator[FakeSlack]:
    """A fresh fake stand-in on its own port; `fake.url` is where the page is."""
    async with serve() as slack:
        yield slack
