"""Procore has an active company user with the support address."""

from bot.domain.facets import SUPPORT_USER
from bot.domain.findings import met, unmet, unread
from bot.domain.model import (
    CheckContext,
    Evidence,
    Failed,
    Finding,
    Grade,
    Link,
    Requirement,
    Role,
    Snapshot,
)


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Exact e-mail match among the company's users; an inactive user is said to be inactive."""
    read = snapshot.get(SUPPORT_USER)
    email = context.support.email
    if isinstance(read, Failed):
        return unread(read)
    if read.value.active is not None:
        return met(f"{email} is an active Procore company user.", scope=read.scope)
    if read.value.inactive is not None:
        user = read.value.inactive
        return unmet(
            f"{email} is in your Procore directory, but inactive.",
            "Reactivate the user in the Company Directory.",
            [Evidence(user.name or email, "inactive user", ref=user.id)],
            scope=read.scope,
        )
    return unmet(
        f"{email} isn't in your Procore company directory yet.",
        f"Add {email} as a company user.",
        scope=read.scope,
    )


REQUIREMENT = Requirement(
    id="procore-support-user",
    order=10,
    grade=Grade.REQUIRED,
    title="Procore support user {email} exists and is active",
    short="Procore support user",
    why="Interfy signs in to your Procore as this user to set OneCore up and to help you later.",
    who=Role.PROCORE_ADMIN,
    steps=(
        "In Procore, open Company level > Directory > Users.",
        (
            "Press Add Person and enter first name {given_name}, last name {family_name}, "
            "e-mail {email}."
        ),
        "If the user is in the Inactive Users tab, press Reactivate instead.",
        "Invite the user to Procore, then press Re-check here.",
    ),
    links=(Link("Interfy's guide", "{guide_url}"),),
    needs=(SUPPORT_USER,),
    check=check,
    known_by="Exact e-mail match among the company's active and inactive users.",
)
