"""The bot whole, over a real store and the Slack stand-in; only the customer's systems are faked."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.customer import Customer
from bot.domain.model import SupportIdentity
from bot.services.hub import Outside, Services, make_services
from bot.storage.store import SqlStore
from handlers import SlackApp, SlackConfig, build_slack_app
from handlers.board import CardBoard
from handlers.poster import SlackMessenger
from tests.fakes.source import FakeSource
from tests.fakes.store import make_store
from tests.sandbox.slack_kit import ACME, BOT, SAM, SUPPORT, Slack, running

HELLO = f"<@{BOT}>"


@dataclass
class Bot:
    """A running bot, and the stand-in that its people sit at."""

    slack: Slack
    app: SlackApp
    services: Services
    store: SqlStore
    source: FakeSource
    board: CardBoard

    async def settle(self) -> None:
        """Until everything that was asked for is done and shown."""
        await self.app.registry.drain()
        await self.board.drain()

    async def acme(self) -> Customer:
        """A customer, linked to the channel that is shared with it."""
        return await self.services.customers.create("Acme", SAM, ACME, "T0ACME")


async def no_wait(_seconds: float) -> None:
    """A pause that lasts no time."""


def texts(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [str(message.get("text", "")) for message in messages]


@contextlib.asynccontextmanager
async def running_bot(**config: Any) -> AsyncIterator[Bot]:
    """Run everything; time stands still."""
    support = SupportIdentity()
    async with running() as slack, make_store() as store:
        source = FakeSource(slack.clock)
        board = CardBoard(slack.client, store, slack.clock, support, pause=no_wait)
        messenger = SlackMessenger(slack.client, store, support)
        services = make_services(
            Outside(
                store=store,
                source=source,
                messenger=messenger,
                board=board,
                clock=slack.clock,
                holidays_of=lambda _region: _no_holiday,
                support=support,
                support_channel=SUPPORT,
                owner="test",
            )
        )
        settings = SlackConfig(
            bot_token=slack.server.state.bot_token,
            support_channel_id=SUPPORT,
            staff_usergroup_id="S0SUPPORT",
            **config,
        )
        app = build_slack_app(settings, services, client=slack.client)
        bot = Bot(slack, app, services, store, source, board)
        async with slack.connected(app):
            yield bot
            await bot.settle()


def _no_holiday(_day: date) -> bool:
    return False
