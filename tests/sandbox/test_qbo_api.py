"""The QuickBooks Online stand-in answers as Intuit's documents and recordings do."""

from datetime import timedelta

from tests.sandbox.conftest import REALM, Box


async def test_empty_fields_are_left_out_and_references_name_their_targets(box: Box):
    rows = (await box.query("select * from Account orderby Id"))["QueryResponse"]["Account"]
    footings = next(one for one in rows if one["Name"] == "Footings")
    assert footings["FullyQualifiedName"] == "Job Costs:Footings"
    assert footings["ParentRef"] == {"value": rows[0]["Id"]}
    assert (footings["AcctNum"], footings["Classification"]) == ("03-300", "Expense")
    assert "Description" not in footings


async def test_account_numbers_show_only_when_numbering_is_on(box: Box):
    record = {"use_account_numbers": False}
    await box.edit({"op": "upsert", "kind": "qbo.preferences", "in": REALM, "record": record})
    rows = (await box.query("select * from Account"))["QueryResponse"]["Account"]
    assert not any("AcctNum" in one for one in rows)
    preferences = (await box.qbo("preferences")).json()["Preferences"]
    assert preferences["AccountingInfoPrefs"]["UseAccountNumbers"] is False


async def test_categories_have_no_accounts_and_items_may_lack_an_expense_account(box: Box):
    rows = (await box.query("select * from Item orderby Id"))["QueryResponse"]["Item"]
    works, pumping, crane = rows
    assert works["Type"] == "Category"
    assert "UnitPrice" not in works
    assert "ExpenseAccountRef" not in pumping
    assert pumping["FullyQualifiedName"] == "Works:Pumping"
    assert crane["ExpenseAccountRef"]["name"] == "Job Costs"


async def test_sub_customers_are_jobs_of_their_parent(box: Box):
    rows = (await box.query("select * from Customer where Job = true"))["QueryResponse"]
    aviary = rows["Customer"][0]
    assert aviary["FullyQualifiedName"] == "Amy's Bird Sanctuary:Aviary"
    assert aviary["ParentRef"]["name"] == "Amy's Bird Sanctuary"
    assert aviary["Level"] == 1


async def test_tax_numbers_are_masked(box: Box):
    customers = (await box.query("select * from Customer"))["QueryResponse"]["Customer"]
    assert customers[2]["PrimaryTaxIdentifier"] == "XXXXXX53556"
    vendors = (await box.query("select * from Vendor"))["QueryResponse"]["Vendor"]
    assert vendors[0]["TaxIdentifier"] == "XXXXXXX3556"


async def test_reading_by_id(box: Box):
    assert (await box.qbo("customer/1")).json()["Customer"]["DisplayName"] == "Amy's Bird Sanctuary"
    wrong = (await box.qbo("customer/1.5")).json()["Fault"]["Error"][0]
    assert (wrong["code"], wrong["element"]) == ("2030", "Id")
    assert (await box.qbo("customer/999")).json()["Fault"]["Error"][0]["code"] == "610"
    unsupported = await box.qbo("gizmo/1")
    assert unsupported.status_code == 400
    assert unsupported.json()["Fault"]["Error"][0]["code"] == "500"


async def test_company_info_tells_name_country_and_plan(box: Box):
    info = (await box.qbo(f"companyinfo/{REALM}")).json()["CompanyInfo"]
    values = {one["Name"]: one["Value"] for one in info["NameValue"]}
    assert (info["CompanyName"], info["Country"]) == ("Acme Constructions", "AU")
    assert values["OfferingSku"] == "QuickBooks Online Plus"


async def test_every_answer_has_an_intuit_tid(box: Box):
    assert (await box.qbo("preferences")).headers["intuit_tid"]
    assert (await box.qbo("query", query="select")).headers["intuit_tid"]


async def test_change_data_tells_what_changed_since(box: Box):
    before = box.live.clock.now() - timedelta(minutes=1)
    asked = {"entities": "Account,Customer", "changedSince": before.isoformat()}
    body = (await box.qbo("cdc", **asked)).json()
    assert body["CDCResponse"][0]["QueryResponse"] == [{}, {}]
    await box.edit(
        {"op": "upsert", "kind": "qbo.account", "in": REALM, "record": {"name": "Piling"}},
        {"op": "remove", "kind": "qbo.customer", "in": REALM, "key": "Aviary"},
    )
    accounts, customers = (await box.qbo("cdc", **asked)).json()["CDCResponse"][0]["QueryResponse"]
    assert [one["Name"] for one in accounts["Account"]] == ["Piling"]
    assert customers["Customer"][0]["status"] == "Deleted"


