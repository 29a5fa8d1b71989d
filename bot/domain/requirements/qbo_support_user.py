"""QuickBooks Online has the user "OneCore Connect Support".

QBO's API cannot list users. The one proof is that this identity authorised the connection
(OpenID Connect userinfo with a verified e-mail); anybody else's connection proves nothing.
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
    "In QuickBooks, look under Settings > Manage users for {name} and press Mark as done, or let "
    "Interfy sign in once as the support user."
)


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Verified by the authoriser's identity, otherwise unknown with the manual step."""
    read = snapshot.get(AUTHORISER)
    if isinstance(read, Failed):
        return unread(read)
    doubt = identity_doubt(read.value, context.support)
    if doubt:
        step = MANUAL.format(name=context.support.qbo_display_name)
        return unknown(doubt, step, scope=read.scope)
    return met(f"{context.support.email} authorised the connection itself.", scope=read.scope)


REQUIREMENT = Requirement(
    id="qbo-support-user",
    order=40,
    grade=Grade.REQUIRED,
    title='QuickBooks user "{qbo_display_name}" exists',
    short="QuickBooks support user",
    why="Interfy signs in to your QuickBooks as this user to connect OneCore.",
    who=Role.QBO_ADMIN,
    steps=(
        "In QuickBooks, open Settings > Manage users > Add user.",
        "Enter first name {given_name}, last name {family_name}, e-mail {email}.",
        "Send the invitation, and tell us here; Interfy accepts it.",
    ),
    links=(Link("Interfy's guide", "{guide_url}"),),
    needs=(AUTHORISER,),
    check=check,
    known_by="Verified when that identity authorised the connection with a verified e-mail; "
    "otherwise unknown, and a person's word.",
)
