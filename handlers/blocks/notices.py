"""What the outbox sends: reminder, hand-off, its answers, and what staff must hear of."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bot import words
from bot.domain.catalogue import catalogue
from bot.domain.model import SupportIdentity
from bot.domain.reminders import Step
from bot.services.notices import (
    AcceptedNotice,
    ChannelNotice,
    ChartNotice,
    ConfirmationNotice,
    DigestNotice,
    EscalationNotice,
    ExpiryNotice,
    FileNotice,
    HandoffNotice,
    HeldNotice,
    Line,
    Notice,
    PackNotice,
    ParkedNotice,
    ReadyNotice,
    ReconnectNotice,
    ReminderNotice,
    ReopenedNotice,
    SentBackNotice,
    StuckNotice,
)
from handlers.blocks.base import (
    Block,
    Message,
    actions,
    button,
    context,
    header,
    link_button,
    section,
)
from handlers.blocks.card import bench_button
from handlers.blocks.digest import build_digest
from handlers.blocks.signin import build_expiry, build_reconnect
from handlers.blocks.undelivered import undelivered_buttons
from handlers.escape import channel_link, escape, mention, plain, short
from handlers.ids import ActionId
from handlers.values import Target

ROOM = 240
NAME = 80
MOST_LINES = 12
MOST_MENTIONS = 10
MOST_NAMES = 20


def build_notice(notice: Notice, support: SupportIdentity, card_url: str = "") -> Message:
    """The message of a notice; ``card_url`` leads to the living card where there is one."""
    if isinstance(notice, ReminderNotice):
        return build_reminder(notice, support, card_url)
    builder: Callable[[Any], Message] = _BUILDERS[type(notice)]
    return builder(notice)


def build_reminder(notice: ReminderNotice, support: SupportIdentity, card_url: str) -> Message:
    """The daily reminder: what is left, what moved since the last one, the next step."""
    opening = _opening(notice)
    blocks = [section(opening)]
    blocks += [_item(line, notice.customer_id, support) for line in notice.lines[:MOST_LINES]]
    value = Target(notice.customer_id).encode()
    blocks.append(
        actions(
            button(ActionId.CONTACT, words.buttons.CONTACT, value, primary=True)
            if notice.ready
            else None,
            button(ActionId.SNOOZE, words.buttons.SNOOZE, value),
            button(ActionId.STUCK, words.buttons.STUCK, value),
            link_button(words.buttons.OPEN_CARD, card_url) if card_url else None,
        )
    )
    return Message(opening, tuple(blocks))


def _opening(notice: ReminderNotice) -> str:
    people = " ".join(mention(user) for user in notice.mentions[:MOST_MENTIONS])
    hello = f"{words.states.greeting(notice.hour)} {people}".rstrip() + "."
    asked = words.reminders.ASKED_BY.format(who=mention(notice.by)) if notice.by else ""
    name = short(notice.customer, NAME)
    left = len(notice.lines)
    if left:
        verb = "is" if left == 1 else "are"
        what = words.reminders.LEFT.format(
            things=words.amounts.some(left, "thing"), are=verb, name=name
        )
    else:
        what = words.handoff.ONE_PRESS.format(name=name, button=words.buttons.CONTACT)
    changes = " ".join(short(change, ROOM) for change in notice.changes[:MOST_LINES])
    return " ".join(part for part in (hello, asked, what, changes, _idle(notice, people)) if part)


def _idle(notice: ReminderNotice, people: str) -> str:
    """That nothing moves, and whom a step of the escalation ladder asks why."""
    if not notice.step and notice.idle_days < words.reminders.WORTH_SAYING:
        return ""
    idle = words.reminders.IDLE.format(days=words.amounts.count(notice.idle_days, "working day"))
    if not notice.step:
        return idle
    asked = (
        words.reminders.EVERYBODY
        if notice.step >= Step.CHANNEL
        else people or words.reminders.WHOEVER
    )
    return words.reminders.IN_THE_WAY.format(idle=idle, who=asked, button=words.buttons.STUCK)


def _item(line: Line, customer_id: int, support: SupportIdentity) -> Block:
    """One line, with the button that brings it forward: to the work where there is a bench."""
    value = Target(customer_id, line.item).encode()
    owner = f" {mention(line.owner)}" if line.owner else ""
    due = f" · due {words.amounts.day(date.fromisoformat(line.due))}" if line.due else ""
    text = f"• *{_short_name(line, support)}:* {short(line.summary, ROOM)}{owner}{due}"
    work = bench_button(line.item, value) if line.rows else None
    how = work or button(ActionId.HOW_TO_FIX, words.buttons.HOW_TO_FIX, value)
    return section(text, accessory=how)


def _short_name(line: Line, support: SupportIdentity) -> str:
    for known in catalogue():
        if known.id == line.item:
            text = known.filled(known.short, support)
            return escape(text[:1].upper() + text[1:])
    return short(line.title, NAME)


def _bullets(lines: Sequence[Line]) -> str:
    shown = [f"• *{short(one.title, NAME)}:* {short(one.summary, ROOM)}" for one in lines]
    more = len(shown) - MOST_LINES
    return "\n".join(shown[:MOST_LINES] + [words.amounts.MORE_ROWS.format(more=more)] * (more > 0))


def _handoff(notice: HandoffNotice) -> Message:
    """To the support channel: everything that an answer needs, and the two answers."""
    name = short(notice.customer, NAME)
    when = f"{words.amounts.clock(notice.at, notice.timezone, notice.at)}"
    day = words.amounts.day(words.amounts.local_day(notice.at, notice.timezone))
    opening = words.handoff.OPENING.format(name=name, who=mention(notice.by), day=day, time=when)
    known = {
        words.handoff.VERIFIED: notice.verified,
        "attested": notice.attested,
        "waived": notice.waived,
    }
    how = ", ".join(f"{number} {word}" for word, number in known.items() if number)
    numbers = words.handoff.NUMBERS.format(
        met=notice.required_met, total=notice.required_total, how=how
    )
    risks = (
        words.handoff.RISKS_BELOW.format(risks=words.amounts.count(len(notice.risks), "risk"))
        if notice.risks
        else ""
    )
    systems = " · ".join(short(system, ROOM) for system in notice.systems)
    facts = f"{systems} · " if systems else ""
    started = words.handoff.FROM_START.format(
        days=words.amounts.count(notice.days_from_start, "day")
    )
    value = Target(notice.customer_id).encode()
    blocks = [header(plain(words.handoff.TITLE.format(name=notice.customer), 150))]
    blocks.append(
        section(
            words.handoff.HANDED_OVER.format(
                who=mention(notice.by), day=day, time=when, numbers=numbers, risks=risks
            )
        )
    )
    blocks.append(
        context(
            words.handoff.PACK.format(
                facts=facts, started=started, file=short(notice.pack_name, NAME)
            )
        )
    )
    if notice.risks:
        blocks.append(section(f"⚠️ *Risks*\n{_bullets(notice.risks)}"))
    blocks.append(
        actions(
            button(ActionId.ACCEPT, words.buttons.ACCEPT, value, primary=True),
            button(ActionId.SEND_BACK, words.buttons.SEND_BACK, value),
            _channel_button(notice.channel_id),
        )
    )
    return Message(f"{opening}. {numbers}.", tuple(blocks))


def _channel_button(channel_id: str) -> Block | None:
    if not channel_link(channel_id):
        return None
    return link_button(
        words.buttons.OPEN_CHANNEL, words.buttons.CHANNEL_URL.format(channel=channel_id)
    )


def _confirmation(notice: ConfirmationNotice) -> Message:
    when = words.amounts.clock(notice.at, notice.timezone, notice.at)
    return _paragraph(
        words.handoff.CONFIRMED.format(
            who=mention(notice.by), name=short(notice.customer, NAME), time=when
        )
    )


def _accepted(notice: AcceptedNotice) -> Message:
    return _paragraph(
        words.handoff.ACCEPTED.format(who=mention(notice.by), name=short(notice.customer, NAME))
    )


def _sent_back(notice: SentBackNotice) -> Message:
    return _paragraph(
        words.handoff.SENT_BACK.format(
            who=mention(notice.by),
            name=short(notice.customer, NAME),
            reason=short(notice.reason, 500),
        )
    )


def _ready(notice: ReadyNotice) -> Message:
    name = short(notice.customer, NAME)
    text = words.handoff.READY.format(name=name, button=words.buttons.CONTACT)
    if notice.with_risks:
        text += words.handoff.RISKS_ON_CARD
    value = Target(notice.customer_id).encode()
    press = button(ActionId.CONTACT, words.buttons.CONTACT, value, primary=True)
    return Message(text, (section(text), actions(press)))


def _reopened(notice: ReopenedNotice) -> Message:
    name = short(notice.customer, NAME)
    text = words.handoff.REOPENED.format(name=name)
    return Message(text, (section(f"{text}\n{_bullets(notice.lines)}"),))


def _stuck(notice: StuckNotice) -> Message:
    """To the support channel: who, where, why."""
    name = short(notice.customer, NAME)
    why = short(notice.why, 500) or words.states.NO_REASON
    text = words.reminders.STUCK.format(who=mention(notice.by), name=name, why=why)
    where = channel_link(notice.channel_id)
    blocks = [section(text)]
    place = f"{where} · " if where else ""
    slug = escape(notice.slug)
    blocks.append(context(words.reminders.REST.format(place=place, slug=slug)))
    row = _channel_button(notice.channel_id)
    if row is not None:
        blocks.append(actions(row))
    return Message(text, tuple(blocks))


def _held(notice: HeldNotice) -> Message:
    name = short(notice.customer, NAME)
    if not notice.others:
        text = words.reminders.HELD.format(name=name)
        return Message(text, (section(f"{text}\n{_bullets(notice.lines)}"),))
    others = words.amounts.count(len(notice.others), "other")
    text = words.reminders.HELD_MANY.format(name=name, others=others)
    names = [short(other, NAME) for other in notice.others[:MOST_NAMES]]
    more = len(notice.others) - len(names)
    also = f"Also: {', '.join(names)}" + (words.amounts.AND_MORE.format(more=more) if more else ".")
    return Message(text, (section(f"{text}\n{_bullets(notice.lines)}"), section(also)))


def _escalation(notice: EscalationNotice) -> Message:
    name = short(notice.customer, NAME)
    idle = words.amounts.count(notice.idle_days, "working day")
    where = channel_link(notice.channel_id)
    lead = ""
    if notice.level >= Step.LEAD:
        lead = (
            words.reminders.NO_LEAD
            if not notice.lead
            else words.reminders.LEAD_LOOKS.format(lead=mention(notice.lead))
        )
    text = words.reminders.ESCALATED.format(name=name, idle=idle, lead=lead)
    place = f"\n{where}" if where else ""
    return Message(text, (section(f"{text}\n{_bullets(notice.lines)}{place}"),))


def _parked(notice: ParkedNotice) -> Message:
    """A message that could not be delivered: what, where, why."""
    name = short(notice.customer, NAME)
    where = channel_link(notice.where) or short(notice.where, NAME)
    what = escape(notice.what.replace("_", " "))
    why = short(notice.why, ROOM)
    text = words.delivery.PARKED.format(name=name, what=what, where=where, why=why)
    # A notice from before the buttons stood here says of which message it is by no number.
    buttons = (undelivered_buttons(notice.message),) if notice.message else ()
    return Message(text, (section(text), *buttons))


def _channel(notice: ChannelNotice) -> Message:
    return _paragraph(
        words.channels.CHANNEL_NEWS[notice.news].format(
            name=short(notice.customer, NAME),
            slug=escape(notice.slug),
            where=channel_link(notice.channel_id) or words.channels.THE_CHANNEL,
            bot=words.buttons.BOT,
        )
    )


def _file(notice: FileNotice) -> Message:
    """This names a file where only words can be shown."""
    return _paragraph(f"📎 {short(notice.title, ROOM)}")


def _paragraph(text: str) -> Message:
    return Message(text, (section(text),))


_BUILDERS: dict[type[Any], Callable[[Any], Message]] = {
    HandoffNotice: _handoff,
    PackNotice: _file,
    ChartNotice: _file,
    ConfirmationNotice: _confirmation,
    AcceptedNotice: _accepted,
    SentBackNotice: _sent_back,
    ReadyNotice: _ready,
    ReopenedNotice: _reopened,
    StuckNotice: _stuck,
    HeldNotice: _held,
    EscalationNotice: _escalation,
    ParkedNotice: _parked,
    ReconnectNotice: build_reconnect,
    ExpiryNotice: build_expiry,
    ChannelNotice: _channel,
    DigestNotice: build_digest,
}
