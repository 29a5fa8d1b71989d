"""The REST endpoints that a readiness check needs, directory and projects."""

from collections import Counter
from functools import cache

from starlette.responses import Response

from integrations.sandbox.procore import shapes
from integrations.sandbox.procore.call import Call, Caller, whole
from integrations.sandbox.procore.errors import bad_request, forbidden, not_found
from integrations.sandbox.procore.paging import in_order, in_span, paged, searched
from integrations.sandbox.procore.store import CREATED
from integrations.sandbox.world.model_procore import (
    ProcoreProject,
    ProcoreUser,
    ProcoreVendor,
    TemplateType,
)

READ, ADMIN = 2, 4
_LEVEL_NAMES = {1: "None", 2: "Read Only", 3: "Standard", 4: "Admin"}
_COMPANY_TOOLS = {
    "admin": "Admin",
    "directory": "Directory",
    "documents": "Documents",
    "erp_integrations": "ERP Integrations",
    "home": "Portfolio",
    "permissions": "Permissions",
    "reports": "Reports",
    "timesheets": "Timesheets",
    "workflows": "Workflows",
}


# -- the caller ---------------------------------------------------------------------------


def me(caller: Caller) -> Response:
    """``/me``: the login; its name only with a company."""
    found = caller.stores()
    wanted = caller.request.query_params.get("company_id")
    mine = [(store, user) for store, user in found if wanted in (None, str(store.id))]
    if not mine:
        raise not_found()
    user = mine[0][1]
    body = {"id": user.id, "login": user.email}
    return whole(caller, {**body, "name": user.name} if wanted else body)


def companies(caller: Caller) -> Response:
    """``/companies``: those that the caller is in."""
    rows = [
        {
            "id": store.id,
            "name": store.company.name,
            "is_active": store.company.is_active,
            "my_company": True,
            "pcn_business_experience": False,
        }
        for store, _ in caller.stores()
    ]
    return whole(caller, rows)


def company_me(call: Call) -> Response:
    """``/companies/{id}/me``: the caller's directory record."""
    return whole(call, shapes.user_show(call.store, call.user))


def settings_permissions(call: Call) -> Response:
    """``/settings/permissions``: the *caller's* level on each tool, of company or project."""
    project_id, company_id = call.param("project_id"), call.param("company_id")
    if (project_id is None) == (company_id is None):
        raise bad_request("Missing Project or Company ID")
    if company_id is not None:
        tools = set(_COMPANY_TOOLS) | set(call.store.company_levels(call.user))
        levels = {tool: call.store.level(call.user, tool) for tool in tools}
    else:
        levels = _project_levels(call, str(project_id))
    return whole(call, {"tools": [_tool(*one) for one in enumerate(sorted(levels.items()), 1)]})


def _project_levels(call: Call, project_id: str) -> dict[str, int]:
    visible = call.store.visible_projects(call.user)
    project = next((one for one in visible if str(one.id) == project_id), None)
    if project is None:
        raise not_found()
    _, name = call.store.assigned(call.user, project)
    template = call.store.template(name, TemplateType.PROJECT)
    levels = dict(template.levels) if template else {"directory": 1}
    admin = call.store.level(call.user, "directory") == ADMIN
    return dict.fromkeys(levels, ADMIN) if admin else levels


def _tool(number: int, entry: tuple[str, int]) -> dict[str, object]:
    name, level = entry
    return {
        "id": number,
        "name": name,
        "friendly_name": _COMPANY_TOOLS.get(name, name.replace("_", " ").title()),
        "domain_id": number,
        "tab_group": "core",
        "available_for_user": level > 1,
        "user_access_level": {"id": level, "name": _LEVEL_NAMES[level]},
        "permitted_actions": [],
        "can_create": level >= ADMIN - 1,
        "trial": False,
    }


# -- users --------------------------------------------------------------------------------


def _user_sort(call: Call, users: list[ProcoreUser]) -> list[ProcoreUser]:
    keys = {
        "name": lambda one: one.name,
        "full_name": lambda one: one.name,
        "email": lambda one: one.email,
        "job_title": lambda one: one.job_title or "",
    }
    return in_order(call, users, keys)


def _wanted_user(call: Call, user: ProcoreUser) -> bool:
    vendor = call.store.vendor_named(user.vendor) if user.vendor else None
    vendors = call.filters("vendor_id")
    return (
        searched(call, (user.name, user.email, user.job_title, user.vendor))
        and in_span(call, "created_at", CREATED)
        and in_span(call, "updated_at", call.store.updated_at(user.id or 0))
        and (not vendors or (vendor is not None and str(vendor.id) in vendors))
        and not call.filters("origin_id")
    )


