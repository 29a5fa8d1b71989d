"""The QuickBooks support user is Company admin.

Intuit lets only a Primary or Company administrator authorise an app for a company, so the
support user's own authorisation is the proof; the role itself cannot be read.
"""

from bot.domain.facets import AUTHORISER
from bot.domain.identity import Proof
from bot.domain.model import Grade, Link, Requirement, Role

PROOF = Proof(
    "{email} authorised the connection, which only administrators can.",
    "In QuickBooks, look under Settings > Manage users that the role is Company admin and press "
    "Mark as done, or let Interfy sign in once as the support user.",
)

check = PROOF.judge

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
