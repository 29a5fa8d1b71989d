"""The real ``onboard serve`` for a trial: stand-ins of Procore and QuickBooks, customers, the bot.

Everything is a process started by the project's own commands, as an operator would start them;
what Slack is, the trial says. It all ends with the block.
"""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ONBOARD = Path(sys.executable).parent / "onboard"
CUSTOMERS = {
    "Acme": ("C0ACME", "8089", "4620816365000000001", "dana@acme.example"),
    "Bondi": ("C0BONDI", "8090", "4620816365000000002", "support@interfy.com.au"),
}
"""Name: channel, Procore company, QuickBooks realm, who authorised it (the demo world's)."""
PATIENCE = 60.0


@dataclass(slots=True)
class Bot:
    """The running bot; ``log`` grows while it runs, ``settings`` are its environment's."""

    procore_url: str
    qbo_url: str
    log: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def complaints(self) -> list[str]:
        """What the bot logged as a warning or worse."""
        return [
            line for line in self.log if re.search(r" (WARNING|ERROR|CRITICAL) |Traceback", line)
        ]


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def process(
    command: Sequence[str], environment: Mapping[str, str], lines: list[str], until: str
) -> AsyncIterator[None]:
    """A process that has said ``until``; it is stopped politely with the block.

    Raises:
        RuntimeError: it ended, or did not say so in time; the message has its last words.
    """
    running = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )
    said = asyncio.Event()

    async def listen() -> None:
        assert running.stdout is not None
        async for line in running.stdout:
            lines.append(line.decode(errors="replace").rstrip())
            if until in lines[-1]:
                said.set()

    listening = asyncio.create_task(listen())
    waiting = asyncio.create_task(said.wait())
    try:
        await asyncio.wait(
            {listening, waiting}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
        )
        if not said.is_set():
            raise RuntimeError(f"{command[0]} did not start: " + " | ".join(lines[-5:]))
        yield
    finally:
        waiting.cancel()
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(running.wait(), 20)
        except TimeoutError:
            running.kill()
        await listening


async def run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a command printed.

    Raises:
        RuntimeError: it failed; the message has what it said.
    """
    done = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )
    out, _ = await done.communicate()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:4])}: {out.decode().strip()}")
    return out.decode().strip()


@contextlib.asynccontextmanager
async def serve_bot(
    slack: Mapping[str, str], channels: Mapping[str, str] | None = None
) -> AsyncIterator[Bot]:
    """The bot with two customers; ``slack`` is the part of its settings that a trial chooses.

    ``channels`` gives the customers' channels where the ids are not ours to choose.
    """
    said: list[str] = []
    ports = [str(free_port()) for _ in range(3)]
    names = ("--procore-port", "--qbo-port", "--slack-port")
    options = [word for pair in zip(names, ports, strict=True) for word in pair]
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        await stack.enter_async_context(
            process((str(ONBOARD), "sandbox", *options), {}, said, "ready http")
        )
        procore_url, qbo_url = (f"http://127.0.0.1:{port}" for port in ports[:2])
        bot = Bot(procore_url, qbo_url)
        settings = bot.settings = {**_settings(bot, folder), **slack}
        settings["ONBOARD_SECRET_KEY"] = (
            await run((str(ONBOARD), "keys", "new"), settings)
        ).split()[-1]
        await run((str(ONBOARD), "db", "upgrade"), settings)
        for name in CUSTOMERS:
            channel = (channels or {}).get(name, CUSTOMERS[name][0])
            await _connect(name, channel, bot, settings)
        ready = "connected to Slack" if settings.get("SLACK_APP_TOKEN") else "listening on"
        await stack.enter_async_context(process((str(ONBOARD), "serve"), settings, bot.log, ready))
        yield bot


def _settings(bot: Bot, folder: str) -> dict[str, str]:
    return {
        "PROCORE_CLIENT_ID": "onecore-procore",
        "PROCORE_CLIENT_SECRET": "procore-stand-in",
        "PROCORE_API_URL": bot.procore_url,
        "PROCORE_AUTH_URL": bot.procore_url,
        "QBO_CLIENT_ID": "onecore-qbo",
        "QBO_CLIENT_SECRET": "qbo-stand-in",
        "QBO_API_URL": bot.qbo_url,
        "QBO_AUTH_URL": bot.qbo_url,
        "DATABASE_URL": f"sqlite:///{folder}/trial.db",
        "SUPPORT_CHANNEL_ID": "C0SUPPORT",
        "HOST": "127.0.0.1",
    }


async def _connect(name: str, channel: str, bot: Bot, settings: Mapping[str, str]) -> None:
    _, company, realm, email = CUSTOMERS[name]
    onboard = (str(ONBOARD), "customers")
    slug = name.casefold()
    await run((*onboard, "add", name), settings)
    await run((*onboard, "link", slug, channel), settings)
    await run((*onboard, "connect-procore", slug, "--company", company), settings)
    async with httpx.AsyncClient() as web:
        wanted = {"realm_id": realm, "email": email}
        granted = (await web.post(f"{bot.qbo_url}/_world/grants", json=wanted)).json()
    token = {"QBO_REFRESH_TOKEN": granted["refresh_token"]}
    await run((*onboard, "connect-quickbooks", slug, "--realm", realm), {**settings, **token})
