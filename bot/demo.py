"""The whole product against stand-ins: what ``onboard demo`` and ``--demo`` run.

The bot is the real one: it talks HTTP and Socket Mode to the stand-ins of Procore, QuickBooks
and Slack. Only the addresses differ, and the clock, which the world's clock stands in for.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import httpx
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.core import Core, open_core
from bot.domain.customer import (
    Channel,
    Connection,
    Customer,
    Grant,
    HistoryEntry,
    NewCustomer,
    Tokens,
)
from bot.domain.model import System
from bot.domain.reminders import next_due
from bot.services.ports import Transaction
from bot.services.webhooks import PATHS
from bot.settings import Settings
from bot.storage.vault import Vault
from bot.workdays import holidays_of
from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.world.loader import load_demo, load_world
from integrations.sandbox.world.model import Customer as WorldCustomer
from integrations.sandbox.world.model import World

NOWHERE = "http://127.0.0.1:1"
"""A port where nothing ever listens: the demo's idea of a system that is down."""
STARTED_AGO = timedelta(days=3)


class _Given(Settings):
    """Settings that are told; nowhere else is looked for any."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's shape.
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class Down(StrEnum):
    """A system that ``--down`` takes away."""

    PROCORE = "procore"
    QUICKBOOKS = "quickbooks"


def read_world(path: Path | None) -> World:
    """The world in a file, or the shipped demo world.

    Raises:
        WorldError: the file has mistakes; the message lists each by line.
    """
    return load_demo() if path is None else load_world(path)


@asynccontextmanager
async def demo_core(path: Path | None, *, down: Down | None = None) -> AsyncIterator[Core]:
    """A core over freshly started stand-ins, with the world's customers in a fresh database."""
    async with (
        run_sandbox(read_world(path)) as sandbox,
        open_core(demo_settings(sandbox, "sqlite://", down), sandbox.clock) as core,
    ):
        await seed(core, sandbox)
        yield core


def demo_settings(
    sandbox: Sandbox, database_url: str, down: Down | None = None, *, public_url: str = ""
) -> Settings:
    """Settings that point at the stand-ins; nothing of the environment gets in."""
    slack, procore, qbo = sandbox.world.slack, sandbox.world.procore, sandbox.world.qbo
    procore_url = NOWHERE if down is Down.PROCORE else sandbox.procore_url
    qbo_url = NOWHERE if down is Down.QUICKBOOKS else sandbox.qbo_url
    support = next((c.id for c in slack.channels if "support" in c.name), "")
    group = slack.usergroups[0].id if slack.usergroups else ""
    return _Given(
        slack_bot_token=sandbox.slack_tokens.bot,
        slack_app_token=sandbox.slack_tokens.app,
        slack_signing_secret=sandbox.slack_tokens.signing_secret,
        slack_client_id=sandbox.slack_tokens.client_id if public_url else "",
        slack_client_secret=sandbox.slack_tokens.client_secret,
        slack_api_url=f"{sandbox.slack_url}/api/",
        home_team_id=slack.home.id,
        support_channel_id=support,
        staff_usergroup_id=group,
        procore_client_id=procore.clients[0].id if procore.clients else "",
        procore_client_secret=procore.clients[0].secret if procore.clients else "",
        procore_api_url=procore_url,
        procore_auth_url=procore_url,
        qbo_client_id=qbo.clients[0].id if qbo.clients else "",
        qbo_client_secret=qbo.clients[0].secret if qbo.clients else "",
        qbo_api_url=qbo_url,
        qbo_auth_url=qbo_url,
        qbo_userinfo_url="",
        database_url=database_url,
        onboard_secret_key=Vault.new_key(),
        smtp_url="",
        public_url=public_url,
        procore_webhook_secret=f"Bearer {secrets.token_hex(16)}",
        qbo_webhook_verifier=secrets.token_hex(16),
    )


def tell_changes(sandbox: Sandbox, settings: Settings) -> None:
    """Have QuickBooks' stand-in tell of every change, as on Intuit's page; Procore's are asked."""
    url = f"{settings.public_url}{PATHS[System.QBO]}"
    verifier = settings.qbo_webhook_verifier.get_secret_value()
    sandbox.live.hooks.subscribe(System.QBO.value, url, verifier)


async def seed(core: Core, sandbox: Sandbox) -> None:
    """Start the world's customers as staff would have: named, linked and connected."""
    async with httpx.AsyncClient() as client:
        for known in sandbox.world.customers:
            connections = await _connections(known, sandbox, client)
            async with core.store.transaction() as tx:
                customer = await _add(tx, known, core)
                for connection in connections:
                    await tx.connections.put(replace(connection, customer_id=customer.id))


async def _add(tx: Transaction, known: WorldCustomer, core: Core) -> Customer:
    now = core.clock.now()
    new = NewCustomer(known.slug, known.name, known.timezone, known.region, known.owner or "")
    customer = await tx.customers.add(new, now - STARTED_AGO)
    due = next_due(customer, now, holidays_of(known.region))
    await tx.customers.save(replace(customer, next_reminder_at=due))
    if known.channel:
        await tx.customers.link(Channel(known.channel, customer.id))
    await tx.history.append(HistoryEntry(customer.id, now - STARTED_AGO, "bot", "new", known.name))
    return customer


async def _connections(
    known: WorldCustomer, sandbox: Sandbox, client: httpx.AsyncClient
) -> list[Connection]:
    """Procore by service account or by a person's sign-in, QuickBooks by who authorised it."""
    now = sandbox.clock.now()
    found = []
    if known.procore_company is not None:
        refresh = ""
        if known.procore_authorised_by:
            wanted = {"company_id": known.procore_company, "email": known.procore_authorised_by}
            refresh = await _grant(client, sandbox.procore_url, wanted)
        found.append(
            Connection(
                0,
                System.PROCORE,
                str(known.procore_company),
                Grant.REFRESH_TOKEN if refresh else Grant.CLIENT_CREDENTIALS,
                Tokens(refresh_token=refresh),
                account_name=known.name,
                connected_by=known.procore_authorised_by or "",
                connected_at=now,
            )
        )
    if known.qbo_realm is not None and known.qbo_authorised_by:
        wanted = {"realm_id": known.qbo_realm, "email": known.qbo_authorised_by}
        refresh = await _grant(client, sandbox.qbo_url, wanted)
        found.append(
            Connection(
                0,
                System.QBO,
                known.qbo_realm,
                Grant.REFRESH_TOKEN,
                Tokens(refresh_token=refresh),
                account_name=known.name,
                connected_by=known.qbo_authorised_by,
                connected_at=now,
            )
        )
    return found


async def _grant(client: httpx.AsyncClient, url: str, wanted: dict[str, object]) -> str:
    answer = await client.post(f"{url}/_world/grants", json=wanted)
    answer.raise_for_status()
    return str(answer.json()["refresh_token"])
