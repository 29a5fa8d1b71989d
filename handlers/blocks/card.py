"""The living card: where a customer stands, and what is left."""

from collections.abc import Mapping
from datetime import datetime

from bot import words
from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import Finding, Grade, Report, Status, StatusKind, SupportIdentity, Verdict
from bot.domain.reminders import wants_reminders
from bot.services.duplicates import SIDES
from bot.services.matching import CODES_ITEM
from bot.services.ports import Busy
from bot.services.views import CustomerView
from handlers.blocks.base import (
    MESSAGE_CHARACTERS,
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    header,
    option,
    overflow,
    section,
    weight,
)
from handlers.blocks.signin import row_buttons
from handlers.escape import escape, link, mention, plain, short
from handlers.ids import ActionId, Menu
from handlers.naming import short_title, title
from handlers.values import Target

SUMMARY = 280
NAME = 80
TERSE = 90
WHY = 80
BEFORE_HANDOFF = (Stage.PREPARING, Stage.READY)


def build_card(
    view: CustomerView, support: SupportIdentity, busy: Busy | None = None, *, live: bool = True
) -> Message:
    """The card. ``live`` False makes the read-only summary for another channel."""
    message = _card(view, support, busy, live, SUMMARY)
    if weight(message.blocks) > MESSAGE_CHARACTERS:
        return _card(view, support, busy, live, TERSE)
    return message


def _card(
    view: CustomerView, support: SupportIdentity, busy: Busy | None, live: bool, room: int
) -> Message:
    customer, report = view.customer, view.report
    checking = busy.items if busy is not None else {}
    name, stage = customer.name, words.states.STAGES[customer.stage]
    blocks = [header(f"{plain(name, NAME)} · {stage}")]
    blocks.append(context(_progress_line(view, bool(checking))))
    note = _note(customer, view)
    if note:
        blocks.append(section(note))
    for status in report.open_items:
        blocks.append(divider())
        blocks.extend(_row(view, status, support, checking, live, room))
    blocks.append(divider())
    blocks.extend(context(line) for line in _folded(report, support, customer) if line)
    blocks.extend(_risks(view, live))
    if live:
        blocks.extend(_foot_buttons(view, bool(checking)))
    blocks.append(context(_footer(customer, live)))
    return Message(f"{short(name, NAME)} is {stage}: {progress(view)}.", tuple(blocks))


def progress(view: CustomerView) -> str:
    """``4 of 6 required items done · not ready yet · checked 09:02 AEDT``."""
    report, customer = view.report, view.customer
    done = words.card.PROGRESS.format(met=report.required_met, total=report.required_total)
    aims = [s.assignment.due for s in report.statuses if s.requirement.grade is Grade.HAND_OFF]
    target = f" · target {words.amounts.day(aims[0])}" if aims and aims[0] is not None else ""
    if report.checked_at is None:
        return f"{done} · {words.states.NEVER_CHECKED}{target}"
    checked = words.amounts.clock(report.checked_at, customer.timezone, view.now)
    return f"{done} · {words.states.GATES[report.gate]} · checked {checked}{target}"


def _progress_line(view: CustomerView, checking: bool) -> str:
    return f"{progress(view)} · {words.states.CHECKING}" if checking else progress(view)


def _note(customer: Customer, view: CustomerView) -> str:
    """One paragraph when the stage or somebody's being stuck changes what is expected."""
    if customer.stage is Stage.HANDED_OFF and customer.handover is not None:
        when = words.amounts.clock(customer.handover.at, customer.timezone, view.now)
        who = mention(customer.handover.by)
        return words.card.WITH_SUPPORT.format(who=who, when=when)
    if customer.stage is Stage.ACCEPTED and customer.handover is not None:
        return words.card.ACCEPTED.format(who=mention(customer.handover.accepted_by))
    if customer.stage is Stage.PAUSED:
        return words.card.PAUSED
    if customer.stuck is not None:
        why = short(customer.stuck.why, SUMMARY)
        return words.card.STUCK.format(
            who=mention(customer.stuck.by), why=why or words.states.NO_REASON
        )
    return ""


def _row(
    view: CustomerView,
    status: Status,
    support: SupportIdentity,
    checking: Mapping[str, str],
    live: bool,
    room: int,
) -> list[Block]:
    item = status.requirement.id
    head = f"*{words.states.state(status)}:* {title(status, support)}"
    if item in checking:
        phrase = f"{words.states.CHECKING} {short(checking[item], SUMMARY)}".strip()
        return [section(f"{head}\n{phrase}")]
    lines = [head, _summary(status, room), _known(view, status)]
    text = "\n".join(line for line in lines if line)
    if not live:
        return [section(text)]
    target = Target(view.customer.id, item)
    return [section(text, accessory=_menu(target)), _buttons(view, status, target)]


def _summary(status: Status, room: int) -> str:
    if status.finding is None:
        return ""
    return short(status.finding.summary, room)


def _known(view: CustomerView, status: Status) -> str:
    """``Owner @Casey · due Fri 27 Nov · verified 09:02 AEDT``: who, by when, how we know."""
    parts = []
    if status.assignment.owner:
        parts.append(f"Owner {mention(status.assignment.owner)}")
    if status.assignment.due is not None:
        parts.append(f"due {words.amounts.day(status.assignment.due)}")
    if status.finding is not None and status.finding.checked_at is not None:
        how = _how(status.finding)
        when = words.amounts.clock(status.finding.checked_at, view.customer.timezone, view.now)
        parts.append(f"{how} {when}")
    if status.overruled and status.attestation is not None:
        parts.append(words.card.OVERRULED.format(who=mention(status.attestation.by)))
    return " · ".join(parts)


