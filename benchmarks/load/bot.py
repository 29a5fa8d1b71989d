"""The bot that is measured: the real ``onboard serve`` over HTTP, on SQLite in a file.

Its customers are written beforehand: those from 1 on are ready, and have a card to press on; those
after them are the same large company, far away and connected, for the checks beside the load.
"""

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.chaos.source import ReadySource
from benchmarks.load.memory import resident_kb
from benchmarks.load.press import SECRET, channel_of, line
from benchmarks.load.slack import HOME
from benchmarks.proofs.bot_process import ONBOARD, free_port
from benchmarks.reads.company import COMPANY, REALM
from benchmarks.shared.parts import ROOT
from bot.clock import SystemClock
from bot.core import Core, NoBoard, NoMessenger, open_core
from bot.domain.customer import Channel, Connection, Grant, NewCustomer, Tokens
from bot.domain.model import System
from bot.settings import load_settings

PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


def environment(folder: Path, slack: int, key: str, places: Mapping[str, Any]) -> dict[str, str]:
    """The bot's settings."""
    made = {
        "SLACK_BOT_TOKEN": "xoxb-load",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
        "HOME_TEAM_ID": HOME,
        "DATABASE_URL": f"sqlite:///{folder / 'load.db'}",
        "ONBOARD_SECRET_KEY": key,
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "LOG_LEVEL": "WARNING",
    }
    for name, place in places.items():
        upper = name.upper()
        made[f"{upper}_API_URL"] = place["url"]
        made[f"{upper}_AUTH_URL"] = place["there"]
        made[f"{upper}_CLIENT_ID"] = place["client"]["id"]
        made[f"{upper}_CLIENT_SECRET"] = place["client"]["secret"]
    if "qbo" in places:
        made["QBO_USERINFO_URL"] = f"{places['qbo']['url']}/v1/openid_connect/userinfo"
    return made


async def settle(
    settings: Mapping[str, str], places: Mapping[str, Any], ready: int, large: int
) -> tuple[Sequence[int], Sequence[int]]:
    """Write the customers; the ids of those who are ready, and of the large ones."""
    clock = SystemClock()
    with _environment(settings):
        loaded = load_settings(env_file=None)
    async with open_core(loaded, clock) as core:
        async with core.store.transaction() as tx:
            ids = []
            for number in range(1, ready + large + 1):
                new = NewCustomer(f"c{number}", f"Customer {number}")
                customer = await tx.customers.add(new, clock.now())
                # A reminder in the middle of the load would be another load.
                await tx.customers.save(replace(customer, reminders_on=False))
                await tx.customers.link(Channel(channel_of(customer.id), customer.id))
                ids.append(customer.id)
        source = ReadySource(core.reader, clock, frozenset(ids))
        seen = replace(core, reader=source).services(NoMessenger(), NoBoard())  # type: ignore[arg-type]
        for one in ids:
            await seen.checks.run(one, None, "bot")
        await seen.drain()
        for one in ids:
            await _connect(core, places, one)
    return ids[:ready], ids[ready:]


async def _connect(core: Core, places: Mapping[str, Any], customer: int) -> None:
    now = core.clock.now()
    async with core.store.transaction() as tx:
        for system, company in ((System.PROCORE, COMPANY), (System.QBO, REALM)):
            given = places[system.value]
            tokens = Tokens(given["access_token"], given["refresh_token"], now + timedelta(hours=1))
            grant = Grant.REFRESH_TOKEN
            made = Connection(customer, system, company, grant, tokens, connected_at=now)
            await tx.connections.put(made)


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class Server:
    """A process that serves."""

    port: int
    number: int

    @property
    def processor_s(self) -> float:
        """Seconds of computing of this process so far."""
        fields = _stat(self.number)
        return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True)
class Bot:
    """The running process; ``started`` is the seconds from its start until it was ready."""

    port: int
    number: int
    started: float

    @property
    def memory_mb(self) -> float:
        """Resident memory of the process and of those that it started, now; see ``memory``."""
        return resident_kb(_family(self.number)) / 2**10

    @property
    def server(self) -> "Server":
        """The process alone."""
        return Server(self.port, self.number)

    async def checks(self) -> int:
        """Checks that have ended."""
        async with line(self.port) as own:
            page = (await own.get("/metrics")).decode()
        lines = [one for one in page.splitlines() if one.startswith("onboard_checks_total{")]
        failed = [one for one in lines if "failed" in one]
        if failed:
            raise RuntimeError(f"checks failed: {failed}")
        return round(sum(float(one.rpartition(" ")[2]) for one in lines))


def _stat(process: int) -> list[str]:
    """The fields of /proc/N/stat after the name; none when the process has gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _family(process: int) -> list[int]:
    """This process and all below it."""
    found = [process]
    for one in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


@asynccontextmanager
async def running(settings: Mapping[str, str]) -> AsyncIterator[Bot]:
    """``onboard serve`` until the block ends.

    Raises:
        RuntimeError: it ended before it was ready.
    """
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: ASYNC220 - nothing else goes on yet.
        [str(ONBOARD), "serve"], env={**os.environ, **settings}, cwd=ROOT
    )
    try:
        port = int(settings["PORT"])
        await _ready(process, port)
        yield Bot(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


async def _ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    while process.poll() is None:
        try:
            async with line(port) as own:
                await own.get("/readyz")
        except (OSError, RuntimeError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.02)
        else:
            return
    raise RuntimeError("onboard serve ended; its last words are above")
