"""How something stands, in a symbol and always a word."""

from bot.domain.lifecycle import Stage
from bot.domain.model import Gate, Grade, Status, StatusKind
from bot.words.amounts import count

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
IS_STUCK = "stuck"
NO_REASON = "no reason given"
NO_NAME = "no name"


def state(status: Status) -> str:
    """Symbol and word of a status, e.g. ``❌ Not done``."""
    symbol, word = STATES[status.kind]
    if status.is_open and status.requirement.grade is Grade.RECOMMENDED:
        symbol = RECOMMENDED[0] if status.kind is StatusKind.UNMET else symbol
        return f"{symbol} {RECOMMENDED[1]} · {word.lower()}"
    return f"{symbol} {word}"


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
