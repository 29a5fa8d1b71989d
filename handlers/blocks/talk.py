"""What the bot says of itself and in answer to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime

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
from handlers import words
from handlers.blocks.base import Block, Message, actions, button, context, section, shown
from handlers.blocks.card import progress, work_button
from handlers.blocks.signin import connect_buttons
from handlers.escape import channel_link, escape, mention, short
from handlers.ids import ActionId
from handlers.values import Target

NAME = 80
ROOM = 240
MOST_LINES = 20
LISTED = 40

CUSTOMER_HELP: Mapping[str, str] = {
    "status": "the card, at the bottom of the channel",
    "check [item]": "look again, now",
    "connect procore|quickbooks": "a private link to sign in with",
    "disconnect procore|quickbooks": "end that connection, there and here",
    "details <item>": "every row that a finding rests on",
    "fix <item>": "why it matters, who can put it right, the steps",
    "risks": "what else could cost you a week later",
    "match [03-300 to 5010]": "give cost codes their QuickBooks account or item",
    "review [vendors|customers]": "look at what seems to be duplicated",
    "export [item] [xlsx|csv|json]": "everything stored, or an item's lists, sent to you alone",
    "done <item> [note]": "say that something I can't see is done",
    "assign <item> @person [27 Nov]": "who does it, by when",
    "target 15 Dec": "by when you want to be ready",
    "undo <item>": "take that back",
    "stuck <why>": "Interfy hears of it at once, reminders rest",
    "snooze <days>": "no reminders for up to 14 days",
    "remind on|off|09:00": "whether and when I remind",
    "history [since 12 Nov]": "who did what, and what changed since then",
    "handoff": "contact Interfy support when everything is done",
}
STAFF_HELP: Mapping[str, str] = {
    "new <customer>": "start an onboarding, in the customer's channel",
    "connect procore|quickbooks as support": "prove what only the support user's sign-in can",
    "connect procore service <company id>": "through the app's own service account",
    "link <customer>": "link this channel to a customer",
    "list [stuck|ready|mine] [page]": "every onboarding, the most stuck first",
    "waive <item> [until 31 Dec] <why>": "decide that an item doesn't matter",
    "nudge [customer]": "remind now, once, whatever is snoozed",
    "risks on|off [risk]": "whether I look at the risks, or at one of them",
    "pause · resume · archive": "rest, go on, put away",
    "doctor": "what is wrong with this installation",
}


def build_help(customer: Customer | None, caller: str, *, staff: bool) -> Message:
    """What can be said here, by this person. ``caller`` is ``/onboard`` or a mention."""
    if customer is None and not staff:
        text = (
            "I check what a new OneCore customer needs in Procore and QuickBooks. Ask me in the "
            f"channel that Interfy shares with you: `{words.BOT} status`."
        )
        return Message(text, (section(text),))
    name = f" for {short(customer.name, NAME)}" if customer is not None else ""
    intro = f"Say `{caller}` and one of these{name}. Small typos are fine."
    blocks = [section(intro), section(_commands(CUSTOMER_HELP))]
    if staff:
        where = "the customer's name can stand first, e.g. `status acme` or `snooze acme 2`"
        blocks.append(section(f"*For Interfy staff*\n{_commands(STAFF_HELP)}"))
        blocks.append(context(f"Outside a customer's channel {where}."))
    if customer is not None:
        blocks.append(_quick(customer))
    return Message(intro, tuple(blocks))


def build_help_with(word: str, caller: str, *, staff: bool) -> Message | None:
    """Help with one command for whoever may say it; None where nothing is called so."""
    known = {**CUSTOMER_HELP, **(STAFF_HELP if staff else {})}
    lines = {line: text for line, text in known.items() if word in line.split()}
    if not lines:
        return None
    intro = f"This is what `{caller} {escape(word)}` does."
    return Message(intro, (section(intro), section(_commands(lines))))


def _commands(lines: Mapping[str, str]) -> str:
    return "\n".join(f"`{escape_command(word)}` {text}" for word, text in lines.items())


def escape_command(text: str) -> str:
    """Angle brackets as Slack shows them; the rest of a command is ours."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _quick(customer: Customer) -> Block:
    value = Target(customer.id).encode()
    return actions(
        button(ActionId.SUGGESTION, "Show the card", "status"),
        button(ActionId.RECHECK_ALL, words.RECHECK_ALL, value),
        button(ActionId.STUCK, words.STUCK, value),
    )


def build_first_card(customer: Customer) -> Message:
    """Hello, in a channel that has just been linked."""
    text = (
        "Hi, I'm the OneCore onboarding bot. I check six things in your Procore and QuickBooks, "
        "show what's left, and remind you until Interfy can start. I only read; I change nothing "
        "in your systems."
    )
    talk = f"Mention me to talk to me: `{words.BOT} status` · `{words.BOT} help`"
    press = "Please press once, so that I know your clicks reach me →"
    hello = button(ActionId.HELLO, words.SAY_HELLO, Target(customer.id).encode(), primary=True)
    connect = actions(*connect_buttons(customer))
    return Message(text, (section(text), section(talk), section(press, accessory=hello), connect))


def build_checked(outcome: CheckOutcome, support: SupportIdentity) -> Message:
    """What a check found, in three lines: what was checked, where it stands, what changed."""
    view = outcome.view
    titles = {s.requirement.id: words.short_title(s, support) for s in view.report.statuses}
    lines = _where_it_stands(outcome, support)
    if len(outcome.checked) > 1:
        lines.insert(0, f"Checked everything for {short(view.customer.name, NAME)}")
    for change in outcome.changes[:MOST_LINES]:
        symbol = "⬆️ better" if change.better else "⬇️ changed"
        lines.append(f"{symbol}: {titles[change.item]}, {change.was} → {change.now}")
    if not outcome.changes:
        lines.append("Nothing has changed since the check before.")
    text = "\n".join(line for line in lines if line)
    return Message(text, (section(text),))


