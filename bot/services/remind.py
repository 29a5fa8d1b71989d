"""The daily round: claim who is due, check afresh, decide, and write everything at once.

A customer whose systems answer slowly keeps nobody waiting (``crew``), and one whose check does
not end in time is looked at again later: no reminder rests on facts of yesterday.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot import words
from bot.domain.customer import Customer, HistoryEntry, home_channel
from bot.domain.lifecycle import Stage
from bot.domain.model import Report, Status, SupportIdentity
from bot.domain.reminders import (
    LADDER,
    Decision,
    Ladder,
    Step,
    Verdict,
    after_hold,
    decide,
    local_day,
    local_hour,
    next_look,
    wants_reminders,
    working_days_between,
)
from bot.services.checks import CheckService
from bot.services.crew import Crew, Size, Take, Together
from bot.services.lines import as_lines, mentions
from bot.services.notices import (
    EscalationNotice,
    HeldNotice,
    ReminderNotice,
    dump,
    load,
)
from bot.services.ports import Clock, HolidaysOf, Outgoing, Store, Transaction
from bot.services.reading import read_report

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
CHECK_LIMIT = 180.0
"""Seconds for one customer's check; with the writing it stays well within the lease."""
SIZE = Size(brisk=24, slow=200)
DAILY, HELD = "daily", "held"


@dataclass(frozen=True, slots=True)
class _Looked:
    """A customer as it was claimed, and whether its check ended in time."""

    customer: Customer
    fresh: bool


