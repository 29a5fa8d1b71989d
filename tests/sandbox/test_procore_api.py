"""The Procore stand-in answers as Procore's documentation says Procore does."""

from datetime import timedelta

import httpx
import pytest

from tests.sandbox.conftest import COMPANY, Box

USERS = f"/rest/v1.3/companies/{COMPANY}/users"
COMPANY_PATH = f"/rest/v1.0/companies/{COMPANY}"
WBS = f"{COMPANY_PATH}/work_breakdown_structure"


async def _id_of(box: Box, email: str) -> int:
    rows = (await box.procore("/rest/v1.1/users", company_id=COMPANY, per_page=50)).json()
    return int(next(one["id"] for one in rows if one["email_address"] == email))


async def test_a_call_without_the_company_header_is_refused_in_the_documented_words(box: Box):
    answer = await box.procore(USERS, company=None)
    assert answer.status_code == 400
    assert answer.text.startswith("Missing Procore-Company-Id header!")


async def test_me_and_companies_need_no_header(box: Box):
    me = (await box.procore("/rest/v1.0/me", company=None)).json()
    assert me["login"] == "dana@acme.example"
    assert "name" not in me
    companies = (await box.procore("/rest/v1.0/companies", company=None)).json()
    assert [one["id"] for one in companies] == [COMPANY]


async def test_the_header_has_to_name_the_company_of_the_path(box: Box):
    assert (await box.procore("/rest/v1.3/companies/1/users")).status_code == 403
    assert (await box.procore("/rest/v1.3/companies/9/me", company=9)).status_code == 404


async def test_a_wrong_token_gets_the_documented_401(box: Box):
    url = f"{box.procore_url}{USERS}"
    headers = {"Authorization": "Bearer nothing", "Procore-Company-Id": str(COMPANY)}
    answer = await box.http.get(url, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "Invalid Token"})


async def test_vendors_page_with_link_total_and_the_cap_of_the_resource(box: Box):
    first = await box.procore("/rest/v1.0/vendors", company_id=COMPANY, per_page=1000)
    assert (first.headers["total"], first.headers["per-page"]) == ("4", "3")
    assert len(first.json()) == 3
    assert 'rel="next"' in first.headers["link"]
    last = await box.procore("/rest/v1.0/vendors", company_id=COMPANY, per_page=3, page=2)
    assert len(last.json()) == 1
    assert 'rel="next"' not in last.headers["link"]
    assert 'rel="prev"' in last.headers["link"]


async def test_following_next_links_reads_every_row_once(box: Box):
    names = []
    answer = await box.procore("/rest/v1.0/vendors", company_id=COMPANY)
    while True:
        names += [one["name"] for one in answer.json()]
        if "next" not in answer.links:
            break
        headers = {
            "Authorization": f"Bearer {await box.token('procore', 'dana@acme.example')}",
            "Procore-Company-Id": str(COMPANY),
        }
        answer = await box.http.get(answer.links["next"]["url"], headers=headers)
    assert names == ["ABC Plumbing Pty Ltd", "A.B.C. Plumbing P/L", "Barron Group", "Barron Hire"]


async def test_a_page_that_is_no_number_is_refused(box: Box):
    answer = await box.procore("/rest/v1.0/vendors", company_id=COMPANY, page="x")
    assert answer.status_code == 400


async def test_the_user_list_has_active_users_only_and_search_spans_the_fields(box: Box):
    rows = (await box.procore(USERS, per_page=50)).json()
    assert {one["email_address"] for one in rows}.isdisjoint({"old@acme.example"})
    found = (await box.procore(USERS, filters__search="VELLA")).json()
    assert [one["email_address"] for one in found] == ["sid@acme.example"]
    inactive = (await box.procore(f"{COMPANY_PATH}/users/inactive")).json()
    assert [one["email_address"] for one in inactive] == ["old@acme.example"]
    assert inactive[0]["_links"]["reactivate"].endswith(f"/users/inactive/{inactive[0]['id']}")


