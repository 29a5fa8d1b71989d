"""The QuickBooks support user is Company admin.

Intuit lets only a Primary or Company administrator authorise an app for a company, so the
support user's own authorisation is the proof; the role itself cannot be read.
"""

from bot.domain.facets import AUTHORISER
from bot.domain.findings import met, unknown, unread
from bot.domain.identity import identity_doubt
from bot.domain.model import (
    CheckContext,
    Failed,
    Finding,
    Grade,
    Link,
    Requirement,
    Role,
    Snapshot,
)

MANUAL = (
    "In QuickBooks, look under Settings > Manage users that the role is Company admin and press "
    "Mark as done, or let Interfy sign in once as the support user."
)


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Follows from who may authorise; anybody else's connection leaves it unknown."""
    read = snapshot.get(AUTHORISER)
    if isinstance(read, Failed):
        return unread(read)
    doubt = identity_doubt(read.value, context.support)
    if doubt:
        return unknown(doubt, MANUAL, scope=read.scope)
    return met(
        f"{context.support.email} authorised the connection, which only administrators can.",
        scope=read.scope,
    )


REQUIREMENT = Requirement(
    id="qbo-company-admin",
    order=50,
    grade=Grade.REQUIRED,
    title="QuickBooks support user is Company admin",
    short="QuickBooks company admin",
    why="Only a Company admin may connect OneCore to your QuickBooks.",
    who=Role.QBO_ADMIN,
    steps=(
        "In QuickBooks, open Settings > Manage users and choose {qbo_display_name}.",
        "Set the role to Company admin and save.",
    ),
    links=(Link("Interfy's guide", "{guide_url}"),),
    needs=(AUTHORISER,),
    check=check,
    known_by="Follows from who may authorise an app; otherwise unknown, and a person's word.",
)
