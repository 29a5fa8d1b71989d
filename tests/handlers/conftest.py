"""A running bot for the tests that speak to it."""

from collections.abc import AsyncIterator

import pytest

from tests.handlers.kit import Bot, carded_bot, running_bot


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """A bot with one customer, Acme, linked to the channel shared with it."""
    async with running_bot() as running:
        yield running


@pytest.fixture
async def carded() -> AsyncIterator[Bot]:
    """The same once Sam has asked for the status: checked, and the card is posted."""
    async with carded_bot() as running:
        yield running