async def test_change_data_reaches_thirty_days_back(box: Box):
    long_ago = box.live.clock.now() - timedelta(days=31)
    answer = await box.qbo("cdc", entities="Account", changedSince=long_ago.isoformat())
    assert answer.status_code == 400


async def test_a_batch_answers_each_item_by_itself(box: Box):
    items = [
        {"bId": "a", "Query": "select * from Vendor"},
        {"bId": "b", "Query": "select * from Nothing"},
        {"bId": "c", "Customer": {}, "operation": "create"},
    ]
    token = await box.token("qbo", "dana@acme.example")
    url = f"{box.qbo_url}/v3/company/{REALM}/batch"
    headers = {"Authorization": f"Bearer {token}"}
    answer = await box.http.post(url, json={"BatchItemRequest": items}, headers=headers)
    good, bad, unsupported = answer.json()["BatchItemResponse"]
    assert good["QueryResponse"]["maxResults"] == 1
    assert bad["Fault"]["Error"][0]["code"] == "4001"
    assert unsupported["Fault"]["Error"][0]["code"] == "500"
    many = {"BatchItemRequest": items * 11}
    assert (await box.http.post(url, json=many, headers=headers)).status_code == 400


async def test_another_companys_token_gets_the_gateways_lower_case_403(box: Box):
    token = await box.token("qbo", "dana@acme.example")
    url = f"{box.qbo_url}/v3/company/1/preferences"
    answer = await box.http.get(url, headers={"Authorization": f"Bearer {token}"})
    fault = answer.json()["fault"]
    assert (answer.status_code, fault["error"][0]["code"], fault["type"]) == (
        403,
        "3100",
        "SERVICE",
    )


async def test_an_expired_token_gets_the_gateways_401(box: Box):
    await box.qbo("preferences")
    box.live.clock.advance(timedelta(hours=1))
    answer = await box.qbo("preferences")
    assert answer.status_code == 401
    assert answer.json()["fault"]["error"][0]["code"] == "3200"
    assert "invalid_token" in answer.headers["www-authenticate"]


async def test_losing_the_seat_or_the_role_shows_at_the_next_call(box: Box):
    await box.token("qbo", "dana@acme.example")
    user = {"kind": "qbo.user", "in": REALM, "key": "dana@acme.example"}
    await box.edit({**user, "op": "upsert", "record": {"role": "standard"}})
    demoted = await box.qbo("preferences")
    assert (demoted.status_code, demoted.json()["fault"]["error"][0]["code"]) == (403, "3100")
    await box.edit({**user, "op": "remove"})
    gone = await box.qbo("preferences")
    assert (gone.status_code, gone.json()["fault"]["error"][0]["code"]) == (401, "120")


async def test_throttles_answer_429_in_xml_and_end_with_the_window(box: Box):
    limits = {"per_minute": 2, "per_second": 1000}
    await box.edit({"op": "upsert", "kind": "qbo.settings", "in": REALM, "record": limits})
    answers = [await box.qbo("preferences") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 'code="3001"' in answers[2].text
    assert answers[2].headers["content-type"].startswith("application/xml")
    box.live.clock.advance(timedelta(minutes=1))
    assert (await box.qbo("preferences")).status_code == 200


async def test_a_second_has_its_own_throttle(box: Box):
    limits = {"per_minute": 100, "per_second": 2}
    await box.edit({"op": "upsert", "kind": "qbo.settings", "in": REALM, "record": limits})
    assert [(await box.qbo("preferences")).status_code for _ in range(3)] == [200, 200, 429]
    box.live.clock.advance(timedelta(seconds=1))
    assert (await box.qbo("preferences")).status_code == 200


async def test_a_lapsed_subscription_is_told(box: Box):
    record = {"subscription": "EXPIRED"}
    await box.edit({"op": "upsert", "kind": "qbo.settings", "in": REALM, "record": record})
    assert (await box.qbo("preferences")).json()["Fault"]["Error"][0]["code"] == "6190"


async def test_the_log_counts_rows(box: Box):
    with box.noted("qbo") as found:
        await box.query("select * from Customer")
        await box.query("select count(*) from Customer")
    assert [(one["rows"], one["company"]) for one in found] == [(4, REALM), (0, REALM)]
    assert found[0]["query"] == [["query", "select * from Customer"]]
