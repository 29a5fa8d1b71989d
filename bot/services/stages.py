"""Moving a customer from stage to stage, with everything that has to go with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import words
from bot.domain.catalogue import requirement
from bot.domain.customer import Customer, HistoryEntry, home_channel
from bot.domain.evaluate import run_checks
from bot.domain.lifecycle import Event, Stage, StageError, next_stage
from bot.domain.model import (
    CheckContext,
    Finding,
    Gate,
    Report,
    Snapshot,
    StatusKind,
    SupportIdentity,
)
from bot.services.errors import UserError
from bot.services.lines import as_lines
from bot.services.notices import ReadyNotice, ReopenedNotice, dump
from bot.services.ports import Outgoing, Transaction

CONTACT = "contact-support"
READY_NOTICE = "ready"
STARTS_OVER = (Event.SEND_BACK, Event.REGRESS, Event.RESUME)
"""Events after which an onboarding begins anew: no hand-off stands, and nobody was idle yet."""


async def move(
    tx: Transaction, customer: Customer, event: Event, by: str, at: datetime, detail: str = ""
) -> Customer:
    """Apply ``event``, write it into the history, and return the changed (unsaved) customer.

    An event that starts the onboarding over takes the hand-off back and restarts the count of
    days without movement: what happened before a pause is nobody's delay now.

    Raises:
        UserError: the event is not possible in this stage.
    """
    try:
        stage = next_stage(customer.stage, event)
    except StageError as error:
        told = words.refusals.NOT_NOW[event]
        raise UserError(told.format(name=customer.name, stage=customer.stage.label)) from error
    if stage is customer.stage:
        return customer
    if customer.stage is Stage.READY:
        # What was to be said in the morning is not true any more, or no news.
        await tx.outbox.withdraw(customer.id, READY_NOTICE)
    text = f"{customer.stage.label} → {stage.label}" + (f": {detail}" if detail else "")
    await tx.history.append(HistoryEntry(customer.id, at, by, event.value, text))
    moved = replace(customer, stage=stage, stage_since=at)
    if event in STARTS_OVER:
        moved = replace(moved, handover=None, last_movement_at=at, escalation=0)
        await note_contact(tx, moved, at)
    return moved


async def note_contact(tx: Transaction, customer: Customer, at: datetime) -> None:
    """Store whether support has been contacted; it changes with the stage, not with a check."""
    await tx.findings.save(customer.id, contact_finding(customer, at))


def contact_finding(customer: Customer, at: datetime) -> dict[str, Finding]:
    """Whether support has been contacted, by the customer's stage as it is now."""
    context = CheckContext(handover=customer.handover)
    return run_checks([requirement(CONTACT)], Snapshot(), context, at)


class StageKeeper:
    """Lets a fresh report move a customer: gate opened, gate closed, regression found."""

    def __init__(self, support: SupportIdentity, support_channel: str) -> None:
        self._support = support
        self._support_channel = support_channel

    async def follow(
        self,
        tx: Transaction,
        customer: Customer,
        report: Report,
        at: datetime,
        *,
        tell: datetime | None = None,
    ) -> Customer:
        """The customer after ``report``; *cannot tell* moves nothing.

        ``tell`` has its channel told, once and from that moment on, that the gate opened: nobody
        pressed anything, and the card alone changes without a sound.
        """
        if report.gate.is_open and customer.stage is Stage.PREPARING:
            if tell is not None:
                notice = ReadyNotice(
                    customer.name,
                    customer.slug,
                    customer.id,
                    with_risks=report.gate is not Gate.READY,
                )
                home = home_channel(await tx.customers.channels(customer.id))
                key = f"ready:{customer.id}:{at.isoformat()}"
                await _tell(tx, notice, key, [home], at, not_before=tell)
            return await move(tx, customer, Event.GATE_OPENED, "bot", at, report.gate.value)
        if report.gate is not Gate.NOT_READY:
            return customer
        if customer.stage is Stage.READY:
            return await move(tx, customer, Event.GATE_CLOSED, "bot", at, report.gate.value)
        if customer.stage is Stage.HANDED_OFF:
            return await self._reopen(tx, customer, report, at)
        return customer

    async def _reopen(
        self, tx: Transaction, customer: Customer, report: Report, at: datetime
    ) -> Customer:
        """A regression before acceptance: tell both sides why, and start over."""
        handed_over = customer.handover
        assert handed_over is not None
        broken = [s for s in report.open_items if s.kind is StatusKind.UNMET]
        lines = as_lines(broken, self._support)
        notice = ReopenedNotice(customer.name, customer.slug, customer.id, lines)
        home = home_channel(await tx.customers.channels(customer.id))
        key = f"reopened:{customer.id}:{handed_over.at.isoformat()}"
        await _tell(tx, notice, key, [home, self._support_channel], at)
        why = ", ".join(line.title for line in lines)
        return await move(tx, customer, Event.REGRESS, "bot", at, why)


async def _tell(
    tx: Transaction,
    notice: ReadyNotice | ReopenedNotice,
    key: str,
    channels: Sequence[str],
    at: datetime,
    *,
    not_before: datetime | None = None,
) -> None:
    """Queue a notice for each of these channels that there is."""
    for channel in filter(None, channels):
        out = Outgoing(
            f"{key}:{channel}",
            notice.kind,
            channel,
            dump(notice),
            notice.customer_id,
            not_before=not_before,
        )
        await tx.outbox.add(out, at)
