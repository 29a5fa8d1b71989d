"""``onboard demo`` and ``onboard sandbox``: what runs on stand-ins."""

import asyncio
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Pace, open_application, socket_mode
from bot.core import open_core
from bot.demo import demo_settings, read_world, seed, tell_changes
from bot.logs import set_up_logs
from bot.serving import stop_on_signals, web_of
from bot.web import listen, serving
from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.world.model import World

QUICK = Pace(send=0.5, tick=0.5, remind=0.5)
"""The demo's rounds: when somebody moves the clock, the reminder should come while they look."""

Port = Annotated[int, typer.Option(min=0, max=65535, help="0 chooses a free one.")]


async def _until_stopped() -> None:
    await stop_on_signals().wait()


def demo(
    port: Port = 8080,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Don't open the page in a browser.")
    ] = False,
    world: Annotated[Path | None, typer.Option(help="A world file instead of the demo's.")] = None,
) -> None:
    """The whole product on this laptop: the bot, and stand-ins of Slack, Procore and QuickBooks."""
    set_up_logs("WARNING", "text")
    asyncio.run(_demo(port, world, browse=not no_open))


async def _demo(port: int, world: Path | None, *, browse: bool) -> None:
    async with run_demo(port, read_world(world)) as url:
        typer.echo(f"ready {url}")
        if browse:
            await asyncio.to_thread(webbrowser.open, url)
        await _until_stopped()


@asynccontextmanager
async def run_demo(port: int, world: World) -> AsyncIterator[str]:
    """The running demo's address; everything stops, and its database goes, with the block."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="onboard-demo-"))
        sandbox = await stack.enter_async_context(run_sandbox(world, slack_port=port))
        listener = listen("127.0.0.1", 0)
        stack.callback(listener.close)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = demo_settings(sandbox, f"sqlite:///{folder}/demo.db", public_url=url)
        core = await stack.enter_async_context(open_core(settings, sandbox.clock))
        await seed(core, sandbox)
        application = await stack.enter_async_context(open_application(core, QUICK))
        web = web_of(application, slack=False)
        await stack.enter_async_context(serving(web, listener))
        await stack.enter_async_context(socket_mode(application))
        tell_changes(sandbox, settings)
        await application.services.hooks.tend()
        yield sandbox.slack_url


def sandbox(
    procore_port: Port = 8091,
    qbo_port: Port = 8092,
    slack_port: Port = 8093,
    world: Annotated[Path | None, typer.Option(help="A world file instead of the demo's.")] = None,
) -> None:
    """Only the stand-ins, for any client; docs/worlds.md says how to use and change them."""
    set_up_logs("WARNING", "text")
    asyncio.run(_sandbox(procore_port, qbo_port, slack_port, world))


async def _sandbox(procore_port: int, qbo_port: int, slack_port: int, world: Path | None) -> None:
    running = run_sandbox(
        read_world(world), procore_port=procore_port, qbo_port=qbo_port, slack_port=slack_port
    )
    async with running as box:
        for line in _addresses(box):
            typer.echo(line)
        typer.echo(f"ready {box.slack_url}")
        await _until_stopped()


def _addresses(box: Sandbox) -> list[str]:
    return [
        f"procore {box.procore_url}",
        f"qbo     {box.qbo_url}",
        f"slack   {box.slack_url}",
    ]
