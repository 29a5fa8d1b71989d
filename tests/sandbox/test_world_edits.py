"""Edits and the side panel change a running world by the systems' own rules."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.slack.panel import PanelActionError, UnknownPanelActionError
from integrations.sandbox.tokens import Grant
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.panel import Panel
from tests.sandbox.conftest import COMPANY, REALM, Box
from tests.small_world import small_demo

SUPPORT = "support@interfy.com.au"
USERS = f"/rest/v1.3/companies/{COMPANY}/users"


def procore(op: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "kind": f"procore.{kind}", "in": COMPANY, **more}


def qbo(op: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "kind": f"qbo.{kind}", "in": REALM, **more}


async def test_a_record_is_added_changed_and_removed(box: Box):
    record = {"first_name": "Interfy", "last_name": "Support", "email": SUPPORT}
    answer = await box.edit(
        procore("upsert", "user", record=record),
        procore("upsert", "user", key=SUPPORT, record={"company_template": "Company Admin"}),
    )
    assert answer.json() == {"ok": True, "done": [f"{SUPPORT} added.", f"{SUPPORT} changed."]}
    found = (await box.procore(USERS, filters__search=SUPPORT)).json()
    assert [one["name"] for one in found] == ["Interfy Support"]
    await box.edit(procore("remove", "user", key=SUPPORT))
    assert (await box.procore(USERS, filters__search=SUPPORT)).json() == []


async def test_a_cost_code_is_added_to_its_list(box: Box):
    record = {"code": "03-400", "name": "Precast"}
    done = await box.edit(procore("upsert", "cost_code", list="Civil", record=record))
    assert done.json()["ok"]
    store = box.live.procore(COMPANY)
    assert store is not None
    civil = next(key for key, one in store.lists.items() if one.name == "Civil")
    assert [one.full_code for one in store.tree(civil)] == ["03", "03-300", "03-400"]


async def test_a_changed_record_says_when(box: Box):
    box.live.clock.advance(timedelta(hours=2))
    await box.edit(procore("upsert", "vendor", key="Barron Group", record={"city": "Cairns"}))
    found = await box.procore("/rest/v1.0/vendors", company_id=COMPANY, filters__search="Barron G")
    assert found.json()[0]["updated_at"] == "2026-11-23T03:00:00Z"


async def test_merging_vendors_leaves_one_and_hands_on_the_children(box: Box):
    await box.edit(procore("merge", "vendor", key="ABC Plumbing Pty Ltd", keys=["Barron Group"]))
    query = {"company_id": COMPANY, "per_page": 3, "sort": "name"}
    rows = (await box.procore("/rest/v1.0/vendors", **query)).json()
    assert [one["name"] for one in rows] == [
        "A.B.C. Plumbing P/L",
        "ABC Plumbing Pty Ltd",
        "Barron Hire",
    ]
    assert rows[2]["parent"]["name"] == "ABC Plumbing Pty Ltd"


async def test_merging_customers_makes_the_losers_inactive_and_refuses_parents(box: Box):
    merge = qbo("merge", "customer", key="Hillview Homes Pty Ltd", keys=["Hillview Homes"])
    assert (await box.edit(merge)).json()["ok"]
    text = "select * from Customer where Active = false"
    rows = (await box.query(text))["QueryResponse"]["Customer"]
    assert [one["DisplayName"] for one in rows] == ["Hillview Homes (deleted)"]
    assert rows[0]["PrintOnCheckName"] == "Hillview Homes"
    parent = qbo("merge", "customer", key="Hillview Homes Pty Ltd", keys=["Amy's Bird Sanctuary"])
    assert "it has sub-customers" in (await box.edit(parent)).json()["message"]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (procore("remove", "user", key="nobody@x"), "There is no 'nobody@x' to remove."),
        (procore("upsert", "gizmo"), "There is no kind procore.gizmo."),
        (procore("upsert", "vendor", record={"name": "V", "colour": "red"}), "colour: Extra"),
        (procore("merge", "project", key="a", keys=["b"]), "Procore merges vendors only."),
        (procore("merge", "vendor", key="a", keys=["b"]), "A merge needs the vendor to keep"),
        (procore("upsert", "cost_code", list="None", record={}), "There is no cost code list"),
        ({**procore("upsert", "user"), "in": 5}, "There is no Procore company 5."),
        ({**qbo("upsert", "user"), "in": 5}, "There is no QuickBooks company 5."),
        (qbo("upsert", "gizmo"), "There is no kind qbo.gizmo."),
        (qbo("remove", "user", key="x@y"), "'x@y' is no user of Acme Constructions."),
        (qbo("remove", "item", key="x"), "There is no 'x' to remove."),
        (qbo("upsert", "account", key="Hebel", record={"name": "Rent", "active": True}), "already"),
        ({"op": "upsert", "kind": "xero.user", "in": 1}, "begins with procore. or qbo."),
        ({"op": "paint", "kind": "qbo.user", "in": 1}, "op: Input should be"),
        ({"op": "action", "id": "no:such"}, "This world has no action no:such."),
    ],
)
async def test_an_edit_that_cannot_be_made_says_why(box: Box, edit: dict[str, Any], told: str):
    answer = await box.edit(edit)
    assert answer.status_code == 400
    assert told in answer.json()["message"]


async def test_edits_before_a_failing_one_stay_made(box: Box):
    good = qbo("upsert", "account", record={"name": "Piling"})
    answer = (await box.edit(good, qbo("remove", "item", key="x"), good)).json()
    assert (answer["edit"], answer["done"]) == (1, ["Piling added."])


# -- the side panel -----------------------------------------------------------------------


@pytest.fixture
def live() -> LiveWorld:
    return LiveWorld(small_demo())


def _actions(live: LiveWorld, slug: str) -> dict[str, Any]:
    group = next(one for one in Panel(live).list().groups if one.customer == slug)
    return {one.id.removeprefix(f"{slug}:"): one for one in group.actions}


async def test_the_panel_can_make_acme_right(live: LiveWorld):
    panel = Panel(live)
    live.qbo_tokens.issue(Grant("onecore-qbo", "dana@acme.example", "4620816365000000001"))
    before = _actions(live, "acme")
    wanted = [
        "procore-company-admin",
        "procore-project-access",
        "merge-vendors:all",
        "merge-customers:all",
        "add-accounts",
        "activate-accounts",
        "item-expense-accounts",
        "qbo-sign-in",
    ]
    assert not any(before[name].done for name in wanted)
    for name in wanted:
        assert (await panel.run(f"acme:{name}")).endswith(".")
    after = _actions(live, "acme")
    assert all(after[name].done for name in wanted)
    assert "add-account" not in after


async def test_the_support_user_is_created_or_reactivated_first(live: LiveWorld):
    actions = _actions(live, "darwin")
    assert actions["procore-support-user"].label == "Reactivate the Procore support user"
    assert actions["procore-company-admin"].disabled
    panel = Panel(live)
    with pytest.raises(PanelActionError, match="no active support user"):
        await panel.run("darwin:procore-company-admin")
    await panel.run("darwin:procore-support-user")
    await panel.run("darwin:procore-company-admin")
    assert _actions(live, "darwin")["procore-company-admin"].done


async def test_merge_labels_name_the_companies(live: LiveWorld):
    label = _actions(live, "acme")["merge-vendors:1"].label
    assert label == "Merge ABC Plumbing Pty Ltd + A.B.C. Plumbing P/L"


async def test_an_unknown_action_is_refused(live: LiveWorld):
    with pytest.raises(UnknownPanelActionError, match="no action acme:paint"):
        await Panel(live).run("acme:paint")


async def test_a_system_goes_down_and_comes_back(box: Box):
    assert (await box.procore(USERS)).status_code == 200
    await Panel(box.live).run("systems:procore-down")
    down = await box.procore(USERS)
    assert (down.status_code, down.headers["retry-after"]) == (503, "30")
    await Panel(box.live).run("systems:procore-429")
    assert (await box.procore(USERS)).status_code == 429
    await Panel(box.live).run("systems:up")
    assert (await box.procore(USERS)).status_code == 200


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("clock:plus-1h", "It is now Monday 23 November 2026, 13:00 in Sydney."),
        ("clock:tomorrow-0900", "It is now Tuesday 24 November 2026, 09:00 in Sydney."),
        ("clock:monday-0900", "It is now Monday 30 November 2026, 09:00 in Sydney."),
    ],
)
async def test_the_clock_is_moved(box: Box, action: str, told: str):
    assert await Panel(box.live).run(action) == told