class ReminderService:
    """One of any number of rounds; ``owner`` names this process."""

    def __init__(
        self,
        store: Store,
        checks: CheckService,
        clock: Clock,
        holidays_of: HolidaysOf,
        support: SupportIdentity,
        support_channel: str,
        owner: str,
        *,
        ladder: Ladder = LADDER,
        check_limit: float = CHECK_LIMIT,
    ) -> None:
        self._store = store
        self._checks = checks
        self._check_limit = check_limit
        self._clock = clock
        self._holidays_of = holidays_of
        self._support = support
        self._support_channel = support_channel
        self._owner = owner
        self._ladder = ladder
        self._together = Together(self._settle_all)

    async def tick(self) -> int:
        """Handle the customers whose time has come; how many there were."""
        return await Crew(self._claim, self._handle, _name, SIZE).work()

    async def let_go(self) -> None:
        """Leave whoever was claimed, and not decided about, to the other processes; at the end."""
        async with self._store.transaction() as tx:
            await tx.customers.release(None, self._owner)

    async def _claim(self, limit: int) -> Sequence[Customer]:
        async with self._store.transaction() as tx:
            return await tx.customers.claim_due(self._clock.now(), self._owner, LEASE, limit)

    async def _check(self, customer: Customer) -> bool:
        """Check afresh; False when the systems take too long, and the check goes on alone."""
        try:
            async with asyncio.timeout(self._check_limit):
                await self._checks.run(customer.id, None, "bot")
        except TimeoutError:
            log.warning("the check of customer %s takes too long to wait for", customer.id)
            return False
        return True

    async def _handle(self, customer: Customer) -> None:
        """A customer that was handed over is verified again, one that rests is left alone."""
        fresh = True
        if customer.stage is Stage.HANDED_OFF or wants_reminders(customer):
            fresh = await self._check(customer)
        await self._together.add(_Looked(customer, fresh))

    async def _settle_all(self, take: Take[_Looked]) -> Sequence[None]:
        """Decide and write for several customers in one transaction."""
        looked = take()
        ids = [one.customer.id for one in looked]
        async with self._store.together(ids, "reminder") as tx:
            settled = [await self.settle(tx, one.customer, fresh=one.fresh) for one in looked]
            held = [notice for notice in settled if notice is not None]
            if held:
                await self._tell_staff(tx, held)
        return [None] * len(looked)

    async def settle(
        self, tx: Transaction, claimed: Customer, *, fresh: bool = True
    ) -> HeldNotice | None:
        """Decide about a customer as it was claimed, and write it, in the caller's transaction.

        ``fresh`` says whether its check ended in time. What comes back is what staff should hear
        of a reminder that was held back, unless they heard it today.
        """
        now = self._clock.now()
        was_handed_off = claimed.stage is Stage.HANDED_OFF
        customer = await tx.customers.lock(claimed.id)
        holiday = self._holidays_of(customer.region)
        report = await read_report(tx, customer, self._clock)
        decision = decide(customer, report, now, holiday)
        if was_handed_off and wants_reminders(customer):
            # Reopened just now, and the message about that says what is open.
            decision = Decision(Verdict.SKIP, "reopened in this round")
        if not fresh and decision.verdict is Verdict.SEND:
            decision = Decision(Verdict.HOLD, "the check took too long", report.open_items)
        due, held = next_look(customer, now, holiday), None
        if decision.verdict is Verdict.SEND:
            customer = await self._remind(tx, customer, report, decision, now)
        elif decision.verdict is Verdict.HOLD:
            held = await self._hold(tx, customer, decision, now)
            due = after_hold(customer, now, holiday)
        await tx.customers.save(replace(customer, next_reminder_at=due))
        await tx.customers.release(customer.id, self._owner)
        return held

    async def _remind(
        self,
        tx: Transaction,
        customer: Customer,
        report: Report,
        decision: Decision,
        now: datetime,
    ) -> Customer:
        """Reminder, outbox row and escalation in the caller's transaction, once a local day."""
        day = local_day(now, customer.timezone)
        last = await tx.reminders.last(customer.id, DAILY)
        if not await tx.reminders.claim(customer.id, day, DAILY, now):
            return customer
        lines = as_lines(decision.items, self._support)
        idle = self._idle_days(customer, day)
        steps = self._ladder.due(idle, customer.escalation)
        notice = ReminderNotice(
            customer.name,
            customer.slug,
            customer.id,
            day.isoformat(),
            lines,
            await self._changes(tx, customer, last, report, decision.items),
            mentions(customer, lines),
            ready=report.gate.is_open,
            idle_days=idle,
            step=max((s for s in steps if s < Step.STAFF), default=0),
            hour=local_hour(now, customer.timezone),
        )
        channel = await _home(tx, customer)
        if not channel:
            log.warning("customer %s has no channel to be reminded in", customer.id)
            return customer
        key = reminder_key(customer.id, day)
        await tx.outbox.add(Outgoing(key, "reminder", channel, dump(notice), customer.id), now)
        await tx.history.append(
            HistoryEntry(customer.id, now, "bot", "reminder", f"{len(lines)} open")
        )
        if not steps:
            return customer
        escalation = EscalationNotice(
            customer.name, customer.slug, customer.id, idle, steps[-1], lines, channel
        )
        return await self._escalate(tx, customer, escalation, now)

    async def _escalate(
        self, tx: Transaction, customer: Customer, notice: EscalationNotice, now: datetime
    ) -> Customer:
        """Owner and channel are told by the reminder itself; staff and their lead here."""
        if notice.level >= Step.STAFF:
            if notice.level == Step.LEAD:
                notice = replace(notice, lead=self._ladder.lead)
            moved = customer.last_movement_at or customer.created_at
            key = f"escalation:{customer.id}:{moved.isoformat()}:{notice.level:d}"
            out = Outgoing(key, notice.kind, self._support_channel, dump(notice), customer.id)
            await tx.outbox.add(out, now)
        told = words.history.ESCALATED.format(step=notice.level, days=notice.idle_days)
        await tx.history.append(HistoryEntry(customer.id, now, "bot", "escalation", told))
        return replace(customer, escalation=notice.level)

    async def _hold(
        self, tx: Transaction, customer: Customer, decision: Decision, now: datetime
    ) -> HeldNotice | None:
        """Why the customer was not reminded; None when staff were told so today."""
        day = local_day(now, customer.timezone)
        if not await tx.reminders.claim(customer.id, day, HELD, now):
            return None
        lines = as_lines(decision.items, self._support)
        return HeldNotice(customer.name, customer.slug, customer.id, lines)

    async def _tell_staff(self, tx: Transaction, held: Sequence[HeldNotice]) -> None:
        """One message for all that were held back together: a system is down for many at once."""
        now = self._clock.now()
        notice = replace(held[0], others=tuple(other.customer for other in held[1:]))
        key = f"held:{notice.customer_id}:{now.isoformat()}"
        out = Outgoing(key, notice.kind, self._support_channel, dump(notice), notice.customer_id)
        await tx.outbox.add(out, now)

    def _idle_days(self, customer: Customer, day: date) -> int:
        moved = local_day(customer.last_movement_at or customer.created_at, customer.timezone)
        return working_days_between(moved, day, self._holidays_of(customer.region))

    async def _changes(
        self,
        tx: Transaction,
        customer: Customer,
        last: date | None,
        report: Report,
        items: tuple[Status, ...],
    ) -> tuple[str, ...]:
        """What is different from the last reminder, as sentences."""
        if last is None:
            return ()
        message = await tx.outbox.get(reminder_key(customer.id, last))
        if message is None:
            return ()
        try:
            earlier = load(message.payload)
        except ValueError:
            # An older version wrote it; today's reminder does without the comparison.
            log.warning("%s cannot be read, so nothing is compared with it", message.key)
            return ()
        if not isinstance(earlier, ReminderNotice):
            return ()
        return tuple(_compare({line.item for line in earlier.lines}, report, items))


def _compare(open_then: set[str], report: Report, items: tuple[Status, ...]) -> Iterator[str]:
    """An item that we merely failed to read today is neither done nor new."""
    for status in report.statuses:
        if status.requirement.id in open_then and status.counts_as_met:
            yield f"Done: {status.requirement.short}."
    for status in items:
        if status.requirement.id not in open_then:
            yield f"New: {status.requirement.short}."


async def _home(tx: Transaction, customer: Customer) -> str:
    channels = await tx.customers.channels(customer.id)
    return home_channel(channels)


def _name(customer: Customer) -> str:
    return f"the round for customer {customer.id}"


def reminder_key(customer_id: int, day: date) -> str:
    """Under what a day's reminder stands in the outbox, and the next one finds it."""
    return f"reminder:{customer_id}:{day.isoformat()}"
