"""The hand-off: once, whoever presses and however often.

The pack is a workbook, and one of thousands of rows takes seconds to make: no transaction waits
for it, because others' clicks would wait for the transaction. So the hand-off is written once to
see what the pack has to show, rolled back, and written again when the pack is there.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

from bot import words
from bot.domain.customer import Customer, home_channel
from bot.domain.lifecycle import Event, Stage
from bot.domain.model import Grade, Handover, StatusKind, SupportIdentity
from bot.domain.reminders import local_day
from bot.services.changes import ChangesService
from bot.services.checks import CheckService
from bot.services.decisions import DecisionService
from bot.services.dossier import (
    customer_sheets,
    people_in,
    with_names_of_people,
    with_worksheets,
)
from bot.services.errors import UserError
from bot.services.facts import Away, away_in_a_thread
from bot.services.lines import as_lines
from bot.services.notices import (
    AcceptedNotice,
    ConfirmationNotice,
    CustomerNotice,
    HandoffNotice,
    PackNotice,
    SentBackNotice,
    dump,
)
from bot.services.pack import pack_name
from bot.services.ports import (
    Board,
    Clock,
    NamesOf,
    Outgoing,
    Store,
    Transaction,
    nobody,
)
from bot.services.reading import existing, read_view
from bot.services.stages import move, note_contact
from bot.services.views import CustomerView, HandoffAnswer, HandoffResult
from bot.services.workbook import Sheet, make_workbook
from bot.services.worksheets import Worksheets

OVER = (Stage.HANDED_OFF, Stage.ACCEPTED)


@dataclass(frozen=True, slots=True)
class _Pack:
    """A workbook in base64, and what it shows."""

    view: CustomerView
    content: str


Settled = Callable[[int], Awaitable[None]]


async def at_once(customer_id: int) -> None:
    """Nothing to wait for, where nobody looks at the risks."""
    del customer_id


class _NoPackError(Exception):
    """There is no pack of what is being handed over: the transaction is rolled back."""

    def __init__(self, view: CustomerView, sheets: Sequence[Sheet]) -> None:
        super().__init__(view.customer.slug)
        self.view = view
        self.sheets = sheets


class HandoffService:
    """Hands customers over, and takes support's answer."""

    def __init__(
        self,
        store: Store,
        checks: CheckService,
        decisions: DecisionService,
        clock: Clock,
        board: Board,
        support: SupportIdentity,
        support_channel: str,
        worksheets: Worksheets,
        changes: ChangesService,
        away: Away = away_in_a_thread,
        names_of: NamesOf = nobody,
        risks_settled: Settled = at_once,
        *,
        mail: bool,
    ) -> None:
        self._store = store
        self._checks = checks
        self._decisions = decisions
        self._clock = clock
        self._board = board
        self._support = support
        self._support_channel = support_channel
        self._worksheets = worksheets
        self._changes = changes
        self._away = away
        self._names_of = names_of
        self._risks_settled = risks_settled
        self._mail = mail
        self._pressed: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def request(self, customer_id: int, by: str) -> HandoffResult:
        """Contact Interfy support: after a fresh check, with the gate open, exactly once.

        Raises:
            UserError: the customer is paused or archived.
        """
        already = await self._already(customer_id)
        if already is not None:
            return already
        # What is handed over rests on nothing that was kept from an earlier reading.
        checked = await self._checks.run(customer_id, None, by, in_full=True)
        if checked.view.report.gate.is_open:
            # They are looked at after a check: a pack made meanwhile would have to be made again.
            await self._risks_settled(customer_id)
        # Of those who press in this process one makes the pack, and the others find it sent.
        turn = self._pressed.setdefault(customer_id, asyncio.Lock())
        async with turn:
            result = await self._press(customer_id, by)
        if result.answer is HandoffAnswer.SENT:
            await self._board.refresh(customer_id)
        return result

    async def _press(self, customer_id: int, by: str) -> HandoffResult:
        """Try until there is a pack of what is handed over; the third one is near enough.

        Somebody may decide something while it is made, or a check may run.
        """
        handover, pack = Handover(by, self._clock.now()), None
        for last in (False, False, True):
            try:
                async with self._store.transaction() as tx:
                    return await self._answer(tx, customer_id, handover, pack, last=last)
            except _NoPackError as rehearsed:
                pack = await self._make(rehearsed)
        raise AssertionError("the last try takes the pack that there is")

    async def _make(self, rehearsed: _NoPackError) -> _Pack:
        """The workbook, where it holds up nobody's clicks."""
        worksheets = await self._worksheets.of(rehearsed.view.customer.id)
        sheets = await self._worksheets.named(rehearsed.view.customer.id, rehearsed.sheets)
        told = with_names_of_people(sheets, await self._names_of(people_in(sheets)))
        sheets = with_worksheets(told, worksheets)
        rows = sum(len(sheet.rows) for sheet in sheets)
        content = await self._away(rows, make_workbook, sheets)
        return _Pack(rehearsed.view, base64.b64encode(content).decode())

    async def _answer(
        self,
        tx: Transaction,
        customer_id: int,
        handover: Handover,
        pack: _Pack | None,
        *,
        last: bool,
    ) -> HandoffResult:
        """Hand over in the caller's transaction, unless it is done or too early.

        Raises:
            _NoPackError: there is no pack yet, or it shows something else.
        """
        customer = await tx.customers.lock(customer_id)
        view = await read_view(tx, customer, self._clock)
        if customer.stage in OVER:
            return HandoffResult(HandoffAnswer.ALREADY, view)
        if not view.report.gate.is_open:
            return HandoffResult(HandoffAnswer.TOO_EARLY, view, view.report.open_items)
        view = await self._hand_over(tx, view, handover)
        if pack is None or (pack.view != view and not last):
            sheets = await customer_sheets(tx, view, self._support, self._changes)
            raise _NoPackError(view, sheets)
        await self._send(tx, view, handover, pack.content)
        return HandoffResult(HandoffAnswer.SENT, view)

    async def _already(self, customer_id: int) -> HandoffResult | None:
        async with self._store.transaction() as tx:
            view = await read_view(tx, await existing(tx, customer_id), self._clock)
        if view.customer.stage in OVER:
            return HandoffResult(HandoffAnswer.ALREADY, view)
        return None

    async def _hand_over(
        self, tx: Transaction, view: CustomerView, handover: Handover
    ) -> CustomerView:
        """Stage and history, as of the moment at which it was pressed."""
        customer = await move(tx, view.customer, Event.HAND_OFF, handover.by, handover.at)
        customer = replace(customer, handover=handover, stuck=None)
        await tx.customers.save(customer)
        await note_contact(tx, customer, handover.at)
        return replace(await read_view(tx, customer, self._clock), now=handover.at)

    async def _send(
        self, tx: Transaction, view: CustomerView, handover: Handover, content: str
    ) -> None:
        """Queue what support and the customer are told."""
        customer, home, by = view.customer, _home(view), handover.by
        key = f"handoff:{customer.id}:{handover.at.isoformat()}"
        summary = self._summary(view, by, handover.at, home)
        await self._queue(tx, key, self._support_channel, summary)
        await self._queue(
            tx,
            f"{key}:pack",
            self._support_channel,
            PackNotice(customer.name, customer.slug, customer.id, key, summary.pack_name, content),
        )
        if self._mail:
            mail = replace(summary, pack_base64=content)
            await self._queue(tx, f"{key}:mail", f"mailto:{self._support.contact}", mail)
        if home:
            confirmation = ConfirmationNotice(
                customer.name, customer.slug, customer.id, by, handover.at, customer.timezone
            )
            await self._queue(tx, f"{key}:confirmation", home, confirmation)

    def _summary(self, view: CustomerView, by: str, now: datetime, home: str) -> HandoffNotice:
        report, customer = view.report, view.customer
        required = report.graded(Grade.REQUIRED)
        kinds = [status.kind for status in required]
        started = local_day(customer.created_at, customer.timezone)
        return HandoffNotice(
            customer=customer.name,
            slug=customer.slug,
            customer_id=customer.id,
            by=by,
            at=now,
            timezone=customer.timezone,
            gate=report.gate.value,
            required_met=report.required_met,
            required_total=report.required_total,
            verified=kinds.count(StatusKind.VERIFIED),
            attested=kinds.count(StatusKind.ATTESTED),
            waived=kinds.count(StatusKind.WAIVED),
            lines=as_lines(required, self._support),
            risks=as_lines(
                [s for s in report.graded(Grade.RECOMMENDED) if s.is_open], self._support
            ),
            systems=tuple(
                f"{c.system.label} {c.external_id}"
                + (f' "{c.account_name}"' * bool(c.account_name))
                for c in view.connections
            ),
            days_from_start=(local_day(now, customer.timezone) - started).days,
            channel_id=home,
            pack_name=pack_name(view),
        )

    async def _queue(self, tx: Transaction, key: str, channel: str, notice: CustomerNotice) -> None:
        message = Outgoing(key, notice.kind, channel, dump(notice), notice.customer_id)
        await tx.outbox.add(message, self._clock.now())

    async def accept(self, customer_id: int, by: str) -> Customer:
        """Interfy support takes the customer over.

        Raises:
            UserError: it wasn't handed over.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            if customer.stage is Stage.ACCEPTED:
                return customer
            customer = await move(tx, customer, Event.ACCEPT, by, now)
            assert customer.handover is not None
            handover = replace(customer.handover, accepted_by=by, accepted_at=now)
            customer = replace(customer, handover=handover, next_reminder_at=None)
            await tx.customers.save(customer)
            await note_contact(tx, customer, now)
            view = await read_view(tx, customer, self._clock)
            key = f"accepted:{customer.id}:{handover.at.isoformat()}"
            notice = AcceptedNotice(customer.name, customer.slug, customer.id, by)
            if _home(view):
                await self._queue(tx, key, _home(view), notice)
        await self._board.refresh(customer_id)
        return customer

    async def send_back(self, customer_id: int, by: str, reason: str) -> Customer:
        """Interfy support sends the hand-off back; reminders start again.

        Raises:
            UserError: no reason was given, or the customer wasn't handed over.
        """
        if not reason.strip():
            raise UserError(words.handoff.SAY_WHY)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            handover = customer.handover
            customer = await move(tx, customer, Event.SEND_BACK, by, now, reason.strip())
            assert handover is not None
            await tx.customers.save(customer)
            view = await read_view(tx, customer, self._clock)
            key = f"sent_back:{customer.id}:{handover.at.isoformat()}"
            notice = SentBackNotice(customer.name, customer.slug, customer.id, by, reason.strip())
            if _home(view):
                await self._queue(tx, key, _home(view), notice)
        await self._board.refresh(customer_id)
        return customer

    async def help(self, customer_id: int, by: str, why: str) -> None:
        """Ask Interfy for a hand before everything is done; the same as being stuck."""
        await self._decisions.stuck(customer_id, by, why)


def _home(view: CustomerView) -> str:
    return home_channel(view.channels)
