"""A reminder now, because staff ask for one: at most one a day, and it is that day's reminder."""

from datetime import datetime

from bot import words
from bot.domain.customer import Customer, HistoryEntry, home_channel
from bot.domain.lifecycle import Stage
from bot.domain.model import Report, SupportIdentity
from bot.domain.reminders import Decision, Verdict, by_report, local_day, local_hour
from bot.services.checks import CheckService
from bot.services.errors import UserError
from bot.services.lines import as_lines, mentions
from bot.services.notices import Line, ReminderNotice, dump
from bot.services.portfolio import waiting_on
from bot.services.ports import Clock, Outgoing, Store
from bot.services.reading import existing, read_report
from bot.services.remind import DAILY, reminder_key
from bot.services.views import ON_INTERFY

NUDGE = "nudge"
WHILE = frozenset({Stage.PREPARING, Stage.READY})


class NudgeService:
    """Reminds on the spot, after a fresh check."""

    def __init__(
        self, store: Store, checks: CheckService, clock: Clock, support: SupportIdentity
    ) -> None:
        self._store = store
        self._checks = checks
        self._clock = clock
        self._support = support

    async def nudge(self, customer_id: int, by: str) -> Customer:
        """Remind now of what the customer can do; no snooze or public holiday holds it back.

        Raises:
            UserError: there is nothing to say or nowhere to say it, it is Interfy's turn, or it
                was said today already.
        """
        async with self._store.transaction() as tx:
            customer = await existing(tx, customer_id)
        if customer.stage not in WHILE:
            raise UserError(
                words.reminders.NUDGE_STAGE.format(name=customer.name, stage=customer.stage.label)
            )
        await self._checks.run(customer_id, None, by)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            report = await read_report(tx, customer, self._clock)
            channel = home_channel(await tx.customers.channels(customer_id))
            decision = by_report(report)
            _must_make_sense(customer, report, decision, channel)
            day = local_day(now, customer.timezone)
            if not await tx.reminders.claim(customer_id, day, NUDGE, now):
                raise UserError(words.reminders.NUDGED_TODAY.format(name=customer.name))
            is_first = await tx.reminders.claim(customer_id, day, DAILY, now)
            key = f"{NUDGE}:{customer_id}:{day.isoformat()}"
            if is_first:
                # The round then leaves this day alone, and compares tomorrow's with this one.
                key = reminder_key(customer_id, day)
            lines = as_lines(decision.items, self._support)
            notice = _notice(customer, lines, now, by, ready=report.gate.is_open)
            out = Outgoing(key, notice.kind, channel, dump(notice), customer_id)
            await tx.outbox.add(out, now)
            left = f"{len(lines)} open"
            await tx.history.append(HistoryEntry(customer_id, now, by, NUDGE, left))
        return customer


def _notice(
    customer: Customer, lines: tuple[Line, ...], now: datetime, by: str, *, ready: bool
) -> ReminderNotice:
    return ReminderNotice(
        customer.name,
        customer.slug,
        customer.id,
        local_day(now, customer.timezone).isoformat(),
        lines,
        (),
        mentions(customer, lines),
        ready=ready,
        hour=local_hour(now, customer.timezone),
        by=by,
    )


def _must_make_sense(customer: Customer, report: Report, decision: Decision, channel: str) -> None:
    name, slug = customer.name, customer.slug
    if customer.stuck is not None:
        raise UserError(words.reminders.NUDGE_STUCK.format(name=name, slug=slug))
    if decision.verdict is Verdict.HOLD:
        raise UserError(words.reminders.NUDGE_UNREAD.format(name=name))
    if decision.verdict is Verdict.SKIP:
        raise UserError(words.reminders.NUDGE_NOTHING.format(name=name))
    if waiting_on(customer, report) == ON_INTERFY:
        raise UserError(words.reminders.NUDGE_OURS.format(name=name, slug=slug))
    if not channel:
        raise UserError(words.reminders.NUDGE_NOWHERE.format(name=name, slug=slug))
