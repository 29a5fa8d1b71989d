"""No token that a stand-in issued is in anything that the bot writes or says."""

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.customer import Purpose
from bot.domain.model import System
from integrations.sandbox.faults import Fault, FaultKind, FaultMatch, FaultRule
from integrations.sandbox.tokens import TokenBook
from tests.connect.rig import DANA, INTERFY, Rig, running_rig
from tests.fakes.store import migrated
from tests.processes import onboard

FAULTS = (
    Fault(kind=FaultKind.EXPIRED_TOKEN),
    Fault(kind=FaultKind.STATUS, status=403),
    Fault(kind=FaultKind.XML, status=401),
    Fault(kind=FaultKind.REVOKED_TOKEN),
)


@pytest.fixture(autouse=True)
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every logger at DEBUG, also those of the libraries."""
    names = [name for name in logging.root.manager.loggerDict if isinstance(name, str)]
    before = {name: logging.getLogger(name).level for name in names}
    caplog.set_level(logging.DEBUG)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def issued(book: TokenBook) -> set[str]:
    return {*book._access, *book._refresh}


@dataclass
class Written:
    """What was written or said, by where."""

    texts: dict[str, bytes]

    def leaks(self, secrets: set[str]) -> list[str]:
        return [
            f"{where}: …{secret[-6:]}"
            for where, content in self.texts.items()
            for secret in secrets
            if secret.encode() in content
        ]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def command_line(rig: Rig, folder: Path, *arguments: str) -> bytes:
    """What ``onboard`` prints, set up by its environment."""
    settings = rig.core.settings
    given = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        given[name.upper()] = (
            value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        )
    return await onboard(folder, given | {"LOG_LEVEL": "DEBUG"}, *arguments)


async def weather(rig: Rig) -> list[str]:
    """What checks say under every fault, one of which quotes the token back."""
    said = []
    for fault in FAULTS:
        for book in (rig.sandbox.live.procore_faults, rig.sandbox.live.qbo_faults):
            book.add(FaultRule(match=FaultMatch(path="/(rest|v3)/", times=None), fault=fault))
        outcome = await rig.services.checks.run(rig.customer.id, None, "U0DANA")
        said.append(repr(outcome))
        for book in (rig.sandbox.live.procore_faults, rig.sandbox.live.qbo_faults):
            book.clear()
        rig.clock.set(rig.clock.now() + timedelta(hours=3))
    return said


async def test_no_token_is_written_or_said(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Database, logs at DEBUG, answers, history, and the command line, over sign-ins and faults."""
    (tmp_path / "onboard.db").write_bytes(await migrated())
    async with running_rig(f"sqlite:///{tmp_path}/onboard.db", wire=True) as rig:
        for system in System:
            for who, purpose in ((DANA, Purpose.CUSTOMER), (INTERFY, Purpose.SUPPORT)):
                page = await rig.sign_in(system, who, purpose)
                assert f"{system.label} is connected" in page.text
        said = await weather(rig)
        connections = [await rig.stored(system) for system in System]
        view = await rig.services.customers.view(rig.customer.id)
        history = await rig.services.customers.history(rig.customer.id, 1000)
        commands = ("check acme", "doctor")
        runs = [command_line(rig, tmp_path, *one.split()) for one in commands]
        outputs = await asyncio.gather(*runs)
        printed = {f"onboard {one}": output for one, output in zip(commands, outputs, strict=True)}
        secrets = issued(rig.sandbox.live.procore_tokens) | issued(rig.sandbox.live.qbo_tokens)
        key = rig.core.settings.onboard_secret_key.get_secret_value()
        texts = files(tmp_path)
        texts |= {
            "logs": caplog.text.encode(),
            "answers": "".join(said).encode(),
            "view": repr(view).encode(),
            "settings": repr(rig.core.settings).encode(),
            "connections": repr(connections).encode(),
            "history": repr(history).encode(),
            "messages": repr(rig.messenger.posted).encode(),
            **printed,
        }
    assert len(secrets) > 15
    assert connections[0] is not None
    assert connections[0].tokens.refresh_token in secrets
    # Each of these really was written, so that finding nothing in them means something.
    assert all(texts[f"onboard {one}"] for one in ("check acme", "doctor"))
    assert sum(len(texts[name]) for name in texts if name.startswith("onboard.db")) > 50_000
    assert re.search(rb"DEBUG.*sqlite", texts["logs"])
    assert b"Support user" in texts["onboard check acme"] or b"support user" in texts["answers"]
    assert Written(texts).leaks(secrets | {key}) == []


def test_the_search_finds_what_is_there():
    """A leak would be named by its place, without the secret itself."""
    found = Written({"logs": b"... Bearer at-0123456789abcdef ..."}).leaks({"at-0123456789abcdef"})
    assert found == ["logs: …abcdef"]
