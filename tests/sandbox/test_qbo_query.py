"""Intuit's query language, as documented: grammar, defaults, refusals."""

import pytest

from integrations.sandbox.qbo.query import Condition, Query, QueryError, parse
from tests.sandbox.conftest import Box


def test_a_whole_query_is_read():
    text = (
        "SELECT * FROM Account WHERE Active IN (true,false) AND Name LIKE '%a%' "
        "ORDERBY Name DESC, Id STARTPOSITION 11 MAXRESULTS 50"
    )
    assert parse(text) == Query(
        "Account",
        False,
        (Condition("Active", "IN", ("true", "false")), Condition("Name", "LIKE", ("%a%",))),
        (("Name", True), ("Id", False)),
        11,
        50,
    )


def test_order_by_in_two_words_and_lower_case_key_words_are_fine():
    assert parse("select count(*) from Item order by Id").count is True


def test_a_property_may_stand_beside_the_star():
    """``Item.all()`` of python-quickbooks asks like this."""
    assert parse("SELECT *, Sku FROM Item MAXRESULTS 100") == Query("Item", most=100)


def test_a_backslash_quotes_a_quote():
    condition = parse(r"select * from Customer where DisplayName = 'Amy\'s'").where[0]
    assert condition.values == ("Amy's",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("select Id from Account", "4000"),
        ("select * from Account where Id = '1' or Id = '2'", "4000"),
        ("select * from Account group by Name", "4000"),
        ("select * from Account where Name = 'half", "4000"),
        ("select * from Account where Name != 'a'", "4000"),
        ("select * from Account startposition 0", "4001"),
        ("select * from Account maxresults 1001", "4001"),
        ("select * from Account maxresults 0", "4001"),
        ("select *", "4000"),
        ("", "4000"),
    ],
)
def test_what_the_grammar_has_not_is_refused(text: str, code: str):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.code == code


async def _names(box: Box, text: str) -> list[str]:
    body = await box.query(text)
    response = body["QueryResponse"]
    rows = next((rows for rows in response.values() if isinstance(rows, list)), [])
    return [one.get("DisplayName") or one["Name"] for one in rows]


async def test_inactive_rows_come_only_when_asked_for_and_are_marked(box: Box):
    assert "Hebel" not in " ".join(await _names(box, "select * from Account"))
    both = await _names(box, "select * from Account where Active IN (true, false)")
    assert "Hebel (deleted)" in both
    assert await _names(box, "select * from Account where Active = false") == ["Hebel (deleted)"]


async def test_pages_count_from_one_and_an_empty_page_has_no_keys(box: Box):
    page = (await box.query("select * from Customer orderby Id startposition 2 maxresults 2"))[
        "QueryResponse"
    ]
    assert (page["startPosition"], page["maxResults"]) == (2, 2)
    assert [one["Id"] for one in page["Customer"]] == ["2", "3"]
    assert "totalCount" not in page
    past = await box.query("select * from Customer startposition 5")
    assert past["QueryResponse"] == {}


async def test_count_gives_a_total_and_nothing_else(box: Box):
    assert (await box.query("select count(*) from Customer"))["QueryResponse"] == {"totalCount": 4}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (r"DisplayName = 'Amy\'s Bird Sanctuary'", ["Amy's Bird Sanctuary"]),
        ("DisplayName LIKE 'Hill%'", ["Hillview Homes Pty Ltd", "Hillview Homes"]),
        ("DisplayName LIKE '%view Homes'", ["Hillview Homes"]),
        ("Id IN ('1', '4')", ["Amy's Bird Sanctuary", "Hillview Homes"]),
        ("Job = true", ["Aviary"]),
        ("Balance > 0", []),
        ("MetaData.LastUpdatedTime > '2026-01-01'", []),
        ("MetaData.LastUpdatedTime < '2026-01-01' AND Job = true", ["Aviary"]),
    ],
)
async def test_conditions(box: Box, where: str, found: list[str]):
    assert await _names(box, f"select * from Customer where {where} orderby Id") == found


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("select * from Custmoer", "QueryValidationError: invalid context declaration: Custmoer"),
        (
            "select * from Account where AcctNum = '1'",
            "QueryValidationError: Property AcctNum not found for Entity Account",
        ),
        (
            "select * from Account where Id > '1'",
            "QueryValidationError: operator > is not allowed for Id",
        ),
    ],
)
async def test_senseless_queries_get_intuits_fault(box: Box, text: str, detail: str):
    answer = await box.qbo("query", query=text)
    assert answer.status_code == 400
    fault = answer.json()["Fault"]
    assert fault == {
        "Error": [{"Message": "Invalid query", "Detail": detail, "code": "4001"}],
        "type": "ValidationFault",
    }


async def test_a_query_can_be_posted_as_text(box: Box):
    token = await box.token("qbo", "dana@acme.example")
    answer = await box.http.post(
        f"{box.qbo_url}/v3/company/4620816365000000001/query",
        content="select * from Vendor",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/text"},
    )
    assert answer.json()["QueryResponse"]["maxResults"] == 1


async def test_entities_that_the_world_does_not_hold_are_empty_and_no_error(box: Box):
    assert (await box.query("select * from Invoice"))["QueryResponse"] == {}


async def test_entities_and_properties_are_understood_in_any_case(box: Box):
    """node-quickbooks writes ``from account``, tap-quickbooks ``Metadata.LastUpdatedTime``."""
    own = await box.query("select * from Account where Active = true orderby MetaData.CreateTime")
    other = await box.query("select * from account where active = true orderby Metadata.CreateTime")
    assert other["QueryResponse"] == own["QueryResponse"]
    assert list(other["QueryResponse"]) == ["Account", "startPosition", "maxResults"]
