"""What people decide about a customer: done, waived, assigned, stuck, snoozed, paused."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time

from bot import words
from bot.domain.catalogue import catalogue, requirement
from bot.domain.customer import Customer, HistoryEntry, Stuck, home_channel
from bot.domain.lifecycle import Event, Stage
from bot.domain.model import Assignment, Attestation, Grade, SupportIdentity, Waiver
from bot.domain.progress import STANDING, moves_in_words
from bot.domain.reminders import (
    MAX_SNOOZE_DAYS,
    PolicyError,
    local_day,
    next_look,
    snooze_until,
    wants_reminders,
)
from bot.services.errors import UserError
from bot.services.notices import StuckNotice, dump
from bot.services.ports import Board, Clock, HolidaysOf, Outgoing, Store, Transaction
from bot.services.reading import read_report
from bot.services.stages import StageKeeper, move
from bot.services.views import ReminderSettings

Change = Callable[[Transaction, Customer], Awaitable[Customer]]


class DecisionService:
    """Stores decisions, each with a line of history, and shows them on the card at once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        board: Board,
        stages: StageKeeper,
        holidays_of: HolidaysOf,
        support: SupportIdentity,
        support_channel: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._board = board
        self._stages = stages
        self._holidays_of = holidays_of
        self._support = support
        self._support_channel = support_channel

    async def change(
        self, customer_id: int, by: str, action: str, detail: str, change: Change
    ) -> Customer:
        """Run ``change`` on the locked customer, note it, let stages follow, redraw the card.

        An ``action`` of "" is not noted: the change writes its own line of history.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            customer = await tx.customers.lock(customer_id)
            before = await read_report(tx, customer, self._clock)
            timing = _timing(customer)
            customer = await change(tx, customer)
            if action:
                await tx.history.append(HistoryEntry(customer_id, now, by, action, detail))
            after = await read_report(tx, customer, self._clock)
            moved = moves_in_words(before, after)
            if moved:
                await tx.history.append(HistoryEntry(customer_id, now, by, STANDING, moved))
            if len(after.open_items) < len(before.open_items):
                customer = replace(customer, last_movement_at=now, escalation=0)
            customer = await self._stages.follow(tx, customer, after, now)
            if _timing(customer) != timing:
                # Only then: a reminder that is due this very minute must not be moved away.
                due = next_look(customer, now, self._holidays_of(customer.region))
                customer = replace(customer, next_reminder_at=due)
            await tx.customers.save(customer)
        await self._board.refresh(customer_id)
        return customer

    async def attest(self, customer_id: int, item: str, by: str, note: str = "") -> None:
        """A person says that an item is done.

        Raises:
            UserError: this item is not a matter of anybody's word.
        """
        known = requirement(item)
        if not known.attestable:
            raise UserError(words.decisions.NOT_BY_HAND.format(item=known.short.capitalize()))
        attestation = Attestation(by, self._clock.now(), note.strip())

        async def change(tx: Transaction, customer: Customer) -> Customer:
            await tx.decisions.attest(customer_id, item, attestation)
            return customer

        await self.change(customer_id, by, "done", f"{item} {note.strip()}".strip(), change)

    async def withdraw(self, customer_id: int, item: str, by: str) -> None:
        """Take an attestation back.

        Raises:
            UserError: nobody had marked it as done.
        """

        async def change(tx: Transaction, customer: Customer) -> Customer:
            if not await tx.decisions.withdraw_attestation(customer_id, item):
                raise UserError(words.decisions.NOBODY_MARKED)
            return customer

        await self.change(customer_id, by, "done withdrawn", item, change)

    async def waive(
        self, customer_id: int, item: str, by: str, why: str, until: date | None
    ) -> None:
        """Staff decide that an item does not matter, up to a local day of the customer's.

        Raises:
            UserError: no reason was given, the day is over, or the item is the hand-off itself.
        """
        if requirement(item).grade is Grade.HAND_OFF:
            raise UserError(words.decisions.HAND_OFF_STAYS)
        if not why.strip():
            raise UserError(words.decisions.NO_WAIVER_WHY)
        now = self._clock.now()
        waiver = Waiver(by, now, why.strip(), until)

        async def change(tx: Transaction, customer: Customer) -> Customer:
            if until is not None:
                self._still_to_come(until, customer)
            await tx.decisions.waive(customer_id, item, waiver)
            return customer

        last = f" until {until:%d %b %Y}" if until else ""
        await self.change(customer_id, by, "waive", f"{item}{last}: {why.strip()}", change)

    async def unwaive(self, customer_id: int, item: str, by: str) -> None:
        """Take a waiver back.

        Raises:
            UserError: the item was not waived.
        """

        async def change(tx: Transaction, customer: Customer) -> Customer:
            if not await tx.decisions.withdraw_waiver(customer_id, item):
                raise UserError(words.decisions.NOT_WAIVED)
            return customer

        await self.change(customer_id, by, "waiver withdrawn", item, change)

    async def assign(
        self, customer_id: int, item: str, by: str, owner: str, due: date | None
    ) -> None:
        """Say who puts an item right, and by when.

        Raises:
            KeyError: there is no such item.
            UserError: the day is over, and it is not the one that was set before.
        """
        requirement(item)
        assignment = Assignment(owner, due)

        async def change(tx: Transaction, customer: Customer) -> Customer:
            had = (await tx.decisions.assignments(customer_id)).get(item, Assignment())
            if due is not None and due != had.due:
                self._still_to_come(due, customer)
            await tx.decisions.assign(customer_id, item, assignment)
            return customer

        by_day = f" by {due:%d %b %Y}" if due else ""
        await self.change(customer_id, by, "assign", f"{item} to {owner}{by_day}", change)

    def _still_to_come(self, day: date, customer: Customer) -> None:
        if day < local_day(self._clock.now(), customer.timezone):
            raise UserError(words.decisions.DAY_OVER.format(day=day))

    async def aim(self, customer_id: int, by: str, day: date | None) -> Customer:
        """The day by which the customer wants to be handed over: the hand-off's due date."""
        item = next(one.id for one in catalogue() if one.grade is Grade.HAND_OFF)

        async def change(tx: Transaction, customer: Customer) -> Customer:
            if day is not None:
                self._still_to_come(day, customer)
            had = (await tx.decisions.assignments(customer_id)).get(item, Assignment())
            await tx.decisions.assign(customer_id, item, replace(had, due=day))
            return customer

        told = f"{day:%d %b %Y}" if day else "none"
        return await self.change(customer_id, by, "target", told, change)

    async def stuck(self, customer_id: int, by: str, why: str) -> None:
        """Somebody can't go on: reminders rest, and staff are told at once."""
        now = self._clock.now()

        async def change(tx: Transaction, customer: Customer) -> Customer:
            await self._tell_staff(tx, customer, by, why)
            return replace(customer, stuck=Stuck(by, now, why.strip()))

        await self.change(customer_id, by, "stuck", why.strip(), change)

    async def _tell_staff(self, tx: Transaction, customer: Customer, by: str, why: str) -> None:
        now = self._clock.now()
        channels = await tx.customers.channels(customer.id)
        home = home_channel(channels)
        notice = StuckNotice(customer.name, customer.slug, customer.id, by, why.strip(), home)
        key = f"stuck:{customer.id}:{now.isoformat()}"
        message = Outgoing(key, "stuck", self._support_channel, dump(notice), customer.id)
        await tx.outbox.add(message, now)

    async def snooze(self, customer_id: int, days: int, by: str) -> ReminderSettings:
        """No reminders for some days.

        Raises:
            UserError: too short or too long.
        """
        now = self._clock.now()

        async def change(tx: Transaction, customer: Customer) -> Customer:  # noqa: ARG001 - see Change.
            try:
                return replace(customer, snoozed_until=snooze_until(customer, days, now))
            except PolicyError as error:
                told = words.reminders.SNOOZE_BOUNDS.format(most=MAX_SNOOZE_DAYS)
                raise UserError(told) from error

        return _settings(await self.change(customer_id, by, "snooze", f"{days} days", change))

    async def remind(
        self, customer_id: int, by: str, on: bool | None = None, at: time | None = None
    ) -> ReminderSettings:
        """Switch reminders on or off, or set their time of day; on also ends snooze and stuck."""

        async def change(tx: Transaction, customer: Customer) -> Customer:  # noqa: ARG001 - see Change.
            if on is not None:
                customer = replace(customer, reminders_on=on)
            if on:
                customer = replace(customer, stuck=None, snoozed_until=None)
            return replace(customer, remind_at=at) if at is not None else customer

        detail = " ".join(
            part
            for part in ("" if on is None else "on" if on else "off", f"{at:%H:%M}" if at else "")
            if part
        )
        return _settings(await self.change(customer_id, by, "remind", detail, change))

    async def pause(self, customer_id: int, by: str) -> Customer:
        """Rest the whole onboarding."""
        return await self._stage(customer_id, by, Event.PAUSE)

    async def resume(self, customer_id: int, by: str) -> Customer:
        """Go on with it: stuck is over, and paused or archived goes back to preparing.

        Raises:
            UserError: it was neither stuck, paused nor archived.
        """
        now = self._clock.now()

        async def change(tx: Transaction, customer: Customer) -> Customer:
            if customer.stuck is None:
                return await move(tx, customer, Event.RESUME, by, now)
            # Waiting for an answer was nobody's delay: the count of idle days starts again.
            customer = replace(customer, stuck=None, last_movement_at=now, escalation=0)
            await tx.history.append(HistoryEntry(customer_id, now, by, "resume", "not stuck"))
            if customer.stage in (Stage.PAUSED, Stage.ARCHIVED):
                return await move(tx, customer, Event.RESUME, by, now)
            return customer

        return await self.change(customer_id, by, "", "", change)

    async def archive(self, customer_id: int, by: str) -> Customer:
        """Put the onboarding away; nothing is deleted but the lists that were read last."""
        return await self._stage(customer_id, by, Event.ARCHIVE)

    async def _stage(self, customer_id: int, by: str, event: Event) -> Customer:
        async def change(tx: Transaction, customer: Customer) -> Customer:
            if event is Event.ARCHIVE:
                await tx.kept_lists.forget(customer_id)
            return await move(tx, customer, event, by, self._clock.now())

        return await self.change(customer_id, by, "", "", change)


def _timing(customer: Customer) -> tuple[object, ...]:
    """What decides when the next reminder is due."""
    return (
        customer.snoozed_until,
        customer.remind_at,
        customer.reminders_on,
        customer.stuck,
        customer.stage,
    )


def _settings(customer: Customer) -> ReminderSettings:
    on = wants_reminders(customer)
    return ReminderSettings(
        customer.next_reminder_at if on else None, customer.reminders_on, customer.snoozed_until
    )
