"""Procore's JSON for each kind of record.

Field names and which of them may be missing follow Procore's OpenAPI document and the captured
answers: keys without a value are left out (the document lets no field be null), and some blanks of
vendors are ``""``. Procore itself sends null in places; a company's setting ``blanks`` does so too.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations.sandbox.procore.store import CREATED, CodeRow, ProcoreStore
from integrations.sandbox.world.model_procore import (
    ProcoreCostCodeList,
    ProcoreProject,
    ProcoreTemplate,
    ProcoreUser,
    ProcoreVendor,
    TemplateType,
)

Json = dict[str, Any]


def stamp(moment: datetime) -> str:
    """``2016-10-23T21:39:40Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def filled(store: ProcoreStore, row: Mapping[str, Any]) -> Json:
    """The row, with the keys that have no value as the company's setting says.

    ``mixed`` sends some as null and leaves out others, the same ones in the same row every time.
    """
    way = store.company.settings.blanks
    if way == "null":
        return dict(row)
    number = row.get("id") or row.get("project_id")
    return {
        key: value
        for key, value in row.items()
        if value is not None or (way == "mixed" and zlib.crc32(f"{number} {key}".encode()) % 2)
    }


def _person(store: ProcoreStore, user: ProcoreUser) -> Json:
    assert user.id is not None
    vendor = store.vendor_named(user.vendor) if user.vendor else None
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "name": user.name,
        "initials": f"{user.first_name[:1]}{user.last_name[:1]}",
        "email_address": user.email,
        "job_title": user.job_title,
        "is_active": user.active,
        "is_employee": user.is_employee,
        "country_code": "AU",
        "created_at": stamp(CREATED),
        "updated_at": stamp(store.updated_at(user.id)),
        "vendor": {"id": vendor.id, "name": vendor.name} if vendor else None,
    }


def user_row(store: ProcoreStore, user: ProcoreUser) -> Json:
    """A row of the v1.3 user list; extended rows name the templates."""
    company = store.template(user.company_template, TemplateType.COMPANY)
    project = store.template(user.default_project_template, TemplateType.PROJECT)
    return filled(
        store,
        {
            **_person(store, user),
            "permission_template": project and _template_name(project),
            "company_permission_template": company and _template_name(company),
        },
    )


def user_row_v11(store: ProcoreStore, user: ProcoreUser) -> Json:
    """A row of the old v1.1 list; captured ones name no template."""
    return filled(store, _person(store, user))


def user_show(store: ProcoreStore, user: ProcoreUser) -> Json:
    """One user, with the ids of the templates; without them where rights were set one by one."""
    company = store.template(user.company_template, TemplateType.COMPANY)
    project = store.template(user.default_project_template, TemplateType.PROJECT)
    return filled(
        store,
        {
            **_person(store, user),
            "company_permission_template_id": company and company.id,
            "default_permission_template_id": project and project.id,
            "add_to_new_projects": user.add_to_new_projects,
            "is_insurance_manager": False,
        },
    )


def inactive_user_row(store: ProcoreStore, user: ProcoreUser, base: str) -> Json:
    """A row of the inactive users."""
    link = f"{base}rest/v1.0/companies/{store.id}/users/inactive/{user.id}"
    return {**filled(store, _person(store, user)), "_links": {"reactivate": link}}


def _template_name(template: ProcoreTemplate) -> Json:
    return {
        "id": template.id,
        "name": template.name,
        "project_specific": False,
        "type": "company_tools" if template.type is TemplateType.COMPANY else "global",
    }


def template_row(template: ProcoreTemplate, *, levels: bool = False) -> Json:
    """A row of the permission templates."""
    row = {**_template_name(template), "category": "internal"}
    return {**row, "user_access_levels": dict(template.levels)} if levels else row


def template_show(store: ProcoreStore, template: ProcoreTemplate) -> Json:
    """One permission template with its levels."""
    row = template_row(template, levels=True)
    del row["project_specific"]
    return {
        **row,
        "company_id": store.id,
        "provider_type": "Company",
        "provider_id": store.id,
        "permissions": {},
    }


def project_row(store: ProcoreStore, project: ProcoreProject) -> Json:
    """A row of the v1.1 project list, view normal."""
    assert project.id is not None
    return filled(
        store,
        {
            "id": project.id,
            "name": project.name,
            "display_name": f"{project.number} - {project.name}"
            if project.number
            else project.name,
            "project_number": project.number,
            "address": project.address,
            "city": project.city,
            "state_code": project.state_code,
            "country_code": project.country_code,
            "zip": project.zip,
            "time_zone": "Australia/Sydney",
            "active": project.active,
            "is_demo": project.is_demo,
            "origin_id": None,
            "origin_code": None,
            "created_at": stamp(CREATED),
            "updated_at": stamp(store.updated_at(project.id)),
            "company": {"id": store.id, "name": store.company.name},
        },
    )


