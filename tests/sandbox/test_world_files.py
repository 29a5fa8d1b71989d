"""World files: every mistake is told with its line, and the documented example loads."""

import json
import re
from pathlib import Path

import pytest

from integrations.sandbox.world.loader import WorldError, load_demo, load_world, parse_world
from tests.sandbox.conftest import SMALL

DOC = Path(__file__).parents[2] / "docs" / "worlds.md"


def problems(text: str) -> list[str]:
    with pytest.raises(WorldError) as caught:
        parse_world(text, name="w.yaml")
    return caught.value.problems


def test_the_example_in_the_document_loads():
    example = re.search(r"```yaml\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    world = parse_world(example.group(1))
    assert [one.slug for one in world.customers] == ["kiama"]
    assert world.procore.companies[0].vendors[0].abn == "51824753556"


@pytest.mark.parametrize("section", ["procore", "qbo"])
def test_the_document_names_every_key_of_a_section(section: str):
    text = DOC.read_text(encoding="utf-8")
    models = [type(getattr(parse_world("{}"), section))]
    for model in models:
        for name, field in model.model_fields.items():
            assert re.search(rf"\b{name}\b", text), f"{model.__name__}.{name} is not documented"
            inner = re.findall(r"[A-Z]\w+", str(field.annotation))
            module = __import__(model.__module__, fromlist=["_"])
            found = [getattr(module, one, None) for one in inner]
            models += [one for one in found if hasattr(one, "model_fields") and one not in models]
    assert len(models) > 8


def test_an_empty_file_is_an_empty_world():
    assert parse_world("").customers == []


def test_json_is_fine_too():
    text = json.dumps({"procore": {"companies": [{"id": 1, "name": "A"}]}})
    assert parse_world(text).procore.companies[0].id == 1


def test_all_mistakes_are_told_at_once_each_with_its_line():
    text = """customers:
  - {slug: acme, name: Acme, chanel: C0}
procore:
  companies:
    - id: 1
      name: Acme
      users:
        - {first_name: A, last_name: B, email: a@b.example, company_template: Boss}
      cost_code_lists:
        - name: L
          codes: [03-300 Footings, 03-300 Slabs]
    - id: 2
qbo:
  companies:
    - realm_id: 12
      name: Acme
      accounts: [{name: Costs, parent: Nothing}]
"""
    assert problems(text) == [
        "w.yaml:2: customers[0].chanel: there is no such key here",
        (
            "w.yaml:8: procore.companies[0].users[0].company_template: "
            "no company_tools template 'Boss' here (there is: none)"
        ),
        (
            "w.yaml:11: procore.companies[0].cost_code_lists[0].codes[1]: "
            "code '03-300' is already at position 0"
        ),
        "w.yaml:12: procore.companies[1].name: this key is missing",
        (
            "w.yaml:17: qbo.companies[0].accounts[0].parent: "
            "no account 'Nothing' here (there is: 'Nothing:Costs')"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1\nb: 2", "w.yaml:2: "),
        ("- 1", "w.yaml:1: a world file is a mapping of sections"),
        ("qbo: {}\nqbo: {}", "w.yaml:2: qbo: this key is here twice"),
        ("customers: [{slug: a, name: A, qbo_realm: 7}]", "no QBO company '7' here"),
        ("customers: [{slug: a, name: A, channel: C9}]", "no channel 'C9' here"),
        (
            "customers: [{slug: a, name: A}, {slug: a, name: B}]",
            "w.yaml:1: customers[1]: slug 'a' is already at position 0",
        ),
        ("procore: {companies: [{id: 1, name: A}, {id: 1, name: B}]}", "company 1 is already"),
        ("procore: {companies: [{id: 1, name: A, vendors: [{name: V, parent: W}]}]}", "vendor 'W'"),
        ("procore: {clients: [{id: a}, {id: a}]}", "client 'a' is already"),
        ("qbo: {companies: [{realm_id: 1, name: A, items: [{name: I, expense_account: X}]}]}", "X"),
        ("qbo: {companies: [{realm_id: x, name: A}]}", "realm_id"),
        ("clock: 2026-11-23T09:00:00", "clock: Input should have timezone info"),
    ],
)
def test_a_mistake_is_told(text: str, told: str):
    assert told in problems(text)[0]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path):
    with pytest.raises(WorldError, match="No such file"):
        load_world(tmp_path / "none.yaml")
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(WorldError, match="not UTF-8"):
        load_world(binary)


def test_codes_stay_text_and_numbers_may_stand_for_text():
    text = """
procore: {companies: [{id: 1, name: A, cost_code_lists: [{name: L, codes: [
  {code: 03300, name: Footings}]}], vendors: [{name: V, zip: 0820}]}]}
qbo: {companies: [{realm_id: 4620816365000000001, name: A, accounts: [
  {name: Slabs, acct_num: 03310}, {name: Rent, acct_num: 6600}]}]}
"""
    world = parse_world(text)
    company = world.procore.companies[0]
    assert company.cost_code_lists[0].codes[0].code == "03300"
    assert company.vendors[0].zip == "0820"
    numbers = [one.acct_num for one in world.qbo.companies[0].accounts]
    assert numbers == ["03310", "6600"]


def test_the_demo_world_holds_what_the_design_asks_for():
    world = load_demo()
    assert [one.slug for one in world.customers] == ["acme", "bondi", "cairns", "darwin"]
    acme, bondi, cairns, _ = world.procore.companies
    leaves = [one for one in acme.cost_code_lists[0].codes if "-" in one.code]
    assert 110 <= len(leaves) <= 135
    assert len(acme.duplicate_groups) == 6
    support = {
        company.id: next(one for one in company.users if "support@" in one.email.lower())
        for company in (acme, bondi, cairns)
    }
    assert support[acme.id].company_template == "Company Read Only"
    assert support[bondi.id].company_template == "Company Admin"
    assert support[cairns.id].company_template is None
    assert len(cairns.cost_code_lists) == 2
    invited = [one for one in world.qbo.companies[0].users if one.status == "invited"]
    assert [one.email for one in invited] == ["support@interfy.com.au"]


def test_the_small_world_of_these_tests_loads():
    assert len(parse_world(SMALL).procore.companies) == 1


def test_who_connected_a_system_may_do_so():
    """Else the demo could not begin: Intuit lets administrators alone connect an app."""
    text = """customers:
  - slug: k
    name: K
    procore_company: 1
    procore_authorised_by: gone@k.example
    qbo_realm: "9"
    qbo_authorised_by: ann@k.example
procore:
  companies:
    - id: 1
      name: K
      users: [{first_name: G, last_name: N, email: gone@k.example, active: false}]
qbo:
  companies:
    - realm_id: "9"
      name: K
      users: [{email: ann@k.example, given_name: Ann, family_name: C}]
"""
    procore, quickbooks = problems(text)
    assert procore.startswith("w.yaml:5: customers[0].procore_authorised_by: gone@k.example is no")
    assert quickbooks.startswith("w.yaml:7: customers[0].qbo_authorised_by: ann@k.example may not")
