"""A reminder now, because staff ask for one: at most one a day, beside the daily one."""

from bot.domain.customer import Customer, HistoryEntry, home_channel
from bot.domain.lifecycle import Stage
from bot.domain.model import Report, SupportIdentity
from bot.domain.reminders import local_day
from bot.services.checks import CheckService
from bot.services.errors import UserError
from bot.services.lines import as_lines, mentions
from bot.services.notices import ReminderNotice, dump
from bot.services.ports import Clock, Outgoing, Store
from bot.services.reading import existing, read_report

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
        """Remind now of what is open; snoozes and being stuck don't hold it back.

        Raises:
            UserError: nothing is open, there is nowhere to say it, or it was said today already.
        """
        async with self._store.transaction() as tx:
            customer = await existing(tx, customer_id)
        if customer.stage not in WHILE:
            raise UserError(
                f"{customer.name} is {customer.stage.label}, so there is nothing to remind of. "
                "Nothing was sent."
            )
        await self._checks.run(customer_id, None, by)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            report = await read_report(tx, customer, self._clock)
            channel = home_channel(await tx.customers.channels(customer_id))
            self._must_make_sense(customer, report, channel)
            day = local_day(now, customer.timezone)
            if not await tx.reminders.claim(customer_id, day, NUDGE, now):
                raise UserError(f"{customer.name} was nudged today already. Nothing was sent.")
            notice = self._notice(customer, report, day.isoformat())
            key = f"{NUDGE}:{customer_id}:{day.isoformat()}"
            out = Outgoing(key, notice.kind, channel, dump(notice), customer_id)
            await tx.outbox.add(out, now)
            left = f"{len(notice.lines)} open"
            await tx.history.append(HistoryEntry(customer_id, now, by, NUDGE, left))
        return customer

    def _must_make_sense(self, customer: Customer, report: Report, channel: str) -> None:
        if not report.open_items and not report.gate.is_open:
            raise UserError(f"Nothing is open for {customer.name}. Nothing was sent.")
        if not channel:
            raise UserError(
                f"{customer.name} has no channel that takes messages. Nothing was sent; type "
                f"`link {customer.slug}` in its channel first."
            )

    def _notice(self, customer: Customer, report: Report, day: str) -> ReminderNotice:
        lines = as_lines(report.open_items, self._support)
        return ReminderNotice(
            customer.name,
            customer.slug,
            customer.id,
            day,
            lines,
            (),
            mentions(customer, lines),
            ready=report.gate.is_open,
        )