def _how(finding: Finding) -> str:
    if finding.verdict is Verdict.UNKNOWN:
        return "tried" if finding.outage else "checked"
    return "verified"


def _menu(target: Target) -> Block:
    labels = {
        Menu.ASSIGN: words.buttons.ASSIGN,
        Menu.STUCK: words.buttons.STUCK_FORM,
        Menu.WAIVE: words.buttons.WAIVE,
        Menu.HISTORY: "History",
    }
    options = [option(text, f"{entry}:{target.encode()}") for entry, text in labels.items()]
    return overflow(ActionId.MENU, options)


def _buttons(view: CustomerView, status: Status, target: Target) -> Block:
    value = target.encode()
    return actions(
        *row_buttons(view, status, value),
        work_button(status, value),
        button(ActionId.RECHECK, words.buttons.RECHECK, value),
        button(ActionId.HOW_TO_FIX, words.buttons.HOW_TO_FIX, value),
        _details_button(status, value),
        button(ActionId.DONE, words.buttons.DONE, value) if may_attest(status) else None,
    )


def _details_button(status: Status, value: str) -> Block | None:
    """The rows of a finding that people only read."""
    has_rows = status.finding is not None and bool(status.finding.evidence)
    if not has_rows or work_button(status, value) is not None:
        return None
    return button(ActionId.DETAILS, words.buttons.DETAILS, value)


def work_button(status: Status, value: str) -> Block | None:
    """*Match them…* and *Review…*, where a finding has rows that people work on."""
    if status.finding is None or not status.finding.evidence:
        return None
    return bench_button(status.requirement.id, value)


def bench_button(item: str, value: str) -> Block | None:
    """The way to an item's workbench, where it has one."""
    if item == CODES_ITEM:
        return button(ActionId.MATCH, words.buttons.MATCH, value)
    return button(ActionId.REVIEW, words.buttons.REVIEW, value) if item in SIDES else None


def may_attest(status: Status) -> bool:
    """A person's word fills what is unknown; it never stands against a live proof."""
    return status.requirement.attestable and status.kind in (
        StatusKind.UNKNOWN,
        StatusKind.NOT_CHECKED,
    )


def _folded(report: Report, support: SupportIdentity, customer: Customer) -> list[str]:
    """What needs nobody, in one line; and what is optional and open, in another."""
    shown = (Grade.REQUIRED, Grade.RECOMMENDED)
    done = [
        _done(status, support, customer)
        for status in report.statuses
        if not status.is_open and (status.requirement.grade in shown or _optional(status))
    ]
    optional = [
        f"{title(status, support)} ({words.states.STATES[status.kind][1].lower()})"
        for status in report.statuses
        if status.is_open and _optional(status)
    ]
    return [
        f"✅ Done: {' · '.join(done)}" if done else "",
        f"◽ Optional: {' · '.join(optional)}" if optional else "",
    ]


def _risks(view: CustomerView, live: bool) -> list[Block]:
    """One line for all risks, with the way to them; nothing where none was proved."""
    count = len(view.report.risks_open)
    if not count:
        return []
    text = f"🔎 Risks: {words.risks.RISKS.format(count=count)}"
    if not live:
        return [context(text)]
    value = Target(view.customer.id).encode()
    return [section(text, accessory=button(ActionId.RISKS, words.buttons.DETAILS, value))]


def _optional(status: Status) -> bool:
    return status.requirement.grade is Grade.OPTIONAL


def _done(status: Status, support: SupportIdentity, customer: Customer) -> str:
    name = short_title(status, support)
    if status.kind is StatusKind.ATTESTED and status.attestation is not None:
        by, moment = status.attestation.by, status.attestation.at
        return words.card.ATTESTED.format(
            name=name, who=mention(by), day=_short_day(moment, customer)
        )
    if status.kind is StatusKind.WAIVED and status.waiver is not None:
        until = (
            f" until {words.amounts.full_day(status.waiver.until)}" if status.waiver.until else ""
        )
        return words.card.WAIVED.format(
            name=name,
            who=mention(status.waiver.by),
            until=until,
            why=short(status.waiver.why, WHY),
        )
    return name


def _short_day(moment: datetime, customer: Customer) -> str:
    local = words.amounts.local_day(moment, customer.timezone)
    return f"{local.day} {local:%b}"


def _foot_buttons(view: CustomerView, checking: bool) -> list[Block]:
    value = Target(view.customer.id).encode()
    ready = view.report.gate.is_open
    elements = []
    if not checking:
        elements.append(button(ActionId.RECHECK_ALL, words.buttons.RECHECK_ALL, value))
    if view.customer.stage in BEFORE_HANDOFF:
        elements.append(button(ActionId.CONTACT, words.buttons.CONTACT, value, primary=ready))
    return [actions(*elements)] if elements else []


def _footer(customer: Customer, live: bool) -> str:
    if not live:
        return words.card.READ_ONLY
    return words.card.FOOTER.format(reminders=_reminders(customer), bot=words.buttons.BOT)


def _reminders(customer: Customer) -> str:
    if customer.snoozed_until is not None and wants_reminders(customer):
        return words.card.SNOOZED.format(day=words.amounts.day(customer.snoozed_until))
    if not wants_reminders(customer):
        return words.card.RESTING
    return words.card.REMIND_AT.format(time=words.amounts.at(customer.remind_at))


def build_retired(name: str, url: str) -> Message:
    """What is left of a card that has moved."""
    newer = link(url, words.card.NEWER) if url else words.card.NEWER
    text = f"{short(name, NAME)}: {newer}."
    return Message(words.card.MOVED_DOWN.format(name=escape(name)), (context(f"⬇️ {text}"),))
