"""Who may do what: one pure function decides, and every listener asks it."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """Everything a person can ask the bot to do."""

    HELP = "help"
    STATUS = "status"
    CHECK = "check"
    DETAILS = "details"
    CONNECT = "connect"
    ATTEST = "done"
    STUCK = "stuck"
    SNOOZE = "snooze"
    REMIND = "remind"
    ASSIGN = "assign"
    MATCH = "match"
    HAND_OFF = "handoff"
    HISTORY = "history"
    EXPORT = "export"
    HELLO = "hello"
    HOME = "home"
    NEW = "new"
    LINK = "link"
    LIST = "list"
    WAIVE = "waive"
    PAUSE = "pause"
    RESUME = "resume"
    ARCHIVE = "archive"
    NUDGE = "nudge"
    ACCEPT = "accept"
    SEND_BACK = "send back"
    DOCTOR = "doctor"
    RISKS = "risks on|off"
    PROVE = "connect as support"


FOR_EVERYBODY = frozenset({Action.HELP, Action.HOME})
FOR_CUSTOMERS = FOR_EVERYBODY | {
    Action.STATUS,
    Action.CHECK,
    Action.DETAILS,
    Action.CONNECT,
    Action.ATTEST,
    Action.STUCK,
    Action.SNOOZE,
    Action.REMIND,
    Action.ASSIGN,
    Action.MATCH,
    Action.HAND_OFF,
    Action.HISTORY,
    Action.EXPORT,
    Action.HELLO,
}


class Standing(StrEnum):
    """What somebody is to us, as the server found out; never what a payload claims."""

    STAFF = "staff"
    MEMBER = "member"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting somewhere.

    ``team_id`` is the person's own team, from the payload field that says so for its kind.
    ``standing`` is staff only for members of the home team in the staff user group. ``channel_id``
    is where the act took place ("" for the Home tab); ``linked_customer_id`` is the customer to
    which the server has that channel linked.
    """

    user_id: str
    team_id: str
    channel_id: str
    standing: Standing
    linked_customer_id: int | None = None

    @property
    def is_staff(self) -> bool:
        """True for Interfy's support staff."""
        return self.standing is Standing.STAFF


class Refusal(StrEnum):
    """Why somebody may not; ``bot.words.refusals`` says it, and who can."""

    STAFF_ONLY = "staff only"
    NOT_HERE = "not here"
    OTHER_CUSTOMER = "another customer"
    BOT = "not a person"


@dataclass(frozen=True, slots=True)
class Permission:
    """The answer: allowed, or why not."""

    refusal: Refusal | None = None

    @property
    def allowed(self) -> bool:
        """True where nothing stands against it."""
        return self.refusal is None


ALLOWED = Permission()


def authorise(actor: Actor, action: Action, customer_id: int | None) -> Permission:
    """Whether ``actor`` may do ``action`` to a customer (None: to no customer in particular).

    Staff may do everything, everywhere. A customer's people are whoever acts in a channel linked
    to that customer, and they reach that customer only. Everybody else gets a polite refusal.
    """
    if actor.standing is Standing.BOT:
        return Permission(Refusal.BOT)
    if actor.is_staff or action in FOR_EVERYBODY:
        return ALLOWED
    if action not in FOR_CUSTOMERS:
        return Permission(Refusal.STAFF_ONLY)
    if actor.linked_customer_id is None:
        return Permission(Refusal.NOT_HERE)
    if customer_id != actor.linked_customer_id:
        return Permission(Refusal.OTHER_CUSTOMER)
    return ALLOWED