async def test_the_old_user_list_has_everybody_and_filters_by_active(box: Box):
    path = "/rest/v1.1/users"
    everybody = (await box.procore(path, company_id=COMPANY, per_page=50)).json()
    assert len(everybody) == 5
    inactive = (await box.procore(path, company_id=COMPANY, filters__active="false")).json()
    assert [one["is_active"] for one in inactive] == [False]


async def test_only_extended_rows_name_templates_and_only_show_gives_their_ids(box: Box):
    extended = (await box.procore(USERS, view="extended", filters__search="dana")).json()[0]
    assert extended["company_permission_template"]["name"] == "Company Admin"
    plain = (await box.procore(USERS, filters__search="dana")).json()[0]
    assert "company_permission_template" not in plain
    shown = (await box.procore(f"{USERS}/{plain['id']}")).json()
    template = extended["company_permission_template"]["id"]
    assert shown["company_permission_template_id"] == template


async def test_rights_set_one_by_one_show_no_template_and_null_keys_are_left_out(box: Box):
    shown = (await box.procore(f"{USERS}/{await _id_of(box, 'set@acme.example')}")).json()
    assert "company_permission_template_id" not in shown
    assert "job_title" not in shown
    assert shown["add_to_new_projects"] is False


async def test_without_the_filter_only_project_templates_come_back(box: Box):
    path = f"{COMPANY_PATH}/permission_templates"
    rows = (await box.procore(path)).json()
    assert [one["name"] for one in rows] == ["Project Admin"]
    query = {"filters__type": "company_tools", "view": "with_permissions"}
    company = (await box.procore(path, **query)).json()
    assert company[0]["user_access_levels"] == {"directory": 4}
    shown = await box.procore(f"{path}/{company[0]['id']}")
    assert shown.json()["user_access_levels"] == {"directory": 4}


async def test_levels_of_templates_can_be_hidden_from_a_login(box: Box):
    path = f"{COMPANY_PATH}/permission_templates"
    query = {"filters__type": "company_tools", "view": "with_permissions"}
    template = (await box.procore(path, **query)).json()[0]["id"]
    settings = {"kind": "procore.settings", "in": COMPANY, "op": "upsert"}
    await box.edit({**settings, "record": {"template_levels": "list_only"}})
    assert (await box.procore(f"{path}/{template}")).status_code == 403
    assert "user_access_levels" in (await box.procore(path, **query)).json()[0]
    await box.edit({**settings, "record": {"template_levels": "hidden"}})
    assert "user_access_levels" not in (await box.procore(path, **query)).json()[0]


async def test_settings_permissions_is_about_the_caller(box: Box):
    async def directory(email: str) -> int:
        answer = await box.procore(
            "/rest/v1.0/settings/permissions", email=email, company_id=COMPANY
        )
        tools = {one["name"]: one["user_access_level"]["id"] for one in answer.json()["tools"]}
        return int(tools["directory"])

    assert await directory("dana@acme.example") == 4
    assert await directory("sid@acme.example") == 1
    assert await directory("set@acme.example") == 4
    neither = await box.procore("/rest/v1.0/settings/permissions")
    assert neither.json()["error"]["message"] == "Missing Project or Company ID"


async def test_a_login_without_directory_sees_less(box: Box):
    sid = "sid@acme.example"
    assert (await box.procore(USERS, email=sid)).status_code == 403
    vendors = {"email": sid, "company_id": COMPANY}
    assert (await box.procore("/rest/v1.0/vendors", **vendors)).status_code == 403
    minimal = await box.procore("/rest/v1.1/vendors", view="minimal", **vendors)
    assert set(minimal.json()[0]) == {"id", "name", "is_active"}
    projects = (await box.procore("/rest/v1.1/projects", **vendors)).json()
    assert [one["name"] for one in projects] == ["Wharf Hotel"]
    people = await box.procore(f"/rest/v1.0/projects/{projects[0]['id']}/users", email=sid)
    assert "email_address" not in people.json()[0]