def users(call: Call) -> Response:
    """v1.3 ``/companies/{id}/users``: active users only."""
    call.need("directory", READ)
    rows = [one for one in call.store.users.values() if one.active and _wanted_user(call, one)]
    rows = _user_sort(call, rows)
    view = call.param("view") or "normal"
    if view == "ids_only":
        return paged(call, "users", rows, lambda one: {"id": one.id})
    make = shapes.user_row if view == "extended" else shapes.user_row_v11
    shape = make.__name__
    return paged(call, "users", rows, lambda one: make(call.store, one), shape=shape)


def users_v11(call: Call) -> Response:
    """v1.1 ``/users``: all of them, with ``filters[active]``."""
    call.need("directory", READ)
    wanted = {text.lower() == "true" for text in call.filters("active")}
    rows = [
        one
        for one in call.store.users.values()
        if (not wanted or one.active in wanted) and _wanted_user(call, one)
    ]
    rows = _user_sort(call, rows)
    shape = shapes.user_row_v11.__name__
    return paged(call, "users", rows, lambda one: shapes.user_row_v11(call.store, one), shape=shape)


def inactive_users(call: Call) -> Response:
    """``/companies/{id}/users/inactive``: no search here."""
    call.need("directory", READ)
    rows = _user_sort(call, [one for one in call.store.users.values() if not one.active])
    base = str(call.request.base_url)
    return paged(call, "users", rows, lambda one: shapes.inactive_user_row(call.store, one, base))


def user(call: Call) -> Response:
    """v1.3 ``/companies/{id}/users/{id}``."""
    call.need("directory", READ)
    found = call.store.users.get(call.number("id"))
    if found is None:
        raise not_found()
    return whole(call, shapes.user_show(call.store, found))


def project_assignments(call: Call) -> Response:
    """A user's place on every project that the *caller* may see."""
    call.need("directory", READ)
    found = call.store.users.get(call.number("user_id"))
    if found is None:
        raise not_found()
    rows = [
        shapes.assignment_row(call.store, found, one)
        for one in call.store.visible_projects(call.user)
        if _by_status(call, one, "All")
    ]
    wanted = (call.filters("assignment_status") or ["all"])[-1].lower()
    if wanted in {"assigned", "unassigned"}:
        rows = [one for one in rows if one["is_assigned"] == (wanted == "assigned")]
    names = call.filters("name")
    rows = [one for one in rows if not names or one["name"] in names]
    rows = in_order(call, rows, {"name": lambda one: str(one["name"])})
    return paged(call, "project_assignments", rows, lambda one: one)


# -- permission templates -----------------------------------------------------------------


def permission_templates(call: Call) -> Response:
    """Project templates, or with ``filters[type]=company_tools`` the company's."""
    call.need("directory", READ)
    wanted = TemplateType.PROJECT
    if "company_tools" in call.filters("type"):
        wanted = TemplateType.COMPANY
    hidden = call.store.company.settings.template_levels == "hidden"
    levels = call.param("view") == "with_permissions" and not hidden
    rows = [one for one in call.store.templates.values() if one.type is wanted]
    return whole(call, [shapes.template_row(one, levels=levels) for one in rows])


def permission_template(call: Call) -> Response:
    """One template; some logins may list templates and not look into them."""
    call.need("directory", READ)
    if call.store.company.settings.template_levels != "visible":
        raise forbidden()
    found = call.store.templates.get(call.number("id"))
    if found is None:
        raise not_found()
    return whole(call, shapes.template_show(call.store, found))


# -- projects -----------------------------------------------------------------------------


def _by_status(call: Call, project: ProcoreProject, otherwise: str) -> bool:
    status = (call.filters("by_status") or [otherwise])[-1].lower()
    return status == "all" or project.active == (status == "active")


def _wanted_project(call: Call, project: ProcoreProject) -> bool:
    ids, numbers, texts = (call.filters(key) for key in ("id", "project_number", "name"))
    return (
        _by_status(call, project, "Active")
        and (not ids or str(project.id) in ids)
        and (not numbers or project.number in numbers)
        and all(text.casefold() in project.name.casefold() for text in texts)
        and in_span(call, "created_at", CREATED)
        and in_span(call, "updated_at", call.store.updated_at(project.id or 0))
    )


