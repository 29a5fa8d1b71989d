"""`onboard serve` waits for what it needs, and stops politely while it waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot import app, serving
from bot.app import open_application, socket_mode
from bot.core import open_core
from bot.demo import demo_settings
from bot.domain.customer import DEFAULT_TIMEZONE
from bot.services.checks import CheckService
from bot.settings import Settings, SettingsError
from bot.storage.vault import Vault
from bot.watchdog import HopelessError, Watchdog
from handlers.call import Call
from handlers.ids import Verb
from handlers.listeners import VERBS
from integrations.sandbox.runner import Sandbox, run_sandbox
from tests.called import nothing_is_connected
from tests.connect.rig import SUPPORT, world
from tests.fakes.store import migrated
from tests.sandbox.slack_kit import until

AWAY = "postgresql://bot:hush@127.0.0.1:1/onboard"


class AwayError(Exception):
    pass


@asynccontextmanager
async def slack() -> AsyncIterator[Sandbox]:
    """Slack to connect to; nobody connects to the other two."""
    with nothing_is_connected(but_slack=True):
        async with run_sandbox(world()) as sandbox:
            yield sandbox


def settings_with(url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=url,
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
        onboard_secret_key=Vault.new_key(),
    )


async def settings_of(sandbox: Sandbox, folder: Path) -> Settings:
    """For a bot whose database has been there before."""
    (folder / "bot.db").write_bytes(await migrated())
    return demo_settings(sandbox, f"sqlite:///{folder / 'bot.db'}")


async def test_nothing_of_the_environment_gets_into_a_demo(monkeypatch):
    monkeypatch.setenv("HOME_TIMEZONE", "nowhere")
    async with slack() as sandbox:
        assert demo_settings(sandbox, "sqlite://").home_timezone == DEFAULT_TIMEZONE


async def test_what_is_away_is_waited_for_and_each_time_it_is_said(caplog):
    answers = [AwayError("The database is away."), AwayError("The database is away."), "here"]

    async def reach() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    stop = asyncio.Event()
    assert await serving.patiently(reach, (AwayError,), stop, first_pause=0.01) == "here"
    assert caplog.text.count("The database is away. Trying again in ") == 2


async def test_with_the_database_away_it_says_so_and_stops_when_asked(caplog):
    stop = asyncio.Event()
    starting = asyncio.create_task(serving._run(settings_with(AWAY), stop))
    await until(lambda: "Trying again" in caplog.text, 20)
    assert "cannot be reached" in caplog.text
    assert "hush" not in caplog.text
    stop.set()
    with pytest.raises(serving._StoppedError):
        await starting


async def test_a_file_that_cannot_be_opened_is_not_waited_for(tmp_path: Path):
    with pytest.raises(SettingsError, match="cannot be reached"):
        await serving._run(settings_with(f"sqlite:///{tmp_path}"), asyncio.Event())


async def test_with_slack_away_it_says_so_and_stops_when_asked(tmp_path: Path, caplog):
    async with slack() as sandbox:
        settings = await settings_of(sandbox, tmp_path)
    stop = asyncio.Event()
    starting = asyncio.create_task(serving._run(settings, stop))
    await until(lambda: "Trying again" in caplog.text, 20)
    assert "Slack can't be reached" in caplog.text
    stop.set()
    with pytest.raises(serving._StoppedError):
        await starting


@pytest.mark.parametrize("token", ["slack_bot_token", "slack_app_token"])
async def test_a_token_that_slack_refuses_ends_the_start_with_a_sentence(
    token: str, tmp_path: Path
):
    async with slack() as sandbox:
        settings = await settings_of(sandbox, tmp_path)
        wrong = settings.model_copy(update={token: SecretStr("wrong")})
        with pytest.raises(SettingsError, match=rf"Slack refuses {token.upper()} \(invalid_auth\)"):
            await serving._run(wrong, asyncio.Event())


async def test_what_was_asked_before_the_stop_is_answered(tmp_path: Path, monkeypatch):
    """The socket goes, then what is under way ends, and the goodbye is stored."""
    begun = asyncio.Event()

    async def slowly(call: Call) -> None:
        begun.set()
        await asyncio.sleep(0.1)
        await call.say("Here it is.")

    monkeypatch.setitem(VERBS, Verb.LIST, replace(VERBS[Verb.LIST], listener=slowly))
    async with slack() as sandbox:
        settings = await settings_of(sandbox, tmp_path)
        async with open_core(settings, sandbox.clock) as core:
            async with (
                open_application(core) as application,
                socket_mode(application),
                httpx.AsyncClient(base_url=sandbox.slack_url) as person,
            ):
                words = {"persona": "U0SAM", "channel": SUPPORT, "text": "/onboard list"}
                await person.post("/_ui/send", json=words)
                await begun.wait()
            async with core.store.transaction() as tx:
                (beat,) = await tx.beats.all()
            async with httpx.AsyncClient(base_url=sandbox.slack_url) as person:
                seen = await person.get(
                    "/_ui/messages", params={"persona": "U0SAM", "channel": SUPPORT}
                )
    assert "Here it is." in seen.text
    assert beat.ended_at is not None
    assert beat.heard_at is not None


@pytest.mark.parametrize("takes", [0.1, 3600.0])
async def test_a_check_that_somebody_asked_for_is_finished_before_the_end_if_it_ends(
    takes: float, tmp_path: Path, monkeypatch
):
    """One that would never end holds nobody up, and nothing of it is stored."""
    begun = asyncio.Event()
    read = CheckService._read

    async def slowly(self: CheckService, *asked: Any) -> Any:
        begun.set()
        await asyncio.sleep(takes)
        return await read(self, *asked)

    monkeypatch.setattr(CheckService, "_read", slowly)
    if takes > 1:
        monkeypatch.setattr(app, "FOR_PEOPLE", 0.05)
    async with slack() as sandbox:
        settings = await settings_of(sandbox, tmp_path)
        async with open_core(settings, sandbox.clock) as core:
            async with (
                open_application(core) as application,
                socket_mode(application),
                httpx.AsyncClient(base_url=sandbox.slack_url) as person,
            ):
                acme = await application.services.customers.create("Acme", "U0SAM")
                words = {"persona": "U0SAM", "channel": SUPPORT, "text": "/onboard check acme"}
                await person.post("/_ui/send", json=words)
                await begun.wait()
            async with core.store.transaction() as tx:
                found = await tx.findings.load(acme.id)
        messages = {"persona": "U0SAM", "channel": SUPPORT}
        async with httpx.AsyncClient(base_url=sandbox.slack_url) as person:
            seen = await person.get("/_ui/messages", params=messages)
    assert bool(found) == (takes < 1)
    assert ("Checked everything for Acme" in seen.text) == (takes < 1)


async def test_when_only_a_new_start_helps_it_ends_politely_and_says_why(
    tmp_path: Path, monkeypatch, caplog
):
    async def hopeless(_watchdog: Watchdog) -> None:
        raise HopelessError("The scheduler has stopped (rounds: send).")

    monkeypatch.setattr(Watchdog, "guard", hopeless)
    async with slack() as sandbox:
        settings = demo_settings(sandbox, f"sqlite:///{tmp_path / 'bot.db'}")
        settings = settings.model_copy(update={"host": "127.0.0.1", "port": 0})
        with pytest.raises(HopelessError) as ended:
            await serving.run(settings)
        async with open_core(settings, sandbox.clock) as core, core.store.transaction() as tx:
            (beat,) = await tx.beats.all()
    assert ended.value.for_people, "so the command ends with exit code 2 and this sentence"
    assert [r.getMessage() for r in caplog.records if r.levelname == "CRITICAL"] == [
        "The scheduler has stopped (rounds: send)."
    ]
    assert beat.ended_at is not None, "its goodbye is stored, so the doctor blames nobody"
