"""``onboard serve``: waits for what it needs, connects to Slack, watches itself, stops politely."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette

from bot.app import Application, open_application, socket_mode
from bot.clock import SystemClock
from bot.core import Core, open_core
from bot.figures import figures
from bot.installs import use_home_token
from bot.pages import make_install_pages, make_pages
from bot.settings import Settings, SettingsError
from bot.slack_client import (
    CountingClient,
    Identity,
    SlackUnreachableError,
    check_app_token,
    make_web_client,
    who_am_i,
)
from bot.storage import schema
from bot.storage.engine import is_sqlite, make_engine
from bot.watchdog import HopelessError, LoopGuard, Watchdog, first_of
from bot.web import Figures, listen, make_web, serving

if TYPE_CHECKING:
    from bot.socket_line import SocketLine

log = logging.getLogger("onboard")

T = TypeVar("T")
Connected = Callable[[], str]
"""Says why Slack does not reach this process, "" when it does."""
LONGEST_PAUSE = 30.0
"""Seconds between two attempts at most, while something that is needed is away."""
READY_WITHIN = 5.0
"""Seconds that the database has to answer; a load balancer asks again soon."""


class _StoppedError(Exception):
    """Somebody asked the process to stop while it was still waiting."""


def stop_on_signals() -> asyncio.Event:
    """Set by Ctrl-C or a polite kill."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    return stop


async def run(settings: Settings) -> None:
    """Run the bot until it is asked to stop.

    Raises:
        SettingsError: something is missing or refused, with a sentence.
        HopelessError: only a new start helps; the supervisor makes one.
    """
    stop = stop_on_signals()
    try:
        await _run(settings, stop)
    except _StoppedError:
        log.info("stopped before it had begun")
    except HopelessError as error:
        log.critical("%s", error)
        raise
    else:
        log.info("stopped")


async def _run(settings: Settings, stop: asyncio.Event) -> None:
    settings.require("slack_bot_token", "onboard_secret_key")
    if not _has(settings, "slack_app_token") and not _has(settings, "slack_signing_secret"):
        raise SettingsError(
            "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing. Both are on "
            "the Slack app's Basic Information page; docs/slack.md says which one you need."
        )
    away = (schema.UnreachableDatabaseError,)
    await patiently(lambda: _reach_database(settings), away, stop)
    async with open_core(settings, SystemClock()) as core:
        client = make_web_client(settings)
        me = await patiently(lambda: _reach_slack(core, client), (SlackUnreachableError,), stop)
        async with open_application(core, me=me) as application:
            await _connected(application, stop)


def _has(settings: Settings, name: str) -> bool:
    return bool(getattr(settings, name).get_secret_value())


async def _reach_database(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    try:
        await schema.current(engine)
    except schema.UnreachableDatabaseError as error:
        if is_sqlite(engine):
            # A file that can't be opened doesn't come by itself.
            raise SettingsError(str(error)) from None
        raise
    finally:
        await engine.dispose()


async def _reach_slack(core: Core, client: CountingClient) -> Identity:
    await use_home_token(core, client)
    me = await who_am_i(client)
    app_token = core.settings.slack_app_token.get_secret_value()
    if app_token:
        await check_app_token(client, app_token)
    return me


async def patiently(
    reach: Callable[[], Awaitable[T]],
    away: tuple[type[Exception], ...],
    stop: asyncio.Event,
    first_pause: float = 1.0,
) -> T:
    """What ``reach`` comes to, however long it takes; each time that it is away, it is said.

    Raises:
        _StoppedError: somebody lost patience.
    """
    pause = first_pause
    while True:
        try:
            return await reach()
        except away as error:
            log.warning("%s Trying again in %g s.", error, pause)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            raise _StoppedError


async def _connected(application: Application, stop: asyncio.Event) -> None:
    """Over HTTP where Slack or a browser has to reach us; by Socket Mode where there is a token."""
    settings = application.core.settings
    by_socket = _has(settings, "slack_app_token")
    line: SocketLine | None = None

    def connected() -> str:
        is_open = line is not None and line.is_open
        return "" if is_open or not by_socket else "no socket to Slack is open"

    async with AsyncExitStack() as stack:
        await _listening(stack, application, connected, slack=not by_socket)
        if by_socket:
            line = await stack.enter_async_context(socket_mode(application))
            log.info("connected to Slack by Socket Mode")
        application.services.pulse.by("socket" if by_socket else "http")
        await asyncio.to_thread(_load_the_rest, application.core)
        await _until(stop, application, line)


def _load_the_rest(core: Core) -> None:
    """What the start did not wait for, before anybody does: whom to trust is read here, too."""
    core.systems.get()
    import_module("bot.diagnosis")


async def _until(stop: asyncio.Event, application: Application, line: "SocketLine | None") -> None:
    """Until somebody asks to stop, or the watchdog finds that only a new start helps."""
    watchdog, guard = Watchdog(application.rounds, line), LoopGuard()
    await first_of(
        [
            asyncio.create_task(_wait(stop)),
            asyncio.create_task(watchdog.guard()),
            asyncio.create_task(guard.turn()),
        ]
    )


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


async def _listening(
    stack: AsyncExitStack, application: Application, connected: Connected, *, slack: bool
) -> None:
    """Health and figures always; where nobody else needs the port, a taken one is no error."""
    settings = application.core.settings
    where = f"{settings.host}:{settings.port}"
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        if not slack and not settings.public_url:
            log.warning("%s can't be listened on (%s): no /healthz here", where, error.strerror)
            return
        raise SettingsError(
            f"{where} can't be listened on ({error.strerror}). Stop the other program, or "
            "change HOST and PORT."
        ) from None
    web = web_of(application, connected, slack=slack)
    await stack.enter_async_context(serving(web, listener))
    log.info("listening on %s", where)


def web_of(
    application: Application, connected: Connected = lambda: "", *, slack: bool
) -> Starlette:
    """What the application serves over HTTP: the pages of signing in, and Slack where wanted."""
    core = application.core

    async def ready() -> str:
        stopped = application.rounds.stopped()
        if stopped:
            return f"the scheduler has stopped (rounds: {', '.join(stopped)})"
        try:
            async with asyncio.timeout(READY_WITHIN), core.store.transaction(first=True) as tx:
                await tx.beats.all()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            return f"the database doesn't answer ({type(error).__name__})"
        failure = application.rounds.failing("beat")
        if failure:
            return f"nothing can be written to the database ({failure})"
        return connected()

    async def render() -> bytes:
        return await figures(core, application.services, application.rounds)

    secure = core.settings.public_url.startswith("https://")
    pages = make_pages(application.services.connect, secure=secure)
    if application.installs is not None:
        pages += make_install_pages(application.installs.pages)
    shown = Figures(render, core.settings.metrics_token.get_secret_value())
    hooks = application.services.webhooks
    return make_web(application.slack if slack else None, ready, pages, shown, hooks)
