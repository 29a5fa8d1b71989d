"""The files to install with agree with the code, as far as that can be read from them.

Docker and systemd are not there where the tests run: nothing here shows that an image builds.
"""

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import LONGEST_GOODBYE
from bot.cli import COMMANDS
from bot.services.metrics import METRICS, Kind
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
SETTINGS = {name.upper() for name in Settings.model_fields}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(ROOT / "deploy" / "onboard.service", encoding="utf-8")
    return parser


def test_the_image_copies_what_exists_and_ignores_the_rest():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in DOCKERFILE.splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored, source
    assert "*" in ignored
    assert ".env" not in "".join(line for line in ignored if line.startswith("!"))


def test_the_image_runs_the_command_as_nobody_special():
    assert 'CMD ["onboard", "serve"]' in DOCKERFILE
    assert "serve" in COMMANDS
    user, command = DOCKERFILE.index("USER onboard"), DOCKERFILE.index('CMD ["onboard"')
    assert user < command
    assert "--require-hashes" in DOCKERFILE
    assert "/readyz" in DOCKERFILE
    health = re.search(r'CMD \["python", "-c", (".*")\]', DOCKERFILE)
    assert health is not None
    compile(yaml.safe_load(health[1]), "healthcheck", "exec")


def test_two_replicas_share_a_database(compose: dict[str, Any]):
    bot = compose["services"]["bot"]
    assert bot["deploy"]["replicas"] == 2
    assert set(bot["environment"]) <= SETTINGS
    assert bot["environment"]["DATABASE_URL"].startswith("postgresql://")
    assert "ports" not in bot, "two replicas can't have the same port of the host"
    assert str(Settings.model_fields["port"].default) in bot["expose"]
    assert compose["services"]["database"]["image"].startswith("postgres:")


def test_whoever_stops_it_waits_longer_than_it_takes(compose: dict[str, Any]):
    assert float(compose["services"]["bot"]["stop_grace_period"].rstrip("s")) > LONGEST_GOODBYE
    assert float(unit()["Service"]["TimeoutStopSec"]) > LONGEST_GOODBYE


def test_the_unit_starts_it_again_and_locks_it_up():
    service = unit()["Service"]
    assert shlex.split(service["ExecStart"])[1:] == ["serve"]
    assert service["Restart"] == "on-failure"
    assert service["ProtectSystem"] == "strict"
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    named = {pair.split("=")[0] for pair in service["Environment"].split()}
    assert named <= SETTINGS | {"MALLOC_ARENA_MAX"}


def test_the_alarms_look_at_figures_that_there_are():
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text(encoding="utf-8"))
    names = {m.name for m in METRICS}
    names |= {f"{m.name}_bucket" for m in METRICS if m.kind is Kind.HISTOGRAM}
    for rule in rules["groups"][0]["rules"]:
        used = set(re.findall(r"onboard_\w+", rule["expr"]))
        assert used, rule
        assert used <= names, rule
