"""The one composition root: Slack on top of the core, and the rounds beside it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.core import Core
from bot.heavy import calm_collector
from bot.installs import Installs, make_installs, use_home_token
from bot.scheduling import Rounds
from bot.services import pulse
from bot.services.health import Line
from bot.services.hub import Services
from bot.services.metered import MeteredMessenger
from bot.services.ports import Messenger
from bot.services.router import Router
from bot.settings import Settings, SettingsError
from bot.slack_client import CountingClient, Identity, open_web_client, who_am_i
from handlers import SlackApp, SlackConfig, build_slack_app
from handlers.board import CardBoard
from handlers.names import Names
from handlers.poster import SlackMessenger

if TYPE_CHECKING:
    from bot.socket_line import Patience, SocketLine

log = logging.getLogger(__name__)

KEEP_INBOX = timedelta(days=2)
"""Longer than Slack's latest retry (24 hours with Delayed Events)."""

KEEP_SIGN_INS = timedelta(hours=12)
"""So long an old link is answered with why it is of no use any more."""

LONGEST_GOODBYE = 30.0
"""Seconds that what is under way has to end when the process is asked to stop."""

FOR_PEOPLE = 20.0
"""Seconds of it for the checks and answers that people wait for."""

KEEP_LISTS = timedelta(days=30)
"""Intuit tells no changes of longer ago, so an older list is of no use to anybody."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between rounds.

    The outbox, what systems told of, who is looked at tonight and which webhooks are missing, who
    is due, the cleaning, the sign-ins to keep alive, the sign of life, whether the app is
    installed again after it was removed, and which channels nobody looked at for a day.
    """

    send: float = 1.0
    tick: float = 1.0
    plan: float = 60.0
    remind: float = 5.0
    clean: float = 3600.0
    keep_alive: float = 3600.0
    beat: float = pulse.EVERY
    look_again: float = 300.0
    look_around: float = 600.0


@dataclass(frozen=True, slots=True)
class Application:
    """A bot that is wired and ready to be connected to Slack."""

    core: Core
    services: Services
    slack: SlackApp
    client: AsyncWebClient
    rounds: Rounds
    installs: Installs | None = None


def _mail(settings: Settings) -> Messenger | None:
    if not settings.smtp_url:
        return None
    from integrations.email import Mailer, MailMessenger

    settings.require("mail_from")
    try:
        return MailMessenger(Mailer(settings.smtp_url, settings.mail_from))
    except ValueError as error:
        raise SettingsError(f"SMTP_URL can't be used: {error}.") from None


@asynccontextmanager
async def open_application(
    core: Core, pace: Pace | None = None, me: Identity | None = None
) -> AsyncIterator[Application]:
    """Everything but the connection to Slack; the rounds run while the block does.

    ``me`` is who the bot is, for whoever asked Slack just now: it is not asked once more.

    Raises:
        SettingsError: Slack refuses the token or can't be reached, or a setting is unusable.
    """
    async with (
        open_web_client(core.settings, core.metrics) as client,
        _wired(core, client, pace or Pace(), me) as application,
    ):
        yield application


@asynccontextmanager
async def _wired(
    core: Core, client: CountingClient, pace: Pace, known: Identity | None
) -> AsyncIterator[Application]:
    settings = core.settings
    installs = make_installs(core, client)
    await use_home_token(core, client)
    me = known or await who_am_i(client)
    board = CardBoard(client, core.store, core.clock, core.settings.support())
    messenger = SlackMessenger(client, core.store, core.settings.support())
    router = MeteredMessenger(Router(messenger, _mail(settings)), core.metrics)
    services = core.services(router, board, Names(client))
    config = SlackConfig(
        bot_token=settings.slack_bot_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        home_team_id=settings.home_team_id or me["team_id"],
        bot_user_id=me["user_id"],
        support_channel_id=settings.support_channel_id,
        staff_usergroup_id=settings.staff_usergroup_id,
        support=settings.support(),
    )
    slack = build_slack_app(
        config,
        services,
        client=client,
        diagnose=lambda: _diagnosis(core),
        others=installs.others if installs else None,
    )
    rounds = _rounds(core, services, pace, slack)
    if installs is not None:
        renew = installs.service.renew_due

        async def renewed() -> int:
            count = await renew()
            messenger.use(await use_home_token(core, client))
            return count

        rounds.every(pace.look_again, "slack tokens", renewed)
    await services.installation.installed()
    await services.pulse.beat()
    rounds.start()
    # What start-up made stays for good.
    calm_collector()
    try:
        yield Application(core, services, slack, client, rounds, installs)
    finally:
        await rounds.stop()
        await _finished(services, slack, board)


async def _diagnosis(core: Core) -> list[Line]:
    from bot.diagnosis import diagnose_running

    return await diagnose_running(core)


async def _finished(services: Services, slack: SlackApp, board: CardBoard) -> None:
    """Nothing that was begun is cut off: listeners finish, and their cards are drawn.

    Whoever supervises this process does not wait for ever, so neither do we.
    """
    try:
        async with asyncio.timeout(LONGEST_GOODBYE):
            await services.reminders.let_go()
            # What people asked for is answered; what takes longer than this is cut off, so that
            # there is time left for what has to be stored.
            with suppress(TimeoutError):
                async with asyncio.timeout(FOR_PEOPLE):
                    await services.rechecks.stop()
                    await slack.registry.drain()
            await services.stop()
            await services.drain()
            await slack.registry.drain()
            await board.drain()
            await services.pulse.end()
    except TimeoutError:
        log.warning("what was under way did not end in time; it is left")
    except SQLAlchemyError as error:
        log.warning("the goodbye could not be stored: %s", type(error).__name__)


def _rounds(core: Core, services: Services, pace: Pace, slack: SlackApp) -> Rounds:
    async def clean() -> int:
        async with core.store.transaction() as tx:
            await tx.inbox.forget_before(core.clock.now() - KEEP_INBOX)
            await tx.signins.forget_before(core.clock.now() - KEEP_SIGN_INS)
            await tx.kept_lists.forget_before(core.clock.now() - KEEP_LISTS)
            await tx.installations.forget_before(core.clock.now())
            await tx.beats.forget_before(core.clock.now() - pulse.KEEP)
        return 0

    rounds = Rounds(core.metrics)
    while_installed = services.installation.while_installed
    rounds.every(pace.send, "send", while_installed(services.sender.pump))
    rounds.every(pace.tick, "tick", while_installed(services.ticks.tick))
    rounds.every(pace.plan, "plan", services.ticks.plan)
    rounds.every(pace.plan, "hooks", services.hooks.tend)
    rounds.every(pace.remind, "remind", while_installed(services.reminders.tick))
    rounds.every(pace.remind, "digest", while_installed(services.digest.tick))
    rounds.every(pace.look_again, "look again", slack.look_again)
    rounds.every(pace.look_around, "look around", while_installed(slack.look_around))
    rounds.every(pace.clean, "clean", clean)
    rounds.every(pace.beat, "beat", services.pulse.beat)
    if services.signing_in is not None:
        rounds.every(pace.keep_alive, "keep alive", services.signing_in.keep_alive.tick)
    return rounds


@asynccontextmanager
async def socket_mode(
    application: Application, patience: "Patience | None" = None
) -> AsyncIterator["SocketLine"]:
    """Connected to Slack by Socket Mode while the block runs; a watchdog tends the line."""
    from bot.socket_line import SocketLine

    token = application.core.settings.slack_app_token.get_secret_value()
    line = SocketLine(
        application.slack, token, application.client, application.core.metrics, patience
    )
    await line.open()
    try:
        yield line
    finally:
        await line.close()
