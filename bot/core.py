"""The part of the composition that needs no Slack: database, integrations, what they share.

``app.py`` puts Slack on top; ``onboard check`` and ``onboard customers`` need only this.
"""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.model import System
from bot.heavy import Judge
from bot.metrics import Metrics
from bot.services.hub import Outside, Services, Signing, make_services
from bot.services.keepalive import BreakAnnouncer
from bot.services.metrics import API_CALLS
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
from integrations.client import Told, make_client
from integrations.procore.hooks import ProcoreHooks
from integrations.signin import SignInGateway
from integrations.snapshot import SystemsConfig, SystemsReader


@dataclass(frozen=True, slots=True)
class Core:
    """What every way of running the bot starts from."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    store: SqlStore
    reader: SystemsReader
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
                    SignInGateway(self.reader.connector),
                    self.vault,
                    self.settings.public_url,
                    ProcoreHooks(self.reader.connector),
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
        async with make_client(told=_teller(settings, metrics)) as client:
            kept = StoreListKeeper(store, vault)
            reader = _reader(settings, keeper, kept, client, clock, way)
            try:
                yield Core(
                    settings, clock, engine, store, reader, owner, judge, vault, metrics, way
                )
            finally:
                await reader.drain()
    finally:
        judge.stop()
        await engine.dispose()


def release() -> str:
    """This version, as it is installed."""
    return version("onecore-onboarding-bot")


def _teller(settings: Settings, metrics: Metrics) -> Told:
    """Counts requests by the system whose host they go to."""
    hosts = {
        httpx.URL(url).netloc: name
        for name, urls in (
            (System.PROCORE, (settings.procore_api_url, settings.procore_auth_url)),
            (System.QBO, (settings.qbo_api_url, settings.qbo_auth_url)),
        )
        for url in urls
    }

    def told(url: httpx.URL, status: str) -> None:
        # What is neither is one of Intuit's other hosts, from its discovery document.
        metrics.count(API_CALLS, str(hosts.get(url.netloc, System.QBO)), status)

    return told


def _reader(
    settings: Settings,
    keeper: StoreTokenKeeper,
    kept: StoreListKeeper,
    client: httpx.AsyncClient,
    clock: Clock,
    way: Way,
) -> SystemsReader:
    config = SystemsConfig(
        procore_api_url=settings.procore_api_url,
        procore_auth_url=settings.procore_auth_url,
        procore_client_id=settings.procore_client_id,
        procore_client_secret=settings.procore_client_secret.get_secret_value(),
        qbo_api_url=settings.qbo_api_url,
        qbo_auth_url=settings.qbo_auth_url,
        qbo_client_id=settings.qbo_client_id,
        qbo_client_secret=settings.qbo_client_secret.get_secret_value(),
        qbo_userinfo_url=settings.qbo_userinfo_url,
        support_email=settings.support_email,
    )
    return SystemsReader(
        keeper=keeper, clock=clock, config=config, client=client, kept=kept, way=way
    )
