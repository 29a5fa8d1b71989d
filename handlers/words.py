"""The one place for wording and symbols. A symbol always stands beside its word."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.lifecycle import Stage
from bot.domain.model import Gate, Grade, Status, StatusKind, SupportIdentity
from bot.services.notices import News
from bot.services.views import LONG_IDLE, PortfolioRow
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
MATCH = "Match them…"
REVIEW = "Review…"
HOW_TO_FIX = "How to fix"
DETAILS = "Details"
DONE = "Mark as done…"
CONNECT = "Connect {label}"
RECONNECT = "Reconnect {label}"
PROVE = "Interfy: sign in to prove it"
SIGN_IN = "Sign in to {label}"
RECHECK_ALL = "Re-check everything"
CONTACT = "Contact Interfy support"
NEED_HELP = "Ask Interfy for help"
STUCK = "I'm stuck"
OPEN_CARD = "Open the card"
OPEN = "Open"
NUDGE = "Nudge"
OPEN_CHANNEL = "Open channel"
SNOOZE_DAYS = 2
SNOOZE = f"Snooze {SNOOZE_DAYS} days"
ACCEPT = "Accept"
SEND_BACK = "Send back…"
CHANNEL_URL = "https://slack.com/app_redirect?channel={channel}"
NEXT_PAGE = "Next page"
PREVIOUS_PAGE = "Previous page"
SAY_HELLO = "Try the button: say hello"
NEW_CUSTOMER = "New customer…"
WORTH_SAYING = 5
"""Working days without movement from which on a reminder mentions them."""
IS_STUCK = "stuck"
NO_LEAD = (
    " The staff lead would hear of this now. None is set (STAFF_LEAD_USER_ID), so it comes to you "
    "again."
)

BROKEN = "Something broke on our side (ref {ref}). Nothing changed for you. Interfy has been told."
BROKEN_FOR_STAFF = "Something broke (ref {ref}) during {what}: {kind}. The log has the details."
STALE = "That button is from an older card. Here is the current one."
STALE_FORM = "That form is from an older version of me, so nothing was saved. Please open it again."
TOO_LATE = "Slack gave me three seconds to open that, and I was late. Please press it again."
BUSY = (
    "Too many people ask me at once, so I did nothing with this. Nothing is lost or changed: "
    "please try again in a few seconds."
)
BUSY_SLACK = "Slack asks me to slow down for a moment. Please try again in {seconds} seconds."
SLACK_UNWELL = (
    "Slack didn't answer me when you asked, so I couldn't show you what you wanted. Nothing is "
    "lost; please ask again."
)
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
HELLO_AT_HOME = (
    "Thanks {who}, your click reached me. Ask somebody at the customer to press it too: that "
    "proves that clicks from their side arrive."
)
ATTESTED = "{item} is marked as done, with your name. The card shows it."
UNATTESTED = "{item} is no longer marked as done. The next check says what holds."
UNWAIVED = "{item} is no longer waived."
NOTHING_TO_UNDO = "{item} is neither marked as done nor waived, so nothing changed."
ASSIGNED = "{item} is {owner}'s now{due}."
WAIVED = "{item} is waived{until}. The card shows why."
STUCK_TOLD = "Interfy support has been told, and reminders rest. They'll answer here."
SENT_BACK = "{name} is sent back. Its channel is told why."
ACCEPTED = "{name} is accepted. Its channel is told."
STAGED = "{name} is {stage} now."
AIMED = "{name} aims for {day}. The card shows it."
AIMLESS = "{name} has no target date any more."
ASKED_BY = "{who} asked me to remind you."
NUDGED = "{name} is reminded now, once; what is open was checked a moment ago."
CREATED = "{name} is started. Now invite me to its channel and type `/onboard link {slug}` there."
NO_CUSTOMER_HERE = "This is no channel for a customer. Type it in the customer's own channel."
RISKS = "{count} to look at"
NO_RISKS = "Risks: I found nothing to look at."
RISKS_UNREAD = "Risks haven't been looked at yet; a full check does that."
RISKS_TITLE = "Risks"
RISKS_INTRO = "None of them is in the way of the hand-off; each has cost somebody a week."
RISKS_UNKNOWN = "*What I can't tell*"
RISKS_SWITCHED = "Done: {what} switched {word}. The next full check goes by that."
DETAILS_OF = "{count} about {item}."
ASK_WHY = (
    "Press the button and say in a sentence what is in the way, or type `stuck` and the sentence."
)
NOT_MEMBER = (
    "I'm not in this channel yet, so nothing changed. Type `/invite {bot}`, then try again."
)
LINK_GOOD = (
    "This link is for you alone. It works once, until {until}; after that, ask me for a new one."
)
COOLING = "Checked {ago}. I look again by myself in {wait}, in case you have changed something."
SERVICE_CONNECTED = (
    "Procore company {name} is connected through the app's service account. I'm checking it now."
)
DISCONNECTED = "{label} ({name}) is disconnected: ended there, deleted here."
DISCONNECTED_HERE = (
    "{label} ({name}) is deleted here. {label} could not be told, so its administrator should "
    "remove the app there."
)
DISCONNECTED_SHARED = (
    "{label} ({name}) is deleted here. It was not ended at {label}: another connection here goes "
    "through the same sign-in or company and would end with it. Disconnect that too to end both."
)
READING = "Reading your systems… This can take a minute; you can close this meanwhile."
MATCHING = "Matching again…"
COMPARING = "Comparing again… I remember what you said."
WHAT_CHANGED = "What changed…"
CHANGES_TITLE = "What changed"
OTHER_MOMENT = "Since when?"
SEND_PICTURE = "Send me this as a picture"
EXPORT = "Export"
EXPORTING = "Making the files… You can close this meanwhile; they come as a direct message."
EXPORTED = "Sent to you as a direct message; nobody else sees it."
EXPORT_OF = "📎 Here is what you asked for about {name}: {files}"
UNMATCHED = "Taken back; the code is open again."
MATCHED = "{what} matched."
ALREADY_MATCHED = "Somebody has matched that meanwhile; I left it as it is."
NOTHING_LEFT = "Nothing is left to match there, so nothing changed."
NO_SUCH_CODE = "That cost code isn't there any more. Open the list again to see what is."
NO_SUCH_MODE = "I don't know that, so nothing changed."
SUGGESTIONS_CHANGED = (
    "The suggestions changed while you read them, so nothing was matched. Please look again."
)
DISMISSED = "Remembered as different: {names}"
KEPT = "{name} is the one to keep."
KEPT_AS_SUGGESTED = "Taken back; I suggest again which one to keep."
ASKED_AGAIN = "Asked again: {names}"
MATCH_LIST = "Cost codes of {name}: {matched:,} of {total:,} matched."
MATCH_BY_WORDS = (
    "Press the button, or say `match 03-300 to 5010` (a number or a whole name), "
    "`match division 03 to 5010`, `match suggested`, or `match 03-300 none` to take it back."
)
MATCH_SUGGESTED = (
    "{count} above the line. Please read, then say `match suggested {word}` to use what is shown."
)
NO_SUCH_DIVISION = (
    "I know no division {text} with codes left, so nothing changed. There are: {names}."
)
SAME_CODE = (
    "{text} stands in several lists, so nothing changed: {names}. Say for example "
    "`match {text} in {name} to 5010`."
)
NO_SUCH_TARGET = (
    "I know no account or item {text}, so nothing changed. Say its number or its whole name."
)
WHICH_TARGET = (
    "Which one is {text}? Nothing changed. There are: {names}. Say the number or the name whole."
)
REVIEW_LIST = "{count} of {many} in {system} look alike at {name}."
REVIEW_BY_WORDS = (
    "Press the button, or say `{command} different 1042` or `{command} keep 1042` with the id of a "
    "record; `{command} again 1042` takes a *different* back."
)
NO_SUCH_GROUP = (
    "I see no one group with {ids}, so nothing changed. `{command}` shows them with their ids."
)
WHICH_LIST = "Of which list? Say for example `review vendors keep 1042`. Nothing changed."
LEFT_OUT = "The rest has no room here; `export` sends all of it."
NEXT_IN_WORDS = "`{command}` shows the next page."
ASK_REVIEW = (
    "Press a button to review what looks alike at {name}, or say `review vendors` or "
    "`review customers`."
)
LOOKING = "I'm asking every system and Slack; that takes some seconds."
DIAGNOSED = "I looked at {total} things; {count} to look at."
DOCTOR_MORE = "… and {count} more: `onboard doctor` lists them all."
CLOSED_CHANNEL = (
    "This channel is archived or frozen, so nobody could read me here and nothing changed. Open it "
    "again, or type it in another channel."
)
SHARED_CHANNEL = (
    "I see a {kind} channel that is shared with {teams} outside yours: everybody in it can mention "
    "me and press my buttons."
)
PENDING_CHANNEL = (
    "I see a {kind} channel whose invitation to the customer's workspace isn't accepted yet. It "
    "works as soon as it is; nothing has to be done again."
)
OWN_CHANNEL = (
    "I see a {kind} channel that isn't shared with another workspace, so only your own people read "
    "it. Share it with the customer when you are ready; nothing has to be done again."
)
MORE_CHANNELS = "Reminders stay in {where}, the first channel of {name}."
INVITED_BY_OTHERS = (
    "🔗 {who} invited me to {where}, which shows no customer. Join it and type "
    "`/onboard link acme` or `/onboard new Acme Constructions` there; I am silent till then."
)
INVITED = (
    "Thanks for inviting me. Whose channel is this? Nothing is shown here until you say so, and "
    "only you see this."
)
ASK_NAME = "Which customer? Press the button, or type `{example}`."
LINK_CUSTOMER = "Link a customer…"
CHANNEL_NEWS = {
    News.ARCHIVED: (
        "🔒 {where}, the channel of {name}, was archived, so I write nothing there. Unarchive it, "
        "or type `/onboard link {slug}` in another channel. Nothing else changed."
    ),
    News.DELETED: (
        "🔒 The channel of {name} was deleted. Type `/onboard link {slug}` in another channel; "
        "everything that I know about {name} is kept."
    ),
    News.LEFT: (
        "🔒 I was taken out of {where}, the channel of {name}, so I write nothing there. Type "
        "`/invite {bot}` in it, or `/onboard link {slug}` in another channel."
    ),
    News.OPENED: "🔓 {where}, the channel of {name}, takes messages again. I go on there.",
    News.SHARED: (
        "🔗 {where}, the channel of {name}, is shared with another workspace now. Ask somebody "
        "there to press the card's buttons once."
    ),
    News.UNSHARED: (
        "🔗 {where}, the channel of {name}, is no longer shared with a workspace that was in it. "
        "If {name} can't read it any more, share it again, or type `pause {slug}`."
    ),
    News.MOVED: (
        "🔁 Slack gave the channel of {name} another id. Its card, reminders and waiting messages "
        "moved along to {where}; nothing is left to do."
    ),
}
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


def some(number: int, one: str) -> str:
    """``One thing``, ``Two things``, ``12 things``, for the start of a sentence."""
    small = dict(enumerate(("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven"), start=0))
    return f"{small.get(number, f'{number:,}')} {one if number == 1 else one + 's'}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 item``, ``3 items``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def light(row: PortfolioRow) -> tuple[str, str]:
    """How an onboarding stands at a glance: symbol and word."""
    customer = row.customer
    if customer.stuck is not None or row.idle_working_days >= LONG_IDLE:
        return "🔴", IS_STUCK
    if customer.stage in (Stage.HANDED_OFF, Stage.ACCEPTED):
        return "🔵", customer.stage.label
    if customer.stage is Stage.PAUSED:
        return "⚪", "paused"
    return ("🟢", "ready") if row.gate.is_open else ("🟡", "preparing")


def progress(met: int, total: int, *, checked: bool) -> str:
    """How much of what is required is met; nothing is known before the first check."""
    return f"{met} of {total}" if checked else "not checked yet"


def greeting(hour: int) -> str:
    """How somebody is greeted at this hour of their day."""
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def idle(days: int) -> str:
    """How long nothing has moved, in words."""
    if days == 0:
        return "moved today"
    return f"{count(days, 'working day')} without movement"
