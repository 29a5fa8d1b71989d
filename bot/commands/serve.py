"""``onboard serve``, ``onboard demo`` and ``onboard sandbox``: everything that keeps running."""

import asyncio
import logging
import signal
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from starlette.applications import Starlette

from bot.app import Application, Pace, open_application, socket_mode
from bot.clock import SystemClock
from bot.core import open_core
from bot.demo import demo_settings, read_world, seed
from bot.pages import make_pages
from bot.settings import Settings, SettingsError, load_settings
from bot.web import listen, make_web, serving
from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.world.model import World

log = logging.getLogger("onboard")
QUICK = Pace(send=0.2, remind=0.5)
"""The demo's rounds: when somebody moves the clock, the reminder should come while they look."""

Port = Annotated[int, typer.Option(min=0, max=65535, help="0 chooses a free one.")]


def serve() -> None:
    """Run the bot for real: Socket Mode with SLACK_APP_TOKEN, else signed HTTP."""
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # httpx logs every address it reads, and those hold companies' ids.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    settings.require("slack_bot_token", "onboard_secret_key")
    if not _has(settings, "slack_app_token") and not _has(settings, "slack_signing_secret"):
        raise SettingsError(
            "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing. Both are on "
            "the Slack app's Basic Information page; docs/slack.md says which one you need."
        )
    async with (
        open_core(settings, SystemClock()) as core,
        open_application(core) as application,
    ):
        await _connected(application)
    log.info("stopped")


def _has(settings: Settings, name: str) -> bool:
    return bool(getattr(settings, name).get_secret_value())


async def _until_stopped() -> None:
    """Wait for Ctrl-C or a polite kill."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopped.set)
    await stopped.wait()


async def _connected(application: Application) -> None:
    """Over HTTP where Slack or a browser has to reach us; by Socket Mode where there is a token."""
    settings = application.core.settings
    by_socket = _has(settings, "slack_app_token")
    async with AsyncExitStack() as stack:
        if settings.public_url or not by_socket:
            try:
                listener = listen(settings.host, settings.port)
            except OSError as error:
                where = f"{settings.host}:{settings.port}"
                raise SettingsError(
                    f"{where} can't be listened on ({error.strerror}). Stop the other program, or "
                    "change HOST and PORT."
                ) from None
            web = web_of(application, slack=not by_socket)
            await stack.enter_async_context(serving(web, listener))
            log.info("listening on %s:%s", settings.host, settings.port)
        if by_socket:
            await stack.enter_async_context(socket_mode(application))
            log.info("connected to Slack by Socket Mode")
        await _until_stopped()


def web_of(application: Application, *, slack: bool) -> Starlette:
    """What the application serves over HTTP: the pages of signing in, and Slack where wanted."""

    async def ready() -> str:
        async with application.core.store.transaction() as tx:
            await tx.outbox.pending()
        return ""

    secure = application.core.settings.public_url.startswith("https://")
    pages = make_pages(application.services.connect, secure=secure)
    return make_web(application.slack if slack else None, ready, pages)


def demo(
    port: Port = 8080,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Don't open the page in a browser.")
    ] = False,
    world: Annotated[Path | None, typer.Option(help="A world file instead of the demo's.")] = None,
) -> None:
    """The whole product on this laptop: the bot, and stand-ins of Slack, Procore and QuickBooks."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
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
        yield sandbox.slack_url


def sandbox(
    procore_port: Port = 8091,
    qbo_port: Port = 8092,
    slack_port: Port = 8093,
    world: Annotated[Path | None, typer.Option(help="A world file instead of the demo's.")] = None,
) -> None:
    """Only the stand-ins, for any client; docs/worlds.md says how to use and change them."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
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
