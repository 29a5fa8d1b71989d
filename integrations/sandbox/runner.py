"""Runs a world: the three stand-ins on one event loop."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.procore.app import create_procore_app
from integrations.sandbox.qbo.app import create_qbo_app
from integrations.sandbox.server import serve
from integrations.sandbox.slack.app import create_slack_app
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.model import World
from integrations.sandbox.world.panel import Panel


@dataclass(frozen=True, slots=True)
class SlackTokens:
    """What the installed app signs in to the Slack stand-in with."""

    bot: str
    app: str
    signing_secret: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox; base URLs have no trailing slash."""

    world: World
    live: LiveWorld
    clock: WorldClock
    panel: Panel
    procore_url: str
    qbo_url: str
    slack_url: str
    slack_tokens: SlackTokens
    slack: SlackServer
    slack_log: RequestLog
    slack_faults: FaultBook


@contextlib.asynccontextmanager
async def run_sandbox(
    world: World,
    *,
    clock: WorldClock | None = None,
    procore_port: int = 0,
    qbo_port: int = 0,
    slack_port: int = 0,
    slack_request_url: str | None = None,
) -> AsyncIterator[Sandbox]:
    """Serve ``world`` on loopback while the block runs; port 0 takes any free port.

    Args:
        world: What the stand-ins hold; it is copied, never changed.
        clock: The world's time; by default from the world's ``clock``, ticking.
        procore_port: Port of the Procore stand-in.
        qbo_port: Port of the QuickBooks Online stand-in.
        slack_port: Port of the Slack stand-in and its web page.
        slack_request_url: Where the app takes signed HTTP instead of Socket Mode.

    Raises:
        PortInUseError: Something else listens on one of the ports.
    """
    live = LiveWorld(world, clock)
    panel = Panel(live)
    slack_log, slack_faults = RequestLog(live.clock), FaultBook()
    slack_app = create_slack_app(
        world.slack,
        clock=live.clock,
        log=slack_log,
        faults=slack_faults,
        panel=panel,
        request_url=slack_request_url,
    )
    slack: SlackServer = slack_app.state.slack
    apps = (
        (create_procore_app(live), procore_port),
        (create_qbo_app(live), qbo_port),
        (slack_app, slack_port),
    )
    async with contextlib.AsyncExitStack() as stack:
        procore_url, qbo_url, slack_url = [
            await stack.enter_async_context(serve(app, port)) for app, port in apps
        ]
        # Streams and sockets end before the server that holds them is stopped.
        stack.push_async_callback(slack.aclose)
        stack.push_async_callback(live.hooks.aclose)
        yield Sandbox(
            world,
            live,
            live.clock,
            panel,
            procore_url,
            qbo_url,
            slack_url,
            slack_tokens=_tokens(slack),
            slack=slack,
            slack_log=slack_log,
            slack_faults=slack_faults,
        )


def _tokens(slack: SlackServer) -> SlackTokens:
    state = slack.state
    return SlackTokens(
        state.bot_token,
        state.app_token,
        slack.delivery.signing_secret,
        state.installs.client_id,
        state.installs.client_secret,
    )
