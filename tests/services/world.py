"""The use cases over a real store, with fakes of everything outside."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import facets
from bot.domain.customer import Customer
from bot.domain.model import Cause, Gate, SupportIdentity, System
from bot.domain.records import Accounts, Identity, SupportUserLookup
from bot.domain.reminders import LADDER, Ladder
from bot.services.dossier import customer_files
from bot.services.facts import Away
from bot.services.files import ExportFile, Form
from bot.services.hub import Outside, Services, make_services
from bot.services.notices import Notice, ReminderNotice, load
from bot.services.ports import Outgoing
from bot.services.workbook import make_workbook
from bot.storage.store import SqlStore
from tests.fakes.at_once import away_at_once, judge_at_once
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock
from tests.fakes.facts import account, code, codes, fill
from tests.fakes.messenger import FakeMessenger
from tests.fakes.source import FakeSource

HOME, SUPPORT = "CEXTACME", "CSUPPORT"
CASEY, STAFF = "UCASEY", "USTAFF"
CODES = "cost-code-coverage"


async def without_workbooks(size: int, work: Callable[..., Any], *arguments: object) -> Any:
    """``Away``; a hand-off's workbook takes longer than all the rest of it: that is left out.

    ``test_handoff_pack`` shows what is in one.
    """
    return b"workbook" if work is make_workbook else await away_at_once(size, work, *arguments)


@dataclass
class World:
    """One process, its customer's systems, its Slack, its clock."""

    store: SqlStore
    mail: bool = False
    owner: str = "one"
    ladder: Ladder = LADDER
    away: Away = without_workbooks
    clock: FakeClock = field(default_factory=FakeClock)
    board: FakeBoard = field(default_factory=FakeBoard)
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    holidays: set[date] = field(default_factory=set)
    paused: list[float] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.source = FakeSource(self.clock)
        fill(self.source)
        self.do: Services = make_services(
            Outside(
                store=self.store,
                source=self.source,
                messenger=self.messenger,
                board=self.board,
                clock=self.clock,
                holidays_of=self._holidays_of,
                support=SupportIdentity(),
                support_channel=SUPPORT,
                owner=self.owner,
                mail=self.mail,
                judge=judge_at_once,
                away=self.away,
                pause=self.pause,
                ladder=self.ladder,
            )
        )

    async def pause(self, seconds: float) -> None:
        """Sleeps until the test lets it ``go_on``."""
        self.paused.append(seconds)
        await self.go_on.wait()
        self.clock.move(seconds=seconds)

    def _holidays_of(self, _region: str) -> Callable[[date], bool]:
        return self.holidays.__contains__

    async def customer(self, name: str = "Acme", channel: str = HOME) -> Customer:
        return await self.do.customers.create(name, STAFF, channel, "TACME")

    async def get(self, customer_id: int = 1) -> Customer:
        return await self.do.customers.by_id(customer_id)

    async def change(self, customer_id: int = 1, **fields: object) -> Customer:
        """Write fields of a customer, as if they had come about long ago."""
        async with self.store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            changed = replace(customer, **fields)  # type: ignore[arg-type]
            await tx.customers.save(changed)
        return changed

    async def gate(self, customer_id: int = 1) -> Gate:
        return (await self.do.customers.view(customer_id)).report.gate

    async def kind(self, item: str, customer_id: int = 1) -> str:
        return (await self.do.customers.view(customer_id)).report.status(item).kind.value

    async def lines(self, *actions: str, customer_id: int = 1) -> list[str]:
        """The details of the history's lines of these actions, oldest first."""
        entries = await self.do.customers.history(customer_id, 1000)
        return [e.detail for e in reversed(entries) if e.action in actions]

    async def deliver(self) -> list[Outgoing]:
        """Send whatever is due; what was posted on the way."""
        before = len(self.messenger.posted)
        await self.do.sender.pump()
        return self.messenger.posted[before:]

    async def said(self, channel: str | None = None) -> list[Notice]:
        """What is posted now, in this channel or in all."""
        return [load(m.payload) for m in await self.deliver() if channel in (None, m.channel)]

    async def files(
        self, customer_id: int, forms: Collection[Form] = (Form.XLSX,)
    ) -> list[ExportFile]:
        """What the export of this customer is."""
        do = self.do
        return await customer_files(
            self.store, self.clock, do.support, do.changes, do.worksheets, customer_id, forms
        )

    def mend(self) -> None:
        """Everything in order again."""
        fill(self.source)

    def break_codes(self) -> None:
        """One of three cost codes has no target: the key requirement is unmet."""
        rows = (("03-300", "Footings"), ("09-900", "Painting"), ("26-100", "Switchboards"))
        self.source.put(facets.COST_CODES, codes(*(code(*row) for row in rows)))

    def fill_chart(self) -> None:
        """All three cost codes have their account."""
        rows = (("03-300", "Footings"), ("09-900", "Painting"), ("26-100", "Switchboards"))
        self.source.put(facets.ACCOUNTS, Accounts(tuple(account(*row) for row in rows)))

    def lose_support_user(self) -> None:
        self.source.put(facets.SUPPORT_USER, SupportUserLookup())

    def authorised_by_dana(self) -> None:
        """Both QuickBooks user items are unknown, and a matter of a person's word."""
        dana = Identity("d", "dana@acme.example", True, "Dana", "Lee")
        self.source.put(facets.AUTHORISER, dana)

    def outage(self, *systems: System, cause: Cause = Cause.UNREACHABLE) -> None:
        """These systems, or both, cannot be read."""
        for system in systems or tuple(System):
            self.source.fail_all(facets.ALL, system, cause)


def sydney(day: int, at: str = "09:00", month: int = 11, year: int = 2026) -> datetime:
    """A moment by the clock in Sydney."""
    local = datetime.combine(date(year, month, day), time.fromisoformat(at))
    return local.replace(tzinfo=ZoneInfo("Australia/Sydney")).astimezone(UTC)


async def reminders(world: World) -> list[ReminderNotice]:
    """What a round sends to the customer's channel now."""
    await world.do.reminders.tick()
    return [n for n in await world.said(HOME) if isinstance(n, ReminderNotice)]
