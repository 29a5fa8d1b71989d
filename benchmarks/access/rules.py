"""What has to come of an act, by rules that are written down here a second time.

They do not look at ``bot.domain.access``. A new action is in none of the three sets until somebody
has thought about it, and until then the claim does not hold.
"""

from enum import StrEnum

from benchmarks.access.town import MARKERS, SLUGS, Person
from bot.domain.access import Action

STAFF_ONLY = {
    Action.NEW,
    Action.LINK,
    Action.LIST,
    Action.WAIVE,
    Action.PAUSE,
    Action.RESUME,
    Action.ARCHIVE,
    Action.NUDGE,
    Action.ACCEPT,
    Action.SEND_BACK,
    Action.DOCTOR,
    Action.RISKS,
    Action.PROVE,
}
EVERYBODY = {Action.HELP, Action.HOME}
CUSTOMERS = {
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


class Must(StrEnum):
    """What has to come of an act."""

    ALLOW = "be allowed"
    REFUSE = "be refused, privately, saying who can"
    NOTHING = "change nothing"
    SILENCE = "get no answer and change nothing"
    STAY_HOME = "stay within what the person may do"


def must_be(who: Person, action: Action, about: int | None, here: int | None) -> Must:
    """DESIGN: staff everything; a customer's people their customer, in its channel; others none."""
    if action in EVERYBODY or who.is_staff:
        return Must.ALLOW
    if action in STAFF_ONLY or here is None or about != here:
        return Must.REFUSE
    return Must.ALLOW


def meant(named: str, here: int | None) -> int | None:
    """The customer that a name means; nobody's for one that is none."""
    if not named:
        return here
    known = {
        name.casefold(): number for names in (SLUGS, MARKERS) for number, name in names.items()
    }
    return known.get(named.casefold(), -1)
