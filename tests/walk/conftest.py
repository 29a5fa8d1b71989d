"""The running demo: the bot and all three stand-ins, as `onboard demo` starts them."""

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.commands.serve import run_demo
from tests.small_world import small_demo


@pytest_asyncio.fixture(loop_scope="session")
async def demo() -> AsyncIterator[str]:
    """The demo's address."""
    async with run_demo(0, small_demo()) as url:
        yield url
