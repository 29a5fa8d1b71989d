"""The one place for wording and symbols. A symbol always stands beside its word."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.lifecycle import Stage
from bot.domain.model import Gate, Grade, Status, StatusKind, SupportIdentity
from handlers.escape import escape

BOT = "@OneCore"

STATES = {
    StatusKind.VERIFIED: ("✅", "Done"),
    StatusKind.ATTESTED: ("✅", "Done, by a person's word"),
    StatusKind.WAIVED: ("✅", "Waived"),
    StatusKind.UNMET: ("❌", "Not done"),
    StatusKind.UNKNOWN: ("❔", "Can't tell"),
    StatusKind.NOT_CHECKED: ("⏳", "Not checked yet"),
}
RECOMMENDED = ("⚠️", "Recommended")
CHECKING = "🔄 Checking…"

GATES = {
    Gate.READY: "ready for Interfy",
    Gate.READY_WITH_RISKS: "ready, with risks",
    Gate.NOT_READY: "not ready yet",
    Gate.CANNOT_TELL: "can't tell yet",
}
STAGES = {
    Stage.PREPARING: "getting ready for OneCore",
    Stage.READY: "ready for OneCore",
    Stage.HANDED_OFF: "handed over to Interfy support",
    Stage.ACCEPTED: "accepted by Interfy support",
    Stage.PAUSED: "paused",
    Stage.ARCHIVED: "archived",
}
NEVER_CHECKED = "not checked yet"

RECHECK = "Re-check"
HOW_TO_FIX = "How to fix"
DETAILS = "Details"
DONE = "Mark as done…"
RECHECK_ALL = "Re-check everything"
CONTACT = "Contact Interfy support"
NEED_HELP = "Ask Interfy for help"
STUCK = "I'm stuck"
OPEN_CARD = "Open the card"
OPEN_CHANNEL = "Open channel"
SNOOZE_DAYS = 2
SNOOZE = f"Snooze {SNOOZE_DAYS} days"
ACCEPT = "Accept"
SEND_BACK = "Send back…"
CHANNEL_URL = "https://slack.com/app_redirect?channel={channel}"
WORTH_SAYING = 5
"""Working days without movement from which on a reminder mentions them."""
LEAD_LEVEL = 4
"""The step of the escalation ladder that is the staff lead's."""

BROKEN = "Something broke on our side (ref {ref}). Nothing changed for you. Interfy has been told."
BROKEN_FOR_STAFF = "Something broke (ref {ref}) during {what}: {kind}. The log has the details."
STALE = "That button is from an older card. Here is the current one."
STALE_FORM = "That form is from an older version of me, so nothing was saved. Please open it again."
TOO_LATE = "Slack gave me three seconds to open that, and I was late. Please press it again."
BUSY_SLACK = "Slack asks me to slow down for a moment. Please try again in {seconds} seconds."
UNREACHABLE = (
    "I can't write in this channel. Invite me with `/invite {bot}`, then try again. "
    "Nothing changed."
)
NOT_LINKED = (
    "This channel isn't linked to a customer. Name one, for example `{verb} acme`, or link the "
    "channel with `link acme`."
)
CARD_ELSEWHERE = "The card of {name} is at the bottom of {where} now."
HELLO = "Thanks {who}, your click reached me. Say `{bot} status` whenever you want to see the card."
NOTHING_YET = "Nothing has happened yet."


def state(status: Status) -> str:
    """Symbol and word of a status, e.g. ``❌ Not done``."""
    symbol, word = STATES[status.kind]
    if status.is_open and status.requirement.grade is Grade.RECOMMENDED:
        symbol = RECOMMENDED[0] if status.kind is StatusKind.UNMET else symbol
        return f"{symbol} {RECOMMENDED[1]} · {word.lower()}"
    return f"{symbol} {word}"


def title(status: Status, support: SupportIdentity) -> str:
    """The requirement's title, escaped, with the support identity in it."""
    return escape(status.requirement.filled(status.requirement.title, support))


def short_title(status: Status, support: SupportIdentity) -> str:
    """The requirement's short name with a capital letter, escaped."""
    text = status.requirement.filled(status.requirement.short, support)
    return escape(text[:1].upper() + text[1:])


def clock(moment: datetime, timezone: str, now: datetime) -> str:
    """A moment for people: ``09:02 AEDT``, with the day when that is not today."""
    local = moment.astimezone(ZoneInfo(timezone))
    if local.date() == now.astimezone(ZoneInfo(timezone)).date():
        return f"{local:%H:%M %Z}"
    return f"{local:%a} {local.day} {local:%b %H:%M %Z}"


def day(value: date) -> str:
    """A day for people: ``Fri 27 Nov``."""
    return f"{value:%a} {value.day} {value:%b}"


def full_day(value: date) -> str:
    """A day with its year: ``27 Nov 2026``."""
    return f"{value.day} {value:%b %Y}"


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def at(value: time) -> str:
    """A time of day: ``09:00``."""
    return f"{value:%H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 item``, ``3 items``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
