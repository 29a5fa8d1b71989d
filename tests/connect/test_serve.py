"""``onboard serve`` in Socket Mode serves the pages of signing in where PUBLIC_URL is set."""

import asyncio
import os
import signal
import sys
from contextlib import closing
from pathlib import Path

import httpx

from bot.demo import demo_settings
from bot.settings import Settings
from bot.web import listen
from integrations.sandbox.runner import run_sandbox
from tests.connect.rig import world

ROOT = Path(__file__).parents[2]


def environment(settings: Settings) -> dict[str, str]:
    """The settings as another process finds them; nothing else of ours."""
    found = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        text = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        found[name.upper()] = text
    return found | {"PYTHONPATH": str(ROOT)}


async def answer_of(url: str) -> httpx.Response:
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                return await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)


async def test_it_serves_pages_beside_the_socket_and_stops_politely(tmp_path: Path):
    with closing(listen("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with run_sandbox(world()) as sandbox:
        settings = demo_settings(sandbox, f"sqlite:///{tmp_path / 'bot.db'}", public_url=url)
        settings = settings.model_copy(update={"host": "127.0.0.1", "port": port})
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", cwd=tmp_path, env=environment(settings)
        )
        try:
            assert (await answer_of(f"{url}/healthz")).json() == {"ok": True}
            page = await answer_of(f"{url}/connect/nonsense")
            assert (page.status_code, "doesn't work" in page.text.replace("&#x27;", "'")) == (
                404,
                True,
            )
            assert (await answer_of(f"{url}/slack/events")).status_code == 404
            async with asyncio.timeout(60):
                while (ready := await answer_of(f"{url}/readyz")).status_code != 200:
                    assert "no socket to Slack" in ready.json()["reason"]
                    await asyncio.sleep(0.05)
            figures = (await answer_of(f"{url}/metrics")).text
            assert "onboard_build_info{" in figures
            assert 'onboard_api_calls_total{status="200",system="slack"}' in figures
        finally:
            process.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(process.wait(), 30)
    assert code == 0
