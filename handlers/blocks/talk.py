"""What the bot says of itself and in answer to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot import words
from bot.domain.customer import Customer
from bot.domain.model import Status, SupportIdentity
from bot.services.recheck import Cooling
from bot.services.views import (
    CheckOutcome,
    CustomerView,
    Filter,
    Portfolio,
    PortfolioRow,
    ReminderSettings,
)
from handlers.blocks.base import Block, Message, actions, button, context, section, shown
from handlers.blocks.card import progress, work_button
from handlers.blocks.signin import connect_buttons
from handlers.escape import channel_link, escape, mention, short
from handlers.ids import ActionId
from handlers.naming import light, short_title, title
from handlers.values import Target

NAME = 80
ROOM = 240
MOST_LINES = 20
LISTED = 40


def build_help(customer: Customer | None, caller: str, *, staff: bool) -> Message:
    """What can be said here, by this person. ``caller`` is ``/onboard`` or a mention."""
    if customer is None and not staff:
        text = words.talk.OUTSIDE.format(bot=words.buttons.BOT)
        return Message(text, (section(text),))
    name = f" for {short(customer.name, NAME)}" if customer is not None else ""
    intro = words.commands.OPENING.format(bot=caller, named=name)
    blocks = [section(intro), section(_commands(words.commands.FOR_CUSTOMERS))]
    if staff:
        where = words.commands.NAME_FIRST
        blocks.append(
            section(words.commands.FOR_STAFF.format(lines=_commands(words.commands.STAFF_ONLY)))
        )
        blocks.append(context(words.commands.IN_A_CHANNEL.format(named=where)))
    if customer is not None:
        blocks.append(_quick(customer))
    return Message(intro, tuple(blocks))


def build_help_with(word: str, caller: str, *, staff: bool) -> Message | None:
    """Help with one command for whoever may say it; None where nothing is called so."""
    known = {**words.commands.FOR_CUSTOMERS, **(words.commands.STAFF_ONLY if staff else {})}
    lines = {line: text for line, text in known.items() if word in line.split()}
    if not lines:
        return None
    intro = words.commands.ONE.format(bot=caller, verb=escape(word))
    return Message(intro, (section(intro), section(_commands(lines))))


def _commands(lines: Mapping[str, str]) -> str:
    return "\n".join(f"`{escape_command(word)}` {text}" for word, text in lines.items())


def escape_command(text: str) -> str:
    """Angle brackets as Slack shows them; the rest of a command is ours."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _quick(customer: Customer) -> Block:
    value = Target(customer.id).encode()
    return actions(
        button(ActionId.SUGGESTION, words.buttons.SHOW_CARD, "status"),
        button(ActionId.RECHECK_ALL, words.buttons.RECHECK_ALL, value),
        button(ActionId.STUCK, words.buttons.STUCK, value),
    )


def build_first_card(customer: Customer) -> Message:
    """Hello, in a channel that has just been linked."""
    text = words.talk.FIRST_CARD
    talk = words.talk.MENTION_ME.format(bot=words.buttons.BOT)
    press = words.talk.PRESS_ONCE
    hello = button(
        ActionId.HELLO, words.buttons.SAY_HELLO, Target(customer.id).encode(), primary=True
    )
    connect = actions(*connect_buttons(customer))
    return Message(text, (section(text), section(talk), section(press, accessory=hello), connect))


def build_checked(outcome: CheckOutcome, support: SupportIdentity) -> Message:
    """What a check found, in three lines: what was checked, where it stands, what changed."""
    view = outcome.view
    titles = {s.requirement.id: short_title(s, support) for s in view.report.statuses}
    lines = _where_it_stands(outcome, support)
    if len(outcome.checked) > 1:
        lines.insert(0, words.talk.CHECKED.format(name=short(view.customer.name, NAME)))
    for change in outcome.changes[:MOST_LINES]:
        symbol = "⬆️ better" if change.better else "⬇️ changed"
        lines.append(f"{symbol}: {titles[change.item]}, {change.was} → {change.now}")
    if not outcome.changes:
        lines.append(words.talk.NO_CHANGE)
    text = "\n".join(line for line in lines if line)
    return Message(text, (section(text),))


def build_cooling(cooling: Cooling, support: SupportIdentity) -> Message:
    """Somebody has just checked that: how long ago, what it found, and that it is done again."""
    lines = [say_cooling(cooling), *_where_it_stands(cooling, support)]
    text = "\n".join(line for line in lines if line)
    return Message(text, (section(text),))


def say_cooling(cooling: Cooling) -> str:
    """How long ago, and when I look again."""
    ago = (
        f"{words.amounts.count(cooling.ago, 'second')} ago" if cooling.ago else words.talk.JUST_NOW
    )
    return words.card.COOLING.format(ago=ago, wait=words.amounts.count(cooling.wait, "second"))


