"""Every use case in one place, as the listeners and the command line get them."""

import asyncio
from dataclasses import dataclass, field

from bot import words
from bot.domain.customer import DEFAULT_TIMEZONE
from bot.domain.model import SupportIdentity, System
from bot.domain.reminders import LADDER, Ladder
from bot.services.arrivals import Arrivals
from bot.services.changes import ChangesService
from bot.services.channels import ChannelService, InstallationService
from bot.services.checks import CheckService, Judge, in_a_thread
from bot.services.connect import ConnectService
from bot.services.customers import CustomerService
from bot.services.decisions import DecisionService
from bot.services.digest import DigestService
from bot.services.duplicates import DuplicateService
from bot.services.errors import UserError
from bot.services.facts import Away, FactKeeper, away_in_a_thread
from bot.services.gateway import Gateway, Signer
from bot.services.handoff import HandoffService
from bot.services.hooks import HookGateway, HookService, address_of
from bot.services.inbox import InboxService
from bot.services.keepalive import KeepAlive
from bot.services.matching import MatchingService
from bot.services.metrics import NO_METER, Meter
from bot.services.nudge import NudgeService
from bot.services.portfolio import PortfolioService
from bot.services.ports import (
    Board,
    Clock,
    HolidaysOf,
    Messenger,
    NamesOf,
    SnapshotSource,
    Store,
    nobody,
)
from bot.services.pulse import Pulse
from bot.services.recheck import Pause, RecheckService
from bot.services.remembered import RememberedSource
from bot.services.remind import ReminderService
from bot.services.risks import RiskService
from bot.services.sender import Sender
from bot.services.stages import StageKeeper
from bot.services.ticks import TickService
from bot.services.undelivered import UndeliveredService
from bot.services.way import Way
from bot.services.webhooks import NO_WEBHOOKS, WebhookSecrets, WebhookService
from bot.services.worksheets import Worksheets