def projects(call: Call) -> Response:
    """v1.1 ``/projects``: active ones unless ``filters[by_status]`` says otherwise."""
    if call.param("company_id") is None:
        raise bad_request("Missing Project or Company ID")
    rows = [one for one in call.store.visible_projects(call.user) if _wanted_project(call, one)]
    rows = in_order(
        call, rows, {"name": lambda one: one.name, "display_name": lambda one: one.name}
    )
    view = call.param("view") or "normal"
    if view == "ids":
        return paged(call, "projects", rows, lambda one: {"id": one.id})
    if view == "compact":
        return paged(call, "projects", rows, _compact_project)
    return paged(call, "projects", rows, lambda one: shapes.project_row(call.store, one))


def _compact_project(project: ProcoreProject) -> dict[str, object]:
    return {"id": project.id, "name": project.name, "project_number": project.number}


def project_users(call: Call) -> Response:
    """A project's users; without Directory only names."""
    wanted = call.number("project_id")
    visible = call.store.visible_projects(call.user)
    project = next((one for one in visible if one.id == wanted), None)
    if project is None:
        raise not_found()
    rows = [
        one
        for one in call.store.users.values()
        if one.active and call.store.assigned(one, project)[0] and _wanted_user(call, one)
    ]
    rows = _user_sort(call, rows)
    if call.store.level(call.user, "directory") < READ or call.param("view") == "compact":
        return paged(call, "users", rows, lambda one: {"id": one.id, "name": one.name})
    return paged(call, "users", rows, lambda one: shapes.project_user_row(call.store, one, project))


# -- vendors ------------------------------------------------------------------------------


def _wanted_vendor(call: Call, vendor: ProcoreVendor) -> bool:
    register = vendor.abn
    if vendor.business_register is not None:
        register = vendor.business_register.identifier
    ids, origins = call.filters("id"), call.filters("origin_id")
    return (
        searched(call, (vendor.name, vendor.origin_code, register))
        and (not ids or str(vendor.id) in ids)
        and (not origins or vendor.origin_id in origins)
        and in_span(call, "created_at", CREATED)
        and in_span(call, "updated_at", call.store.updated_at(vendor.id or 0))
        and _below(call, vendor)
    )


def _below(call: Call, vendor: ProcoreVendor) -> bool:
    wanted = call.filters("parent_id")
    parent = call.store.vendor_named(vendor.parent) if wanted and vendor.parent else None
    return not wanted or (parent is not None and str(parent.id) in wanted)


def _vendors(call: Call, rows: list[ProcoreVendor], default_view: str = "extended") -> Response:
    rows = in_order(call, rows, {"name": lambda one: one.name})
    view = call.param("view") or default_view
    if view in {"compact", "minimal"}:
        return paged(call, "vendors", rows, shapes.vendor_compact)

    @cache
    def children() -> Counter[str]:
        return Counter(one.parent for one in call.store.vendors.values() if one.parent)

    def row(one: ProcoreVendor) -> shapes.Json:
        return shapes.vendor_row(call.store, one, children())

    return paged(call, "vendors", rows, row, shape="vendor_row")


def vendors(call: Call) -> Response:
    """``/vendors``: active ones, unless this company's Procore lists the inactive ones too."""
    call.need("directory", READ)
    return _vendors(call, _listed_vendors(call))


def vendors_v11(call: Call) -> Response:
    """v1.1 ``/vendors``: its view ``minimal`` needs no right on the Directory."""
    if call.param("view") != "minimal":
        call.need("directory", READ)
    return _vendors(call, _listed_vendors(call))


def _listed_vendors(call: Call) -> list[ProcoreVendor]:
    if call.param("company_id") is None:
        raise bad_request("Missing Project or Company ID")
    both = call.store.company.settings.inactive_vendors_in_list
    rows = [one for one in call.store.vendors.values() if one.active or both]
    if not any(key.startswith("filters[") for key in call.request.query_params):
        return rows
    return [one for one in rows if _wanted_vendor(call, one)]


def inactive_vendors(call: Call) -> Response:
    """``/companies/{id}/vendors/inactive``."""
    call.need("directory", READ)
    return _vendors(call, [one for one in call.store.vendors.values() if not one.active])


def vendor(call: Call) -> Response:
    """``/vendors/{id}``."""
    call.need("directory", READ)
    found = call.store.vendors.get(call.number("id"))
    if found is None:
        raise not_found()
    children = Counter(one.parent for one in call.store.vendors.values() if one.parent)
    return whole(call, shapes.vendor_row(call.store, found, children))
