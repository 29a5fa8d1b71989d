"""World files: every mistake is told with its line, and the documented example loads."""

import json
import re
from pathlib import Path

import pytest

from integrations.sandbox.world.loader import WorldError, load_demo, load_world, parse_world
from tests.sandbox.conftest import SMALL

LEVEL = """procore: {{companies: [{{id: 1, name: A, permission_templates: [
{{name: T, levels: {{directory: {}}}}}]}}]}}"""
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
            "code '03-300' is here twice (first on line 11)"
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
            "w.yaml:1: customers[1]: slug 'a' is here twice (first on line 1)",
        ),
        ("procore: {companies: [{id: 1, name: A}, {id: 1, name: B}]}", "company 1 is here twice"),
        ("procore: {companies: [{id: 1, name: A, vendors: [{name: V, parent: W}]}]}", "vendor 'W'"),
        ("procore: {clients: [{id: a}, {id: a}]}", "client 'a' is here twice"),
        ("qbo: {companies: [{realm_id: 1, name: A, items: [{name: I, expense_account: X}]}]}", "X"),
        ("qbo: {companies: [{realm_id: x, name: A}]}", "realm_id"),
        ("clock: 2026-11-23T09:00:00", "clock: this should be a time with its zone, such as"),
        ("clock: 9999-12-31T23:00:00Z", "clock: the clock starts between the years"),
        ("customers: 5", "w.yaml:1: customers: this should be a list"),
        ("customers: [5]", "w.yaml:1: customers[0]: this should be a mapping"),
        ("customers: [{slug: a, name: [A]}]", "customers[0].name: this should be text"),
        ("customers: [{slug: a, name: null}]", "customers[0].name: this key is missing"),
        ("customers: [{slug: a, name: A, colour: null}]", "there is no such key here"),
        ("customers: [{slug: a, name: A, timezone: Mars}]", "Mars is not a time zone such as"),
        ("customers: [{slug: a, name: A, region: XYZ}]", "there is no calendar for 'XYZ'; write"),
        ("customers: &a [*a]", "w.yaml:1: the file is nested too deeply"),
        ("? [a]\n: 1", "w.yaml:1: here: a key is a word"),
        ("<<: 5", "w.yaml:1: <<: only a mapping, or a list of them, can be merged"),
        (
            LEVEL.format("boss"),
            "directory: a level is none, read_only, standard, admin, or 1 to 4; not 'boss'",
        ),
    ],
)
def test_a_mistake_is_told(text: str, told: str):
    assert told in problems(text)[0]


def test_two_customers_cannot_share_a_channel():
    text = """
customers: [{slug: a, name: A, channel: C1}, {slug: b, name: B, channel: C1}]
slack: {channels: [{id: C1, name: ext}]}
"""
    assert problems(text) == [
        "w.yaml:2: customers[1]: channel 'C1' is here twice (first on line 2)"
    ]


def test_mistakes_in_slacks_section_are_told_at_once_each_with_its_line():
    text = """slack:
  teams:
    - {id: T0INTERFY, name: Interfy, domain: interfy}
  users:
    - {id: U1, name: ann, real_name: Ann, team: T9}
    - {id: U2, name: bo, real_name: Bo, team: T0INTERFY, tz: Mars}
  usergroups:
    - {id: S1, handle: staff, name: Staff, users: [U8]}
  channels:
    - {id: C1, name: one, members: [U7]}
    - {id: C1, name: two}
"""
    told = problems(text.replace(", tz: Mars", ""))
    assert [one.split(": ")[0:2] for one in told] == [
        ["w.yaml:3", "slack.teams[0]"],
        ["w.yaml:5", "slack.users[0].team"],
        ["w.yaml:8", "slack.usergroups[0].users[0]"],
        ["w.yaml:10", "slack.channels[0].members[0]"],
        ["w.yaml:11", "slack.channels[1]"],
    ]
    assert problems(text)[0].startswith("w.yaml:6: slack.users[1].tz: Mars is not a time zone")


def test_what_scripts_write_as_json_is_understood():
    name = "Māori 😀 \\ud83d\\ude00 建設"
    rows = [{"slug": "a", "name": name, "channel": None, "region": "NZ", "timezone": None}]
    for indent in (None, 2, "\t"):
        text = json.dumps({"customers": rows, "clock": None}, indent=indent)
        customer = parse_world(text).customers[0]
        assert customer.name == name
        assert (customer.region, customer.timezone) == ("NZ", "Australia/Sydney")


def test_yamls_anchors_and_merged_keys_are_understood():
    text = """
customers:
  - &first {slug: a, name: A, region: VIC}
  - {<<: *first, slug: b}
  - {<<: [{name: C}, *first], slug: c}
"""
    found = [(one.slug, one.name, one.region) for one in parse_world(text).customers]
    assert found == [("a", "A", "AU-VIC"), ("b", "A", "AU-VIC"), ("c", "C", "AU-VIC")]


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
