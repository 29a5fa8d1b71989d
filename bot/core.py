"""The part of the composition that needs no Slack: database, integrations, what they share.

``app.py`` puts Slack on top; ``onboard check`` and ``onboard customers`` need only this.
"""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.heavy import Judge
from bot.later import Later, later
from bot.metrics import Metrics
from bot.services.hub import Outside, Services, Signing, make_services
from bot.services.keepalive import BreakAnnouncer
from bot.services.ports import (
    Board,
    Busy,
    Clock,
    Delivered,
    Messenger,
    NamesOf,
    Outgoing,
    UndeliverableError,
    nobody,
)
from bot.services.way import Way
from bot.services.webhooks import WebhookSecrets
from bot.settings import Settings
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.keeper import StoreTokenKeeper
from bot.storage.kept_lists import StoreListKeeper
from bot.storage.only_one import OnlyOne
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from bot.workdays import holidays_of

if TYPE_CHECKING:
    from bot.systems import Systems
    from integrations.snapshot import SystemsReader


@dataclass(frozen=True, slots=True)
class Core:
    """What every way of running the bot starts from."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    store: SqlStore
    systems: "Later[Systems]"
    reader: "SystemsReader"
    owner: str
    judge: Judge
    vault: Vault
    metrics: Metrics
    way: Way

    def services(self, messenger: Messenger, board: Board, names_of: NamesOf = nobody) -> Services:
        """The use cases over this core, with Slack's ports put in."""
        return make_services(
            Outside(
                store=self.store,
                source=self.reader,
                messenger=messenger,
                board=board,
                clock=self.clock,
                holidays_of=holidays_of,
                support=self.settings.support(),
                support_channel=self.settings.support_channel_id,
                owner=self.owner,
                mail=bool(self.settings.smtp_url),
                names_of=names_of,
                judge=self.judge,
                away=self.judge.away,
                way=self.way,
                ladder=self.settings.ladder(),
                timezone=self.settings.home_timezone,
                meter=self.metrics,
                release=release(),
                # Without a card nobody would see them, and each look is reads that Intuit meters.
                risks=not isinstance(board, NoBoard),
                webhooks=WebhookSecrets(
                    self.settings.procore_webhook_secret.get_secret_value(),
                    self.settings.qbo_webhook_verifier.get_secret_value(),
                ),
                signing=Signing(
                    later(lambda: self.systems.get().gateway),
                    self.vault,
                    self.settings.public_url,
                    later(lambda: self.systems.get().hooks),
                ),
            )
        )


class NoBoard:
    """``ports.Board`` where there is no Slack: there is no card to keep true."""

    async def refresh(self, customer_id: int, busy: Busy | None = None) -> None:
        """Nothing to show."""


class NoMessenger:
    """``ports.Messenger`` where there is no Slack: the outbox keeps its messages."""

    async def deliver(self, message: Outgoing) -> Delivered:
        """Refuse: only ``onboard serve`` sends.

        Raises:
            UndeliverableError: always.
        """
        raise UndeliverableError(f"{message.key}: this command sends nothing")

    async def find(self, message: Outgoing) -> Delivered | None:  # noqa: ARG002 - the port's shape.
        """Nothing was sent from here."""
        return None


@asynccontextmanager
async def open_core(settings: Settings, clock: Clock) -> AsyncIterator[Core]:
    """Database (brought to this version's schema), vault, and the readers of both systems.

    Raises:
        SettingsError, SecretKeyError, DatabaseUrlError, SchemaError: each with a sentence.
    """
    settings.require("onboard_secret_key")
    vault = Vault(settings.onboard_secret_key.get_secret_value())
    engine = make_engine(settings.database_url)
    owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
    way = Way()
    judge = Judge(way)
    try:
        await schema.upgrade(engine)
        store = SqlStore(engine, vault)
        announce = BreakAnnouncer(settings.support_channel_id)
        keeper = StoreTokenKeeper(store, clock, OnlyOne(store, clock, owner), on_break=announce)
        metrics = Metrics()

        def systems() -> "Systems":
            from bot.systems import make_systems

            kept = (keeper, StoreListKeeper(store, vault))
            return make_systems(settings, kept, clock, way, metrics)

        async with _closed(Later(systems)) as read:
            reader = later(lambda: read.get().reader)
            yield Core(
                settings, clock, engine, store, read, reader, owner, judge, vault, metrics, way
            )
    finally:
        judge.stop()
        await engine.dispose()


@asynccontextmanager
async def _closed(systems: "Later[Systems]") -> AsyncIterator["Later[Systems]"]:
    """Closed at the end where somebody needed them."""
    try:
        yield systems
    finally:
        if systems.made is not None:
            await systems.made.close()


@cache
def release() -> str:
    """This version, as it is installed."""
    return version("onecore-onboarding-bot")