async def test_a_project_that_the_caller_cannot_see_is_not_found(box: Box):
    rows = (await box.procore("/rest/v1.1/projects", company_id=COMPANY)).json()
    hidden = next(one["id"] for one in rows if one["name"] == "Albert Road")
    path = f"/rest/v1.0/projects/{hidden}/users"
    assert (await box.procore(path, email="sid@acme.example")).status_code == 404


async def test_projects_are_active_ones_unless_the_filter_says_all(box: Box):
    active = await box.procore("/rest/v1.1/projects", company_id=COMPANY)
    assert active.headers["total"] == "2"
    everything = await box.procore(
        "/rest/v1.1/projects",
        company_id=COMPANY,
        view="compact",
        filters__by_status="All",
        sort="name",
        per_page=300,
    )
    names = [one["name"] for one in everything.json()]
    assert names == ["Albert Road", "Long Gone", "Wharf Hotel"]


async def test_project_assignments_tell_what_is_missing(box: Box):
    sid = await _id_of(box, "sid@acme.example")
    path = f"{COMPANY_PATH}/users/{sid}/project_assignments"
    rows = (await box.procore(path, filters__assignment_status="unassigned")).json()
    assert {one["name"] for one in rows} == {"Albert Road", "Long Gone"}
    active = await box.procore(
        path, filters__assignment_status="unassigned", filters__by_status="Active"
    )
    assert [one["name"] for one in active.json()] == ["Albert Road"]


async def test_cost_codes_need_a_list_and_split_the_code(box: Box):
    missing = await box.procore("/rest/v1.0/standard_cost_codes", company_id=COMPANY)
    assert missing.status_code == 400
    lists = (await box.procore("/rest/v1.0/standard_cost_code_lists", company_id=COMPANY)).json()
    assert [one["name"] for one in lists] == ["Building", "Civil"]
    query = {"company_id": COMPANY, "standard_cost_code_list_id": lists[0]["id"], "per_page": 50}
    rows = (await box.procore("/rest/v1.0/standard_cost_codes", **query)).json()
    assert [(one["code"], one["full_code"]) for one in rows] == [
        ("03", "03"),
        ("300", "03-300"),
        ("310", "03-310"),
    ]
    assert rows[1]["parent_id"] == rows[0]["id"]
    assert "status" not in rows[2]
    query["only_active_cost_codes"] = "true"
    active = (await box.procore("/rest/v1.0/standard_cost_codes", **query)).json()
    assert [one["full_code"] for one in active] == ["03", "03-300"]


async def test_the_work_breakdown_structure_tells_status_and_parents_of_the_same_codes(box: Box):
    segments = (await box.procore(f"{WBS}/segments")).json()
    segment = next(one["id"] for one in segments if one["type"] == "cost_code")
    lists = (await box.procore(f"{WBS}/segments/{segment}/lists")).json()
    assert [(one["name"], one["segment_items_count"]) for one in lists] == [
        ("Building", 3),
        ("Civil", 2),
    ]
    path = f"{WBS}/segments/{segment}/segment_items"
    assert (await box.procore(path)).status_code == 400
    query = {"segment_item_list_id": lists[0]["id"], "per_page": 50}
    items = (await box.procore(path, **query)).json()
    assert [(one["code"], one["is_parent"], one["status"]) for one in items] == [
        ("03", True, "active"),
        ("03-300", False, "active"),
        ("03-310", False, "inactive"),
    ]
    assert items[1]["path_codes"] == ["03 - Concrete", "03-300 - Footings"]


