"""The `onboard` command, run in this process."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.demo import NOWHERE
from bot.settings import Settings
from bot.storage.vault import Vault
from tests.fakes.store import migrated


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Onboard = Callable[..., Result]


@pytest.fixture
def onboard(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Onboard]:
    """`onboard("check", "acme", "--demo")` in an empty folder and a bare environment."""
    root = logging.getLogger()
    handlers, level = [*root.handlers], root.level
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["onboard", *arguments])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    yield run
    # A command that serves sets up the logs of the process, which goes on with other tests.
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def new(onboard: Onboard, monkeypatch: pytest.MonkeyPatch) -> Onboard:
    """The same with a secret key; the first command makes a database in that folder."""
    monkeypatch.setenv("ONBOARD_SECRET_KEY", Vault.new_key())
    monkeypatch.setenv("DATABASE_URL", "sqlite:///onboard.db")
    for name in ("SLACK_API_URL", "PROCORE_API_URL", "PROCORE_AUTH_URL", "QBO_API_URL"):
        monkeypatch.setenv(name, NOWHERE)
    return onboard


@pytest.fixture
def set_up(new: Onboard, tmp_path: Path) -> Onboard:
    """The same with a database that was made before."""
    (tmp_path / "onboard.db").write_bytes(asyncio.run(migrated()))
    return new