def _where_it_stands(found: CheckOutcome | Cooling, support: SupportIdentity) -> list[str]:
    """The one item that was checked, or everything in a line."""
    if len(found.checked) > 1:
        return [progress(found.view)]
    status = found.view.report.status(found.checked[0])
    summary = short(status.finding.summary, ROOM) if status.finding is not None else ""
    return [f"*{words.states.state(status)}:* {title(status, support)}", summary]


def build_too_early(
    view: CustomerView, missing: Sequence[Status], support: SupportIdentity
) -> Message:
    """Contact support was pressed before the gate opened: what is missing, and a way out."""
    intro = words.handoff.TOO_EARLY
    blocks = [section(intro)]
    for status in missing[:MOST_LINES]:
        value = Target(view.customer.id, status.requirement.id).encode()
        summary = (
            short(status.finding.summary, ROOM) if status.finding else words.states.NEVER_CHECKED
        )
        text = f"• *{short_title(status, support)}:* {summary}"
        how = button(ActionId.HOW_TO_FIX, words.buttons.HOW_TO_FIX, value)
        blocks.append(section(text, accessory=work_button(status, value) or how))
    blocks.append(section(words.handoff.NEED_A_HAND))
    value = Target(view.customer.id).encode()
    blocks.append(actions(button(ActionId.NEED_HELP, words.buttons.NEED_HELP, value)))
    names = ", ".join(short_title(status, support) for status in missing[:MOST_LINES])
    return Message(f"{intro} {names}.", tuple(blocks))


def build_handed_over(view: CustomerView, *, already: bool) -> Message:
    """The private answer to a hand-off; the channel gets its own message by the outbox."""
    name = short(view.customer.name, NAME)
    handover = view.customer.handover
    if already and handover is not None:
        when = words.amounts.clock(handover.at, view.customer.timezone, view.now)
        text = words.handoff.ALREADY.format(name=name, who=mention(handover.by), when=when)
    else:
        text = words.handoff.DONE.format(name=name)
    return Message(text, (section(text),))


def build_settings(customer: Customer, settings: ReminderSettings, now: datetime) -> Message:
    """When the next reminder comes, in a sentence."""
    if not settings.on:
        text = words.reminders.OFF
    elif settings.next_at is None:
        text = words.reminders.RESTING.format(stage=customer.stage.label)
    else:
        when = words.amounts.clock(settings.next_at, customer.timezone, now)
        text = words.reminders.NEXT.format(when=when)
    return Message(text, (section(text),))


def build_list(portfolio: Portfolio, wanted: Filter) -> Message:
    """A page of the onboardings, a line each, the most stuck first."""
    before, found = portfolio.before, portfolio.found
    if not found:
        text = words.portfolio.LIST_EMPTY
        return Message(text, (section(text),))
    lines = [_with_link(row) for row in portfolio.rows[:LISTED]]
    text = words.portfolio.LIST.format(count=words.amounts.count(found, "onboarding"))
    blocks = [section(f"*{text}*"), *chunks(lines)]
    if found > len(lines):
        blocks.append(shown(before, len(lines), found, "Customers"))
    if found > before + len(lines):
        what = "" if wanted is Filter.ALL else f" {wanted}"
        more = f"list{what} {before // LISTED + 2}"
        blocks.append(section(words.portfolio.LIST_MORE.format(command=more), accessory=_say(more)))
    return Message(text, tuple(blocks))


def _say(command: str) -> Block:
    return button(ActionId.SUGGESTION, words.buttons.NEXT_PAGE, command)


def chunks(lines: Sequence[str]) -> list[Block]:
    """Eight lines a paragraph."""
    return [section("\n".join(lines[start : start + 8])) for start in range(0, len(lines), 8)]


def _with_link(row: PortfolioRow) -> str:
    where = channel_link(row.channel_id)
    return f"{portfolio_line(row)} · {where}" if where else portfolio_line(row)


def portfolio_line(row: PortfolioRow) -> str:
    """``🔴 Cairns Civil stuck · preparing for 31 days · 3 of 6 · waiting on customer · …``."""
    customer = row.customer
    symbol, state = light(row)
    waiting = words.portfolio.WAITING_ON.format(who=row.waiting_on) if row.waiting_on else ""
    moved = words.states.idle(row.idle_working_days)
    numbers = words.states.progress(row.required_met, row.required_total, checked=row.is_checked)
    since = f"{customer.stage.label} for {words.amounts.count(row.days_in_stage, 'day')}"
    stands = since if state == customer.stage.label else f"{state} · {since}"
    return f"{symbol} *{short(customer.name, NAME)}* {stands} · {numbers}{waiting} · {moved}"
