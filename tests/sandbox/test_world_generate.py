"""Bulk data: the same seed makes the same data, in the trade's own look."""

from integrations.sandbox.procore.store import ProcoreStore
from integrations.sandbox.qbo.store import QboStore
from integrations.sandbox.world import generate
from integrations.sandbox.world.loader import load_demo, parse_world


def test_the_same_seed_makes_the_same_vendors_and_another_seed_makes_others():
    first, again = generate.vendors(7, 300, 5), generate.vendors(7, 300, 5)
    assert first == again
    assert {one.name for one in first} != {one.name for one in generate.vendors(8, 300, 5)}


def test_counts_are_what_was_asked_for_and_names_are_told_apart():
    rows = generate.vendors(7, 2_000, 20)
    assert len(rows) == 2_000
    assert len({one.name for one in rows}) == 2_000


def test_duplicates_are_another_vendor_written_differently():
    rows = generate.vendors(7, 500, 10)
    registers = [one.business_register.identifier for one in rows if one.business_register]
    shared = len(registers) - len(set(registers))
    assert 0 < shared <= 10
    clean = generate.vendors(7, 500, 0)
    registers = [one.business_register.identifier for one in clean if one.business_register]
    assert len(registers) == len(set(registers))


def test_every_business_number_has_valid_check_digits():
    assert generate.abn_is_valid("51824753556")
    assert not generate.abn_is_valid("51824753557")
    numbers = [one.business_register for one in generate.vendors(1, 400, 0)]
    assert all(generate.abn_is_valid(one.identifier) for one in numbers if one)


def test_every_business_number_of_the_demo_world_is_valid():
    for company in load_demo().procore.companies:
        assert all(generate.abn_is_valid(one.abn) for one in company.vendors if one.abn)


def test_cost_codes_stand_below_their_divisions_and_codes_are_unique():
    rows = generate.cost_codes(2_000)
    assert len({one.code for one in rows}) == len(rows)
    leaves = [one for one in rows if "-" in one.code]
    assert len(leaves) == 2_000


def test_about_three_quarters_of_the_codes_have_an_account():
    accounts = generate.accounts(7, 2_000)
    assert 1_400 <= len(accounts) <= 1_600
    assert len({one.name for one in accounts}) == len(accounts)


def test_jobs_belong_to_customers_and_full_names_are_unique():
    rows = generate.customers(7, 200, 300, 4)
    tops = {one.display_name for one in rows if one.parent is None}
    assert len(tops) == 200
    assert {one.parent for one in rows if one.parent} <= tops
    assert len({(one.parent, one.display_name) for one in rows}) == 500


def test_ids_are_the_same_each_time_and_bulk_waits_until_it_is_asked_for():
    text = """
procore: {companies: [{id: 1, name: A, generate: {vendors: 50, cost_codes: 30, projects: 5}}]}
qbo: {companies: [{realm_id: 1, name: A, chart: construction,
  generate: {customers: 20, jobs: 10, cost_codes: 30, vendors: 5}}]}
"""
    world = parse_world(text)
    one, two = (ProcoreStore(world.procore.companies[0]) for _ in range(2))
    assert "vendors" not in vars(one)
    assert list(one.vendors) == list(two.vendors)
    assert len(one.vendors) == 50
    assert len(one.projects) == 5
    assert sum(map(len, one.codes.values())) > 30
    books = QboStore(world.qbo.companies[0])
    assert (len(books.customers), len(books.vendors)) == (30, 5)
    assert min(map(int, books.vendors)) == 31
    assert world.procore.companies[0].vendors == []
