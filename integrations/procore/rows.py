"""From Procore's rows to the product's records. "" and null both mean blank in Procore."""

from collections.abc import Iterable
from dataclasses import replace
from sys import intern

from bot.domain.records import (
    AccessLevel,
    Address,
    Party,
    PermissionTemplate,
    ProcoreUser,
    ProjectAssignment,
)
from integrations.decode import Row, as_row, flag, ident, shared, text

LABEL = "Procore"
_CONNECTED_WEIGHT = 1000.0
_SYNCED_WEIGHT = 100.0


def user(row: Row) -> ProcoreUser:
    """A company user; rows of the list leave out what the single record has."""
    active = flag(row, "is_active")
    return ProcoreUser(
        id=ident(row, "id", LABEL),
        email=text(row, "email_address"),
        name=text(row, "name") or f"{text(row, 'first_name')} {text(row, 'last_name')}".strip(),
        is_active=True if active is None else active,
        company_template_id=_template_id(row, "company_permission_template"),
        default_project_template_id=_template_id(row, "default_permission_template"),
        add_to_new_projects=flag(row, "add_to_new_projects"),
    )


def _template_id(row: Row, name: str) -> str | None:
    return text(row, f"{name}_id") or text(row, name, "id") or None


def has_levels(row: Row) -> bool:
    """Whether a permission template's row tells its levels (only some views do)."""
    return isinstance(row.get("user_access_levels"), dict | list)


def template(row: Row) -> PermissionTemplate:
    """A permission template; tools whose level is not one of Procore's four are left out."""
    return PermissionTemplate(
        id=ident(row, "id", LABEL), name=text(row, "name"), levels=dict(_levels(row))
    )


def _levels(row: Row) -> Iterable[tuple[str, int]]:
    levels = row.get("user_access_levels")
    if isinstance(levels, list):
        pairs = [(text(as_row(one), "name"), as_row(one)) for one in levels]
    else:
        pairs = [(tool, {"user_access_level": value}) for tool, value in as_row(levels).items()]
    for tool, holder in pairs:
        level = access_level(holder)
        if tool and level is not None:
            yield tool.strip().casefold(), level


def access_level(row: Row) -> int | None:
    """``user_access_level`` of a row, as a number or as ``{id, name}``."""
    found = text(row, "user_access_level") or text(row, "user_access_level", "id")
    return int(found) if found in {str(int(level)) for level in AccessLevel} else None


def assignment(row: Row) -> ProjectAssignment:
    """One row of a user's project assignments."""
    active = flag(row, "active")
    return ProjectAssignment(
        project_id=ident(row, "project_id", LABEL),
        name=text(row, "name"),
        active=True if active is None else active,
        is_assigned=flag(row, "is_assigned") is True,
        template_name=text(row, "permission_template_name"),
    )


def vendor(row: Row) -> Party:
    """A company vendor.

    ``legal_name`` and ``business_id`` are left alone: the first is the parent's name, the second a
    network id; neither is a registered name or an ABN.
    """
    active = flag(row, "is_active")
    connected, synced = flag(row, "is_connected") is True, flag(row, "synced_to_erp") is True
    contact = as_row(row.get("primary_contact"))
    projects = row.get("project_ids")
    used_in = len(projects) if isinstance(projects, list) else 0
    return Party(
        id=ident(row, "id", LABEL),
        name=text(row, "name"),
        other_names=_distinct([text(row, "trade_name"), text(row, "abbreviated_name")]),
        tax_id=text(row, "business_register", "identifier"),
        emails=_distinct([text(row, "email_address"), text(contact, "email_address")]),
        phones=_distinct(
            [text(row, k) for k in ("business_phone", "mobile_phone", "fax_number")]
            + [text(contact, k) for k in ("business_phone", "mobile_phone")]
        ),
        website=text(row, "website"),
        address=Address(
            street=text(row, "address"),
            city=shared(row, "city"),
            state=shared(row, "state_code"),
            postcode=shared(row, "zip"),
            country=shared(row, "country_code"),
        ),
        active=True if active is None else active,
        parent_id=text(row, "parent", "id") or None,
        own_company=flag(row, "company_vendor") is True,
        created_on=intern(text(row, "created_at")[:10]),
        blockers=_blockers(connected=connected, synced=synced),
        keep_rank=2 if connected else int(synced),
        weight=used_in + _CONNECTED_WEIGHT * connected + _SYNCED_WEIGHT * synced,
    )


def inactive_vendor(row: Row) -> Party:
    """A row of the list of inactive vendors, whatever it says of itself."""
    return replace(vendor(row), active=False)


def _blockers(*, connected: bool, synced: bool) -> tuple[str, ...]:
    found = []
    if connected:
        found.append("is connected on Procore's network, so it has to be the one that is kept")
    if synced:
        found.append("is synced with an accounting system; merging it away unlinks it there")
    return tuple(found)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))
