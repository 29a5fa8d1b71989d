"""There is a seat for the support user in QuickBooks (rule A1)."""

from bot.domain.facets import AUTHORISER
from bot.domain.findings import met, unknown
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.risk import missing, risk, value


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """The API counts no seats; only the support user's own sign-in proves that it has one."""
    unread = missing(snapshot, (AUTHORISER,))
    if unread is not None:
        return unread
    identity = value(snapshot, AUTHORISER)
    wanted = context.support.email.strip().casefold()
    if identity.email_verified and identity.email.strip().casefold() == wanted:
        return met("The support user signed in to QuickBooks, so it has its seat.")
    return unknown(
        "QuickBooks tells nobody's app how many of the plan's users are taken.",
        "Look under Settings > Manage users: the plan's number is shown, and invitations that "
        "nobody has accepted count too.",
    )


REQUIREMENT = risk(
    "seat",
    330,
    "There is a free user for Interfy support in QuickBooks",
    "free user",
    why="Plans have 1, 3, 5 or 25 users, and open invitations count. Without a free one the "
    "support user can't be added.",
    who=Role.QBO_ADMIN,
    steps=("In QuickBooks, open Settings > Manage users and compare the users with the plan.",),
    needs=(AUTHORISER,),
    check=check,
    known_by="Seats can't be read; the support user's own sign-in proves that it has one.",
)
