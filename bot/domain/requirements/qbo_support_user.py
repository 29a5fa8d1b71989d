"""QuickBooks Online has the user "OneCore Connect Support".

QBO's API cannot list users. The one proof is that this identity authorised the connection
(OpenID Connect userinfo with a verified e-mail); anybody else's connection proves nothing.
"""

from bot.domain.facets import AUTHORISER
from bot.domain.identity import Proof
from bot.domain.model import Grade, Link, Requirement, Role

PROOF = Proof(
    "{email} authorised the connection itself.",
    "In QuickBooks, look under Settings > Manage users for {qbo_display_name} and press Mark as "
    "done, or let Interfy sign in once as the support user.",
)

check = PROOF.judge

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
