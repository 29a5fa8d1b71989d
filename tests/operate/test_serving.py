"""`onboard serve` waits for what it needs, and stops politely while it waits."""

import asyncio
from pathlib import Path

import pytest

from bot import serving
from bot.demo import demo_settings
from bot.settings import Settings, SettingsError
from bot.storage.vault import Vault
from integrations.sandbox.runner import run_sandbox
from integrations.sandbox.world.loader import parse_world
from tests.connect.rig import WORLD
from tests.sandbox.slack_kit import until

AWAY = "postgresql://bot:hush@127.0.0.1:1/onboard"


class AwayError(Exception):
    pass


def settings_with(url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=url,
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
        onboard_secret_key=Vault.new_key(),
    )


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
    async with run_sandbox(parse_world(WORLD)) as sandbox:
        settings = demo_settings(sandbox, f"sqlite:///{tmp_path / 'bot.db'}")
    stop = asyncio.Event()
    starting = asyncio.create_task(serving._run(settings, stop))
    await until(lambda: "Trying again" in caplog.text, 20)
    assert "Slack can't be reached" in caplog.text
    stop.set()
    with pytest.raises(serving._StoppedError):
        await starting
