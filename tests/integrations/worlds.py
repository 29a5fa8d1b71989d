"""Worlds for the integration tests: what the fake systems hold."""

from typing import Any

from tests.integrations.systems import SUPPORT, World

Row = dict[str, Any]
BIG = 562949953441378
"""Procore's ids exceed 32 bits."""


def support_user(**changes: Any) -> Row:
    row = {
        "id": BIG + 1,
        "email_address": "Support@Interfy.com.au",
        "name": "Interfy Support",
        "is_active": True,
        "company_permission_template_id": 28,
        "default_permission_template_id": 41,
        "add_to_new_projects": True,
    }
    return {**row, **changes}


def code(list_id: int, number: int, **changes: Any) -> Row:
    division = number % 10 == 0
    row = {
        "id": list_id * 1000 + number,
        "standard_cost_code_list_id": list_id,
        "parent_id": None if division else list_id * 1000 + number // 10 * 10,
        "code": f"{number:02}",
        "full_code": f"{number // 10:02}" if division else f"{number // 10:02}-{number:03}",
        "name": f"Code {number}",
        "origin_id": None,
        "status": "inactive" if number % 7 == 0 else "active",
        "is_parent": division,
    }
    return {**row, **changes}


def vendor(number: int, **changes: Any) -> Row:
    row = {
        "id": BIG + 100 + number,
        "name": f"Vendor {number}",
        "trade_name": "",
        "is_active": True,
        "email_address": None,
        "business_register": {"type": "abn", "identifier": "51824753556"},
        "parent": None,
        "primary_contact": None,
        "project_ids": [56],
        "created_at": "2016-10-23T21:39:40Z",
    }
    return {**row, **changes}


def account(number: int, **changes: Any) -> Row:
    row = {
        "Id": str(number),
        "Name": f"Account {number}",
        "FullyQualifiedName": f"Costs:Account {number}",
        "AcctNum": f"5{number:03}",
        "AccountType": "Cost of Goods Sold",
        "Active": True,
        "ParentRef": {"value": "1"},
    }
    return {**row, **changes}


def item(number: int, **changes: Any) -> Row:
    row = {"Id": str(number), "Name": f"Item {number}", "Type": "Service", "Active": True}
    return {**row, **changes}


def customer(number: int, **changes: Any) -> Row:
    row = {
        "Id": str(number),
        "DisplayName": f"Customer {number}",
        "FullyQualifiedName": f"Customer {number}",
        "Active": True,
        "Job": False,
        "PrimaryEmailAddr": {"Address": "a@x.example, b@x.example"},
        "MetaData": {"CreateTime": "2015-10-01T16:54:59-07:00"},
    }
    return {**row, **changes}


def templates(first: int) -> list[Row]:
    return [
        {"id": first, "name": "Admin", "user_access_levels": {"Directory": 4, "images": 3}},
        {"id": first + 1, "name": "Read only", "user_access_levels": {"directory": 2}},
    ]


def right(*, codes: int = 25, parties: int = 23) -> World:
    """A company in which everything is right; lists longer than one small page."""
    return World(
        users=[
            {"id": 5, "email_address": "dana@acme.example", "name": f"Dana ({SUPPORT})"},
            support_user(),
        ],
        inactive_users=[{"id": 9, "email_address": "old@acme.example", "is_active": False}],
        company_templates=templates(28),
        project_templates=templates(41),
        assignments=[
            {
                "project_id": BIG + 500 + n,
                "name": f"Project {n}",
                "active": True,
                "is_assigned": True,
                "permission_template_name": "Admin",
            }
            for n in range(12)
        ],
        lists={11: [code(11, n) for n in range(codes)], 12: [code(12, n) for n in range(codes)]},
        vendors=[vendor(n) for n in range(parties)],
        inactive_vendors=[vendor(n, is_active=False) for n in range(parties, parties + 6)],
        settings_tools=[{"name": "directory", "user_access_level": {"id": 4, "name": "Admin"}}],
        accounts=[account(n) for n in range(1, parties)],
        items=[item(n) for n in range(1, 13)],
        customers=[customer(n) for n in range(1, parties)],
        preferences={"AccountingInfoPrefs": {"UseAccountNumbers": True}},
        userinfo={
            "*": {
                "sub": "sub-1",
                "email": "dana@acme.example",
                "emailVerified": True,
                "givenName": "Dana",
                "familyName": "Okafor",
            }
        },
    )


def absent() -> World:
    """The support user is inactive; no second list, nothing inactive, no items or customers."""
    world = right(codes=12, parties=3)
    world.users = world.users[:1]
    world.inactive_users.append(support_user(id=77, is_active=False))
    del world.lists[12]
    world.inactive_vendors = []
    world.items = []
    world.customers = []
    return world


def silent(**size: int) -> World:
    """A Procore that sends no paging headers and does not page segment items."""
    world = right(**size)
    world.totals = False
    world.items_paged = False
    return world


def bare(**size: int) -> World:
    """Rights set one by one; templates without levels in lists."""
    world = right(**size)
    world.users[1].pop("company_permission_template_id")
    return world