@dataclass(frozen=True, slots=True)
class Signing:
    """What signing in to the systems needs; ``public_url`` is where browsers reach this app.

    ``hooks`` sets up webhooks through a sign-in.
    """

    gateway: Gateway
    signer: Signer
    public_url: str = ""
    hooks: HookGateway | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything the services need from outside, and the settings that matter to them.

    ``owner`` names this process in leases. ``mail`` says whether hand-offs also go by e-mail.
    Without ``signing`` nobody can connect a system. ``risks`` has every full check followed by a
    look at the risks.
    """

    store: Store
    source: SnapshotSource
    messenger: Messenger
    board: Board
    clock: Clock
    holidays_of: HolidaysOf
    support: SupportIdentity
    support_channel: str
    owner: str
    mail: bool = False
    names_of: NamesOf = nobody
    judge: Judge = in_a_thread
    away: Away = away_in_a_thread
    way: Way = field(default_factory=Way)
    signing: Signing | None = None
    pause: Pause = asyncio.sleep
    ladder: Ladder = LADDER
    timezone: str = DEFAULT_TIMEZONE
    meter: Meter = NO_METER
    release: str = ""
    risks: bool = False
    webhooks: WebhookSecrets = NO_WEBHOOKS


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Signing in, and what keeps a sign-in alive."""

    connect: ConnectService
    arrivals: Arrivals
    keep_alive: KeepAlive


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases."""

    clock: Clock
    store: Store
    support: SupportIdentity
    customers: CustomerService
    portfolio: PortfolioService
    checks: CheckService
    rechecks: RecheckService
    decisions: DecisionService
    channels: ChannelService
    installation: InstallationService
    handoff: HandoffService
    changes: ChangesService
    reminders: ReminderService
    nudges: NudgeService
    digest: DigestService
    sender: Sender
    undelivered: UndeliveredService
    inbox: InboxService
    matching: MatchingService
    duplicates: DuplicateService
    worksheets: Worksheets
    pulse: Pulse
    meter: Meter
    risks: RiskService
    ticks: TickService
    webhooks: WebhookService
    hooks: HookService
    way: Way
    signing_in: SigningIn | None = None

    @property
    def connect(self) -> ConnectService:
        """Connecting and disconnecting.

        Raises:
            UserError: this installation has no way to sign in.
        """
        if self.signing_in is None:
            raise UserError(words.connections.NO_SIGN_IN)
        return self.signing_in.connect

    async def stop(self) -> None:
        """End what reads the systems; nothing of it was stored yet."""
        await self.rechecks.stop()
        await self.checks.stop()
        await self.risks.stop()

    async def drain(self) -> None:
        """Wait for what goes on by itself after a sign-in or a full check."""
        await self.risks.drain()
        if self.signing_in is not None:
            await self.signing_in.arrivals.drain()


def make_services(out: Outside) -> Services:
    """Wire the use cases over their ports."""
    stages = StageKeeper(out.support, out.support_channel)
    source = RememberedSource(out.source, out.clock)
    checks = CheckService(
        out.store,
        source,
        out.clock,
        out.board,
        stages,
        out.support,
        out.judge,
        meter=out.meter,
    )
    decisions = DecisionService(
        out.store,
        out.clock,
        out.board,
        stages,
        out.holidays_of,
        out.support,
        out.support_channel,
    )
    portfolio = PortfolioService(out.store, out.clock, out.holidays_of)
    hooks = _hooks(out)
    ticks = _ticks(out, checks)
    matching, duplicates, worksheets = _matching(out, source, decisions)
    changes = ChangesService(out.store, out.clock, out.holidays_of)
    risks = _risks(out, source, checks)
    return Services(
        out.clock,
        out.store,
        out.support,
        CustomerService(out.store, out.clock, out.holidays_of),
        portfolio,
        checks,
        RecheckService(out.store, checks, out.clock, out.pause),
        decisions,
        ChannelService(out.store, out.clock, out.board, out.support_channel),
        InstallationService(out.store, out.clock),
        _handoff(out, checks, decisions, worksheets, changes, risks),
        changes,
        _reminders(out, checks),
        NudgeService(out.store, checks, out.clock, out.support),
        DigestService(out.store, portfolio, out.clock, out.support_channel, out.timezone),
        Sender(out.store, out.messenger, out.clock, out.support_channel, out.owner),
        UndeliveredService(out.store, out.clock),
        InboxService(out.store, out.clock),
        matching,
        duplicates,
        worksheets,
        Pulse(out.store, out.clock, out.owner, out.release),
        out.meter,
        risks,
        ticks,
        WebhookService(ticks, out.webhooks),
        hooks,
        out.way,
        _signing_in(out, checks, hooks),
    )


def _matching(
    out: Outside, source: RememberedSource, decisions: DecisionService
) -> tuple[MatchingService, DuplicateService, Worksheets]:
    facts = FactKeeper(out.store, source, out.clock)
    matching = MatchingService(out.store, facts, out.clock, decisions, out.away)
    duplicates = DuplicateService(out.store, facts, out.clock, decisions, out.away)
    return matching, duplicates, Worksheets(matching, duplicates, facts)


def _ticks(out: Outside, checks: CheckService) -> TickService:
    # Intuit tells of every company once its webhooks are set up; Procore's are one a company.
    told_of = [System.QBO] if out.webhooks.qbo else []
    return TickService(out.store, checks, out.clock, out.holidays_of, told_of, out.meter)


def _handoff(
    out: Outside,
    checks: CheckService,
    decisions: DecisionService,
    worksheets: Worksheets,
    changes: ChangesService,
    risks: RiskService,
) -> HandoffService:
    return HandoffService(
        out.store,
        checks,
        decisions,
        out.clock,
        out.board,
        out.support,
        out.support_channel,
        worksheets,
        changes,
        out.away,
        out.names_of,
        risks.settled,
        mail=out.mail,
    )


def _risks(out: Outside, source: RememberedSource, checks: CheckService) -> RiskService:
    made = RiskService(out.store, source, out.clock, out.support, out.judge, checks)
    if out.risks:
        checks.then(made.follow)
    return made


def _reminders(out: Outside, checks: CheckService) -> ReminderService:
    return ReminderService(
        out.store,
        checks,
        out.clock,
        out.holidays_of,
        out.support,
        out.support_channel,
        out.owner,
        ladder=out.ladder,
    )


def _hooks(out: Outside) -> HookService:
    signing = out.signing
    address = address_of(signing.public_url if signing else "", out.webhooks.procore)
    return HookService(out.store, out.clock, signing.hooks if signing else None, address)


def _signing_in(out: Outside, checks: CheckService, hooks: HookService) -> SigningIn | None:
    if out.signing is None:
        return None
    gateway, store, clock = out.signing.gateway, out.store, out.clock
    arrivals = Arrivals(store, clock, checks, gateway, hooks, out.support)
    connect = ConnectService(
        store, clock, arrivals, gateway, hooks, out.signing.signer, out.signing.public_url
    )
    return SigningIn(connect, arrivals, KeepAlive(store, clock, gateway, out.support_channel))
