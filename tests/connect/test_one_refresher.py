"""Fifty tasks in three processes need the same expired token: the server is asked once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.core import open_core
from bot.demo import demo_settings
from bot.domain.customer import Connection, Grant, NewCustomer, Tokens
from bot.domain.model import System
from bot.settings import Settings
from integrations.sandbox.clock import WorldClock
from integrations.sandbox.runner import Sandbox, run_sandbox
from tests.connect.child import read
from tests.connect.rig import ACME, DANA, world
from tests.fakes.store import migrated
from tests.processes import Child
from tests.storage.postgres import create_database, upgraded

SHARES = (17, 17, 16)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        (tmp_path / "shared.db").write_bytes(asyncio.run(migrated()))
        return f"sqlite:///{tmp_path / 'shared.db'}"
    server = request.getfixturevalue("postgres")
    return create_database(server, "shared", upgraded(server))


async def expire(settings: Settings, clock: WorldClock, sandbox: Sandbox) -> None:
    """A connection whose access token ended a minute ago."""
    async with open_core(settings, clock) as core, httpx.AsyncClient() as client:
        wanted = {"realm_id": ACME, "email": DANA}
        answer = await client.post(f"{sandbox.qbo_url}/_world/grants", json=wanted)
        ended = clock.now() - timedelta(minutes=1)
        tokens = Tokens("ended", answer.json()["refresh_token"], ended)
        made = Connection(1, System.QBO, ACME, Grant.REFRESH_TOKEN, tokens, connected_at=ended)
        async with core.store.transaction() as tx:
            customer = await tx.customers.add(NewCustomer("acme", "Acme"), clock.now())
            await tx.connections.put(replace(made, customer_id=customer.id))


async def run_children(settings: Settings) -> list[int]:
    """Three processes that begin at the same moment; how many of each one's reads were good."""
    children = [Child(read, settings, share) for share in SHARES]
    for child in children:
        assert await child.hear() == "ready"
    for child in children:
        child.say("go")
    good = [await child.hear() for child in children]
    assert [await child.end() for child in children] == [0, 0, 0]
    return good


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
async def test_fifty_tasks_in_three_processes_make_one_refresh(database: str):
    clock = WorldClock(datetime.now(UTC))
    async with run_sandbox(world(), clock=clock) as sandbox:
        settings = demo_settings(sandbox, database)
        await expire(settings, clock, sandbox)
        good = await run_children(settings)
        async with httpx.AsyncClient() as client:
            log = (await client.get(f"{sandbox.qbo_url}/_world/log")).json()["entries"]
    assert good == list(SHARES)
    refreshes = [one for one in log if one.get("path") == "/oauth2/v1/tokens/bearer"]
    assert [one["status"] for one in refreshes] == [200]
