"""The support user has administrator access at Procore's company level.

Procore has no field that says "company admin": it means Admin on the company Directory tool
(support.procore.com, "What is a Company Admin?"), which a company permission template gives.
"""

from bot.domain.facets import COMPANY_ACCESS
from bot.domain.findings import met, unknown, unmet, unread
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
from bot.domain.records import AccessLevel, CompanyAccess, PermissionTemplate

DIRECTORY = "directory"
TWO_WAYS = (
    "Two ways to prove it: give the user a company permission template with Admin on the "
    "Directory tool, or let Interfy sign in once as the support user."
)


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """The user's own sign-in is the best proof, its company template the next."""
    read = snapshot.get(COMPANY_ACCESS)
    if isinstance(read, Failed):
        return unread(read)
    access = read.value
    if access.user is None:
        return unmet(
            f"There is no active {context.support.email} in Procore, so nobody has the rights yet.",
            "Add the support user first.",
        )
    if access.signed_in_directory_level is not None:
        return _by_sign_in(access.signed_in_directory_level)
    return _by_template(access)


def _by_sign_in(level: int) -> Finding:
    if level == AccessLevel.ADMIN:
        return met("The support user signed in and has Admin on the Directory tool.")
    return unmet(
        f"The support user signed in and has {_name(level)} on the Directory tool, not Admin.",
        "Give it a company permission template with Admin on the Directory tool.",
        [Evidence("Directory", f"{_name(level)}, needs Admin")],
    )


def _by_template(access: CompanyAccess) -> Finding:
    if access.template_hidden:
        return unknown(access.template_hidden, TWO_WAYS)
    if access.template is None:
        return unknown(
            "The support user's rights are set one by one, and Procore doesn't show those to us.",
            TWO_WAYS,
        )
    return _judge(access.template)


def _judge(template: PermissionTemplate) -> Finding:
    level = template.level(DIRECTORY)
    if level == AccessLevel.ADMIN:
        return met(f'Its template "{template.name}" gives Admin on the Directory tool.')
    if level is None:
        return unknown(
            f'The template "{template.name}" doesn\'t say what it gives on the Directory tool.',
            TWO_WAYS,
        )
    return unmet(
        f'Its template "{template.name}" gives {_name(level)} on the Directory tool, not Admin.',
        "Choose a company permission template with Admin on the Directory tool.",
        [Evidence(template.name, f"Directory: {_name(level)}, needs Admin", ref=template.id)],
    )


def _name(level: int) -> str:
    try:
        return AccessLevel(level).name.replace("_", " ").title()
    except ValueError:
        return f"level {level}"


REQUIREMENT = Requirement(
    id="procore-company-admin",
    order=20,
    grade=Grade.REQUIRED,
    title="Procore support user is a company administrator",
    short="Procore company admin",
    why="Without administrator access Interfy can't connect OneCore or read your cost codes.",
    who=Role.PROCORE_ADMIN,
    steps=(
        "In Procore, open Company level > Directory and choose {email}.",
        (
            "Under Company Permissions Template choose a template that gives Admin on the "
            "Directory tool."
        ),
        "Save, then press Re-check here.",
    ),
    links=(Link("Interfy's guide", "{guide_url}"),),
    needs=(COMPANY_ACCESS,),
    check=check,
    known_by="Admin on the company Directory tool, by the user's company permission template or "
    "by its own sign-in; rights set one by one stay unknown.",
)
