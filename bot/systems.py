"""The readers of both systems, put together: everything of Procore and QuickBooks Online.

``core`` has this loaded when it is first needed, or once the bot is ready: its libraries are a
tenth of what a start has to load, and no press of a button in Slack waits for them.
"""

from dataclasses import dataclass

import httpx

from bot.domain.model import System
from bot.services.metrics import API_CALLS, Meter
from bot.services.ports import Clock, ListKeeper, TokenKeeper
from bot.services.way import Way
from bot.settings import Settings
from integrations.client import Told, make_client
from integrations.procore.hooks import ProcoreHooks
from integrations.signin import SignInGateway
from integrations.snapshot import SystemsConfig, SystemsReader

Kept = tuple[TokenKeeper, ListKeeper]
"""Where sign-ins and lists are kept."""


@dataclass(frozen=True, slots=True)
class Systems:
    """What reads, what signs in and what sets up webhooks, over the one client that they share."""

    client: httpx.AsyncClient
    reader: SystemsReader
    gateway: SignInGateway
    hooks: ProcoreHooks

    async def close(self) -> None:
        """Let what was put aside come to its end, and hang up."""
        try:
            await self.reader.drain()
        finally:
            await self.client.aclose()


def make_systems(settings: Settings, kept: Kept, clock: Clock, way: Way, meter: Meter) -> Systems:
    """Both systems as the settings have them."""
    client = make_client(told=_teller(settings, meter))
    keeper, lists = kept
    reader = SystemsReader(
        keeper=keeper, clock=clock, config=_config(settings), client=client, kept=lists, way=way
    )
    connector = reader.connector
    return Systems(client, reader, SignInGateway(connector), ProcoreHooks(connector))


def _teller(settings: Settings, meter: Meter) -> Told:
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
        meter.count(API_CALLS, str(hosts.get(url.netloc, System.QBO)), status)

    return told


def _config(settings: Settings) -> SystemsConfig:
    """Where the systems are, and who we are there."""
    return SystemsConfig(
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
