"""The support user is an administrator on every project, and will be on new ones (optional)."""

from bot.domain.facets import PROJECT_ACCESS
from bot.domain.findings import met, plural, unknown, unmet, unread
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
from bot.domain.records import AccessLevel, PermissionTemplate, ProjectAccess, ProjectAssignment

DIRECTORY = "directory"


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Every active project that the login can see, then what happens to new ones."""
    read = snapshot.get(PROJECT_ACCESS)
    if isinstance(read, Failed):
        return unread(read)
    access = read.value
    if access.user is None:
        return unmet(
            f"There is no active {context.support.email} in Procore yet.",
            "Add the support user first.",
        )
    missing, unclear = _gaps(access)
    new_projects = _new_projects(access)
    projects = [a for a in access.assignments if a.active]
    seen = plural(len(projects), "active project")
    scope = read.scope or f"Looked at the {seen} that this login can see."
    if missing or new_projects is False:
        return unmet(
            _summary(missing, len(projects), new_projects),
            "Add the user to the projects with an admin template, and turn on adding it to "
            "new projects.",
            [Evidence(a.name, _state(a), ref=a.project_id) for a in missing],
            scope=scope,
        )
    if not projects:
        return unknown(
            "The connected login can't see any active project, so there is nothing to judge by.",
            "Connect a login that sees every project, or ignore this: it isn't required.",
            scope=scope,
        )
    if unclear or new_projects is None:
        return unknown(
            f"Assigned to {seen}, but I can't see whether as an administrator on all of them."
            if unclear
            else f"Admin on {seen}; I can't see what happens with new projects.",
            evidence=[Evidence(a.name, _state(a), ref=a.project_id) for a in unclear],
            scope=scope,
        )
    return met(f"Admin on {seen}, and added to new ones as admin.", scope=scope)


def _gaps(access: ProjectAccess) -> tuple[list[ProjectAssignment], list[ProjectAssignment]]:
    """Active projects where it is not an administrator, and those where nobody can tell."""
    by_name: dict[str, list[PermissionTemplate]] = {}
    for template in access.templates:
        by_name.setdefault(template.name, []).append(template)
    missing, unclear = [], []
    for assignment in (a for a in access.assignments if a.active):
        if not assignment.is_assigned:
            missing.append(assignment)
        elif access.company_admin:
            # A company administrator acts as one inside its projects, with or without a template.
            continue
        else:
            admin = _all_admin(by_name.get(assignment.template_name, []))
            if admin is None or (not admin and access.company_admin is None):
                unclear.append(assignment)
            elif not admin:
                missing.append(assignment)
    return missing, unclear


def _all_admin(templates: list[PermissionTemplate]) -> bool | None:
    """Names can repeat: only what all templates of the name agree on is known."""
    answers = {_is_admin(t) for t in templates}
    return answers.pop() if len(answers) == 1 else None


def _is_admin(template: PermissionTemplate) -> bool | None:
    """Admin on the project Directory tool, which makes a project administrator."""
    level = template.level(DIRECTORY)
    return None if level is None else level == AccessLevel.ADMIN


def _new_projects(access: ProjectAccess) -> bool | None:
    """Whether new projects get the user as an administrator; None when nobody can tell."""
    user = access.user
    assert user is not None
    if user.add_to_new_projects is False:
        return False
    if user.add_to_new_projects is None:
        return None
    if access.company_admin:
        return True
    for template in access.templates:
        if template.id == user.default_project_template_id:
            return _is_admin(template)
    return None


def _state(assignment: ProjectAssignment) -> str:
    if not assignment.is_assigned:
        return "not on this project"
    return f"template {assignment.template_name or 'not shown'}"


def _summary(missing: list[ProjectAssignment], total: int, new_projects: bool | None) -> str:
    parts = []
    if missing:
        parts.append(f"Not admin on {len(missing):,} of {plural(total, 'active project')}")
    if new_projects is False:
        parts.append("not added to new projects as admin")
    text = "; ".join(parts) + "."
    return text[0].upper() + text[1:]


REQUIREMENT = Requirement(
    id="procore-project-access",
    order=30,
    grade=Grade.OPTIONAL,
    title="Procore support user is admin on all projects, and on new ones",
    short="Procore project access",
    why="Not required, but support is quicker when Interfy can see the project you ask about.",
    who=Role.PROCORE_ADMIN,
    steps=(
        "In Procore, open Company level > Directory and choose {email}.",
        "Under Project Settings tick 'Add to all new projects' with a template that gives Admin.",
        "Add the user to the projects listed under Details.",
    ),
    links=(Link("Interfy's guide", "{guide_url}"),),
    needs=(PROJECT_ACCESS,),
    check=check,
    known_by="Project assignments, their templates, and the setting for new projects; states "
    "which projects the login could see.",
)