def assignment_row(store: ProcoreStore, user: ProcoreUser, project: ProcoreProject) -> Json:
    """How one user stands to one project."""
    is_assigned, template = store.assigned(user, project)
    roles = [
        role
        for one in user.projects
        if one.project in {project.name, project.number}
        for role in one.roles
    ]
    return filled(
        store,
        {
            "project_id": project.id,
            "name": project.name,
            "project_number": project.number,
            "address": project.address,
            "stage": project.stage,
            "is_assigned": is_assigned,
            "active": project.active,
            "roles": roles,
            "permission_template_name": template,
            "region": None,
            "program": None,
            "project_type": project.project_type,
        },
    )


def project_user_row(store: ProcoreStore, user: ProcoreUser, project: ProcoreProject) -> Json:
    """A row of a project's users."""
    template = store.template(store.assigned(user, project)[1], TemplateType.PROJECT)
    shown = {"id": template.id, "name": template.name} if template else None
    row = user_show(store, user)
    row.pop("add_to_new_projects", None)
    return filled(store, {**row, "permission_template": shown})


def list_row(one: ProcoreCostCodeList) -> Json:
    """A standard cost code list."""
    return {
        "id": one.id,
        "name": one.name,
        "is_erp_list": one.is_erp_list,
        "available_to_use_on_new_projects": one.available_to_use_on_new_projects,
    }


def code_row(store: ProcoreStore, list_id: int, row: CodeRow) -> Json:
    """A standard cost code; nothing here says whether it is active."""
    return filled(
        store,
        {
            "id": row.id,
            "standard_cost_code_list_id": list_id,
            "parent_id": row.parent_id,
            "code": row.own_code,
            "full_code": row.full_code,
            "name": row.name,
            "origin_id": row.origin_id,
            "origin_data": None,
        },
    )


def segment_item(store: ProcoreStore, row: CodeRow, segment: Json) -> Json:
    """The same cost code as an item of the work breakdown structure."""
    labels = [label for _, label in row.path]
    return filled(
        store,
        {
            "id": row.id,
            "code": row.full_code,
            "name": row.name,
            "created_at": stamp(CREATED),
            "updated_at": stamp(store.updated_at(row.id)),
            "parent_id": row.parent_id,
            "path_ids": [key for key, _ in row.path],
            "path_code": row.full_code,
            "path_codes": labels,
            "path_names": labels,
            "is_parent": row.is_parent,
            "in_use": False,
            "status": "active" if row.active else "inactive",
            "segment": segment,
        },
    )


def _register(store: ProcoreStore, vendor: ProcoreVendor) -> Json | None:
    kind, identifier, status = "abn", vendor.abn, "active"
    if vendor.business_register is not None:
        register = vendor.business_register
        kind, identifier, status = register.type, register.identifier, register.verification_status
    if not identifier:
        return None
    return filled(
        store,
        {
            "id": (vendor.id or 0) % 1_000_000_007,
            "type": kind,
            "identifier": identifier,
            "verified_at": stamp(CREATED) if status == "active" else None,
            "verification_status": status,
        },
    )


def vendor_row(store: ProcoreStore, vendor: ProcoreVendor, children: Mapping[str, int]) -> Json:
    """A directory company, view extended."""
    assert vendor.id is not None
    parent = store.vendor_named(vendor.parent) if vendor.parent else None
    contact = vendor.primary_contact
    return filled(
        store,
        {
            **vendor_compact(vendor),
            "abbreviated_name": vendor.abbreviated_name,
            "address": vendor.address,
            "authorized_bidder": False,
            "business_id": None,
            "business_phone": vendor.business_phone,
            "business_register": _register(store, vendor),
            "children_count": children.get(vendor.name, 0),
            "city": vendor.city,
            "company": vendor.name,
            "company_vendor": vendor.company_vendor,
            "connected_to_company_id": vendor.connected_to_company_id,
            "contact_count": 1 if contact else 0,
            "country_code": vendor.country_code,
            "created_at": stamp(CREATED),
            "email_address": vendor.email_address,
            "fax_number": vendor.fax_number,
            "is_connected": vendor.connected_to_company_id is not None,
            "labor_union": vendor.labor_union,
            "legal_name": vendor.parent or vendor.name,
            "license_number": vendor.license_number,
            "logo": None,
            "mobile_phone": vendor.mobile_phone,
            "notes": vendor.notes,
            "origin_code": vendor.origin_code,
            "origin_data": None,
            "origin_id": vendor.origin_id,
            "parent": {"id": parent.id, "name": parent.name} if parent else None,
            "prequalified": False,
            "primary_contact": contact and {"id": vendor.id + 1, **contact.model_dump()},
            "project_ids": [],
            "state_code": vendor.state_code,
            "synced_to_erp": vendor.synced_to_erp,
            "trade_name": vendor.trade_name,
            "updated_at": stamp(store.updated_at(vendor.id)),
            "vendor_group": None,
            "website": vendor.website,
            "zip": vendor.zip,
        },
    )


def vendor_compact(vendor: ProcoreVendor) -> Json:
    """A directory company, view compact."""
    return {"id": vendor.id, "name": vendor.name, "is_active": vendor.active}
