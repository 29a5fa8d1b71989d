"""`onboard doctor` against an installation that runs on the stand-ins: well, and then broken."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.core import NoBoard, NoMessenger, open_core
from bot.demo import demo_settings, seed
from bot.diagnosis import diagnose, diagnose_running
from bot.domain.customer import Purpose
from bot.domain.model import System
from bot.services.health import Line, State, exit_code
from bot.services.pulse import Pulse
from bot.web import listen, make_web, serving
from integrations.sandbox.runner import Sandbox, run_sandbox
from tests.called import nothing_is_connected
from tests.small_world import small_demo


@pytest.fixture(autouse=True)
def only_slack_has_sockets() -> Iterator[None]:
    with nothing_is_connected(but_slack=True):
        yield


def by_name(lines: list[Line]) -> dict[str, Line]:
    return {line.name: line for line in lines}


async def ready() -> str:
    return ""


async def edit(sandbox: Sandbox, **change: object) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{sandbox.slack_url}/_world/edits", json=change)
        answer.raise_for_status()


async def test_it_finds_what_is_well_and_what_is_not(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    listener = listen("127.0.0.1", 0)
    public = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with (
        run_sandbox(small_demo()) as sandbox,
        serving(make_web(None, ready), listener),
    ):
        settings = demo_settings(sandbox, url, public_url=public)
        before = by_name(await diagnose(settings, sandbox.clock))
        assert before["database"].remedy == "onboard db upgrade"
        async with open_core(settings, sandbox.clock) as core:
            await seed(core, sandbox)
            pulse = Pulse(core.store, core.clock, core.owner)
            pulse.heard(clicked=True)
            await pulse.beat()
            well = await diagnose_running(core)
            troubles = {line.name for line in well if line.state is not State.PASS}
            assert troubles == {"setting PUBLIC_URL", "webhooks"}, (
                "no https, none made yet: warnings"
            )
            assert by_name(well)["PUBLIC_URL"].text == "leads to a bot that answers"
            assert exit_code(well) == 0
            found = by_name(well)
            assert found["connection acme Procore"].text.endswith("requests left")
            assert found["connection acme QuickBooks"].text == "answers; 499 requests left"
            assert found["customers' channels"].text.startswith("the bot is in ")

            scopes = [s for s in sandbox.world.slack.app.scopes if s != "chat:write"]
            channel = next(c.channel for c in sandbox.world.customers if c.slug == "acme")
            bot_user = sandbox.world.slack.app.bot_user
            out = {"channel": channel, "user": bot_user, "joined": False}
            await edit(sandbox, scopes=scopes, memberships=[out])
            services = core.services(NoMessenger(), NoBoard())
            acme = await services.customers.find("acme")
            async with core.store.transaction() as tx:
                connection = await tx.connections.get(acme.id, System.QBO, Purpose.CUSTOMER)
            assert connection is not None
            await services.connect._gateway.revoke(System.QBO, connection.tokens)
            sandbox.clock.advance(timedelta(hours=2))
            found = by_name(await diagnose(settings, sandbox.clock))
    assert found["Slack token"].text == "lacks the scopes chat:write"
    assert f"acme ({channel})" in found["customers' channels"].text
    assert found["connection acme QuickBooks"].state is State.FAIL
    assert "sign in again" in found["connection acme QuickBooks"].remedy
    assert found["scheduler"].state is State.FAIL


async def test_without_slack_the_rest_is_told(tmp_path: Path):
    async with run_sandbox(small_demo()) as sandbox:
        settings = demo_settings(sandbox, f"sqlite:///{tmp_path / 'bot.db'}")
    found = by_name(await diagnose(settings, sandbox.clock))
    assert found["Slack token"].state is State.UNKNOWN
    assert found["setting PUBLIC_URL"].state is State.WARN