def build_cooling(cooling: Cooling, support: SupportIdentity) -> Message:
    """Somebody has just checked that: how long ago, what it found, and that it is done again."""
    lines = [say_cooling(cooling), *_where_it_stands(cooling, support)]
    text = "\n".join(line for line in lines if line)
    return Message(text, (section(text),))


def say_cooling(cooling: Cooling) -> str:
    """How long ago, and when I look again."""
    ago = f"{words.count(cooling.ago, 'second')} ago" if cooling.ago else "just now"
    return words.COOLING.format(ago=ago, wait=words.count(cooling.wait, "second"))


def _where_it_stands(found: CheckOutcome | Cooling, support: SupportIdentity) -> list[str]:
    """The one item that was checked, or everything in a line."""
    if len(found.checked) > 1:
        return [progress(found.view)]
    status = found.view.report.status(found.checked[0])
    summary = short(status.finding.summary, ROOM) if status.finding is not None else ""
    return [f"*{words.state(status)}:* {words.title(status, support)}", summary]


def build_too_early(
    view: CustomerView, missing: Sequence[Status], support: SupportIdentity
) -> Message:
    """Contact support was pressed before the gate opened: what is missing, and a way out."""
    intro = "Nearly there. Before Interfy can start, these are left:"
    blocks = [section(intro)]
    for status in missing[:MOST_LINES]:
        value = Target(view.customer.id, status.requirement.id).encode()
        summary = short(status.finding.summary, ROOM) if status.finding else "not checked yet"
        text = f"• *{words.short_title(status, support)}:* {summary}"
        how = button(ActionId.HOW_TO_FIX, words.HOW_TO_FIX, value)
        blocks.append(section(text, accessory=work_button(status, value) or how))
    blocks.append(section("Need a hand instead?"))
    value = Target(view.customer.id).encode()
    blocks.append(actions(button(ActionId.NEED_HELP, words.NEED_HELP, value)))
    names = ", ".join(words.short_title(status, support) for status in missing[:MOST_LINES])
    return Message(f"{intro} {names}.", tuple(blocks))


def build_handed_over(view: CustomerView, *, already: bool) -> Message:
    """The private answer to a hand-off; the channel gets its own message by the outbox."""
    name = short(view.customer.name, NAME)
    handover = view.customer.handover
    if already and handover is not None:
        when = words.clock(handover.at, view.customer.timezone, view.now)
        text = (
            f"{name} was handed over already, by {mention(handover.by)} at {when}. Nothing to do."
        )
    else:
        text = f"Done: Interfy support has everything about {name}. You'll hear from them here."
    return Message(text, (section(text),))


def build_settings(customer: Customer, settings: ReminderSettings, now: datetime) -> Message:
    """When the next reminder comes, in a sentence."""
    if not settings.on:
        text = "Reminders are off. `remind on` brings them back."
    elif settings.next_at is None:
        text = f"Reminders are resting: the onboarding is {customer.stage.label} or stuck."
    else:
        when = words.clock(settings.next_at, customer.timezone, now)
        text = f"The next reminder comes {when}, if something is still open then."
    return Message(text, (section(text),))


def build_list(portfolio: Portfolio, wanted: Filter) -> Message:
    """A page of the onboardings, a line each, the most stuck first."""
    before, found = portfolio.before, portfolio.found
    if not found:
        text = "No onboarding here. `new Acme Constructions` starts one."
        return Message(text, (section(text),))
    lines = [_with_link(row) for row in portfolio.rows[:LISTED]]
    text = f"{words.count(found, 'onboarding')}, the most stuck first."
    blocks = [section(f"*{text}*"), *chunks(lines)]
    if found > len(lines):
        blocks.append(shown(before, len(lines), found, "Customers"))
    if found > before + len(lines):
        what = "" if wanted is Filter.ALL else f" {wanted}"
        more = f"list{what} {before // LISTED + 2}"
        blocks.append(section(f"`{more}` shows the next ones.", accessory=_say(more)))
    return Message(text, tuple(blocks))


def _say(command: str) -> Block:
    return button(ActionId.SUGGESTION, words.NEXT_PAGE, command)


def chunks(lines: Sequence[str]) -> list[Block]:
    """Eight lines a paragraph."""
    return [section("\n".join(lines[start : start + 8])) for start in range(0, len(lines), 8)]


def _with_link(row: PortfolioRow) -> str:
    where = channel_link(row.channel_id)
    return f"{portfolio_line(row)} · {where}" if where else portfolio_line(row)


def portfolio_line(row: PortfolioRow) -> str:
    """``🔴 Cairns Civil stuck · preparing for 31 days · 3 of 6 · waiting on customer · …``."""
    customer = row.customer
    symbol, state = words.light(row)
    waiting = f" · waiting on {row.waiting_on}" if row.waiting_on else ""
    moved = words.idle(row.idle_working_days)
    numbers = words.progress(row.required_met, row.required_total, checked=row.is_checked)
    since = f"{customer.stage.label} for {words.count(row.days_in_stage, 'day')}"
    stands = since if state == customer.stage.label else f"{state} · {since}"
    return f"{symbol} *{short(customer.name, NAME)}* {stands} · {numbers}{waiting} · {moved}"