async def test_inactive_vendors_are_on_their_own_list_and_parents_are_told(box: Box):
    inactive = (await box.procore(f"{COMPANY_PATH}/vendors/inactive")).json()
    assert [(one["name"], one["is_active"]) for one in inactive] == [("Closed Joinery", False)]
    rows = (await box.procore("/rest/v1.0/vendors", company_id=COMPANY, page=2)).json()
    group, hire = rows
    assert (group["children_count"], hire["parent"]["id"]) == (1, group["id"])
    assert (hire["legal_name"], hire["address"], hire.get("email_address")) == (
        "Barron Group",
        "",
        None,
    )


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("search", "51824753556", ["ABC Plumbing Pty Ltd"]),
        ("search", "barron", ["Barron Group", "Barron Hire"]),
        ("updated_at", "2026-01-01...2026-12-31", []),
        (
            "created_at",
            "2025-02-03",
            ["ABC Plumbing Pty Ltd", "A.B.C. Plumbing P/L", "Barron Group"],
        ),
    ],
)
async def test_vendor_filters_are_used(box: Box, name: str, value: str, found: list[str]):
    query = {"company_id": COMPANY, "per_page": 3, f"filters__{name}": value}
    rows = (await box.procore("/rest/v1.0/vendors", **query)).json()
    assert [one["name"] for one in rows] == found


async def test_ids_are_beyond_32_bits(box: Box):
    rows = (await box.procore("/rest/v1.0/vendors", company_id=COMPANY)).json()
    assert all(one["id"] > 2**32 for one in rows)


async def test_limits_are_told_and_kept_by_the_worlds_clock(box: Box):
    limits = {"rate_limit": {"hourly": 3, "spike": 100}}
    settings = {"kind": "procore.settings", "in": COMPANY, "op": "upsert", "record": limits}
    await box.edit(settings)
    left = []
    for _ in range(4):
        answer = await box.procore(USERS)
        left.append((answer.status_code, answer.headers["x-rate-limit-remaining"]))
    assert left == [(200, "2"), (200, "1"), (200, "0"), (429, "0")]
    assert answer.text.startswith("You have surpassed the max number of requests")
    reset = int(answer.headers["x-rate-limit-reset"])
    now = box.live.clock.timestamp()
    assert 0 < reset - now <= 3600
    box.live.clock.advance(timedelta(seconds=reset - now))
    assert (await box.procore(USERS)).status_code == 200


async def test_an_app_that_is_not_connected_is_told_so(box: Box):
    settings = {"kind": "procore.settings", "in": COMPANY, "op": "upsert"}
    await box.edit({**settings, "record": {"app_connected": False}})
    answer = await box.procore(USERS)
    assert answer.json() == {"errors": ["App is not connected to this company."]}
    assert answer.status_code == 403


async def test_the_log_has_every_request_with_rows_and_no_token(box: Box):
    with box.noted("procore") as found:
        await box.procore("/rest/v1.0/vendors", company_id=COMPANY)
        await box.procore("/rest/v1.0/nope")
    assert [(one["path"], one["status"], one.get("rows")) for one in found] == [
        ("/rest/v1.0/vendors", 200, 2),
        ("/rest/v1.0/nope", 404, None),
    ]
    assert found[0]["caller"] == "dana@acme.example"
    log = (await box.http.get(f"{box.procore_url}/_world/log")).text
    assert await box.token("procore", "dana@acme.example") not in log


async def test_world_tells_companies_people_and_credentials(box: Box):
    world: httpx.Response = await box.http.get(f"{box.procore_url}/_world")
    body = world.json()
    assert body["clients"][0] == {
        "id": "onecore-procore",
        "secret": "procore-stand-in",
        "name": "OneCore",
    }
    assert [(one["id"], one["name"]) for one in body["companies"]] == [
        (COMPANY, "Acme Constructions")
    ]
    assert "old@acme.example" in {one["email"] for one in body["companies"][0]["users"]}


@pytest.mark.parametrize(
    "path",
    [
        "/rest/v1.0/vendors",
        "/rest/v1.1/projects",
        f"{COMPANY_PATH}/vendors/inactive",
        f"/rest/v1.3/companies/{COMPANY}/users",
    ],
)
async def test_empty_keys_are_left_out_since_the_published_schema_knows_no_null(
    box: Box, path: str
):
    """Procore's OpenAPI document lets no field of these be null."""
    rows = (await box.procore(path, company_id=COMPANY)).json()
    assert rows
    assert not [key for row in rows for key, value in row.items() if value is None]
