"""A fake of the Slack stand-in's `/_ui` API."""

from collections.abc import AsyncIterator

import pytest_asyncio
from starlette.applications import Starlette

from tests.page.fake_api import FakeSlack, fresh, serve


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
