"""``onboard serve`` in Socket Mode serves the pages of signing in where PUBLIC_URL is set."""

import asyncio
from contextlib import closing
from pathlib import Path

import httpx

from bot.demo import demo_settings
from bot.settings import Settings
from bot.web import listen
from integrations.sandbox.runner import run_sandbox
from tests.connect.rig import world
from tests.fakes.store import migrated
from tests.processes import begun


def environment(settings: Settings) -> dict[str, str]:
    """The settings as another process finds them."""
    found = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        text = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        found[name.upper()] = text
    return found


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
    (tmp_path / "bot.db").write_bytes(await migrated())
    async with run_sandbox(world()) as sandbox:
        settings = demo_settings(sandbox, f"sqlite:///{tmp_path / 'bot.db'}", public_url=url)
        settings = settings.model_copy(update={"host": "127.0.0.1", "port": port})
        process = begun(tmp_path / "printed", environment(settings), "serve")
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
            process.terminate()
            await asyncio.to_thread(process.join, 30)
    assert process.exitcode == 0, (tmp_path / "printed").read_text(encoding="utf-8")
