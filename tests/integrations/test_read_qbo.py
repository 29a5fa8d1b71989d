"""What is read from QuickBooks Online when everything answers."""

import pytest

from bot.domain import facets
from bot.domain.customer import Purpose
from bot.domain.model import Cause, Facet, Failed, Present, System
from bot.domain.records import TargetKind
from tests.integrations import worlds
from tests.integrations.systems import (
    REALM,
    SUPPORT,
    Rig,
    World,
    always,
    connection,
    fault_json,
    make_rig,
)

PROVEN = {
    "sub": "sub-2",
    "email": SUPPORT,
    "emailVerified": True,
    "givenName": "Interfy",
    "familyName": "Support",
}


async def get(rig: Rig, facet: Facet):
    return (await rig.reader.read(1, [facet])).get(facet)


async def read(rig: Rig, facet: Facet):
    found = await get(rig, facet)
    assert isinstance(found, Present), found
    return found


async def test_accounts_are_targets_with_numbers_and_bare_names():
    """An inactive account loses its suffix and is shown as inactive; numbering is a preference."""
    world = worlds.right()
    gone = "Fees Billed (deleted)"
    world.accounts.append(
        worlds.account(99, Name=gone, FullyQualifiedName=f"Costs:{gone}", Active=False)
    )
    found = (await read(make_rig(world), facets.ACCOUNTS)).value
    last = found.rows[-1]
    assert (last.name, last.full_name, last.active) == ("Fees Billed", "Costs:Fees Billed", False)
    assert last.kind is TargetKind.ACCOUNT
    assert found.rows[0].number == "5001"
    assert found.numbering_on is True


async def test_preferences_that_may_not_be_read_leave_numbering_open():
    """Numbering only explains; the chart is complete without it."""
    rig = make_rig(worlds.right())
    rig.systems.faults.append(always("preferences", 403, fault_json(403, "3100").json()))
    assert (await read(rig, facets.ACCOUNTS)).value.numbering_on is None


async def test_items_tell_whether_they_can_carry_a_cost():
    """Sku is the number, Type the type; the expense account makes the difference."""
    world = worlds.right()
    world.items.append(worlds.item(90, Sku="03-300", ExpenseAccountRef={"value": "80"}))
    world.items.append(worlds.item(91, Type="Category"))
    found = (await read(make_rig(world), facets.ITEMS)).value
    plain, priced, category = found[-3:]
    assert plain.has_expense_account is False
    assert (priced.number, priced.has_expense_account) == ("03-300", True)
    assert category.type == "Category"


async def test_customers_carry_what_the_duplicate_search_compares():
    """Jobs are marked, several e-mail addresses split, masked tax ids named as such."""
    world = worlds.right()
    world.customers += [
        worlds.customer(70, DisplayName="Amy's (deleted)", Active=False, PrintOnCheckName="Amy's"),
        worlds.customer(71, ParentRef={"value": "1"}, Job=True),
        worlds.customer(72, PrimaryTaxIdentifier="XXXXXX9875", BalanceWithJobs=-12.5),
    ]
    found = {party.id: party for party in (await read(make_rig(world), facets.CUSTOMERS)).value}
    assert (found["70"].name, found["70"].active, found["70"].other_names) == ("Amy's", False, ())
    assert (found["71"].is_job, found["71"].parent_id) == (True, "1")
    assert found["1"].blockers == ("has sub-customers or projects",)
    assert found["1"].emails == ("a@x.example", "b@x.example")
    assert found["1"].created_on == "2015-10-01"
    assert (found["72"].tax_id_masked, found["72"].weight) == (True, 12.5)


def many(rows: int) -> list[dict[str, object]]:
    """Customers with no more than what each must have."""
    return [{"Id": str(n), "DisplayName": f"Customer {n}"} for n in range(1, rows + 1)]


@pytest.mark.parametrize(
    ("rows", "calls"),
    [(0, 2), (7, 2), (49, 2), (51, 1), (55, 2), (999, 1), (1000, 3), (1007, 3), (2000, 3)],
)
async def test_pages_are_read_until_a_short_one_that_can_be_believed(rows, calls):
    """One call for every 1,000 rows, and a COUNT only where the end could be a lowered cap."""
    rig = make_rig(World(customers=many(rows)))
    assert len((await read(rig, facets.CUSTOMERS)).value) == rows
    assert len(rig.systems.reads()) == calls


@pytest.mark.parametrize(
    ("cap", "rows"), [(1, 50), (7, 110), (10, 110), (49, 330), (100, 330), (250, 330)]
)
async def test_a_lowered_page_cap_is_noticed(cap, rows):
    """A server that gives fewer rows than asked is read to the end all the same."""
    world = World(customers=many(rows), qbo_cap=cap)
    assert len((await read(make_rig(world), facets.CUSTOMERS)).value) == rows


async def test_the_authoriser_is_whoever_connected():
    """Another person's identity is passed on as it is; it needs no further call."""
    rig = make_rig(worlds.right())
    found = await read(rig, facets.AUTHORISER)
    assert found.value.email == "dana@acme.example"
    assert found.scope == ""
    assert rig.systems.reads() == ["/userinfo"]


async def test_an_unverified_address_stays_unverified():
    """A missing or false emailVerified is false."""
    world = worlds.right()
    del world.userinfo["*"]["emailVerified"]
    assert (await read(make_rig(world), facets.AUTHORISER)).value.email_verified is False


async def test_the_support_users_own_sign_in_counts_where_it_can_enter_the_company():
    """Its identity is preferred, once CompanyInfo of the same realm answered it."""
    world = worlds.right()
    world.userinfo["qbo-support-token-0"] = PROVEN
    rig = make_rig(world, connection(System.QBO), connection(System.QBO, purpose=Purpose.SUPPORT))
    found = await read(rig, facets.AUTHORISER)
    assert found.value.email == SUPPORT
    assert "let it read this company" in found.scope
    assert rig.systems.reads() == ["/userinfo", f"/v3/company/{REALM}/companyinfo/{REALM}"]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("other realm", ""),
        ("other person", ""),
        ("no access", "doesn't let the support user's own sign-in"),
        ("broken", "would have to sign in again"),
    ],
)
async def test_a_support_sign_in_that_proves_nothing_gives_way_to_the_customers_own(case, said):
    """Another realm, another person, no access or a dead sign-in are no proof; why is said."""
    world = worlds.right()
    if case != "other person":
        world.userinfo["qbo-support-token-0"] = PROVEN
    own = connection(
        System.QBO, purpose=Purpose.SUPPORT, external_id="999" if case == "other realm" else ""
    )
    rig = make_rig(world, connection(System.QBO), own)
    if case == "no access":
        rig.systems.faults.append(always("companyinfo", 403, fault_json(403, "3100").json()))
    if case == "broken":
        await rig.keeper.mark_broken(own, "It was revoked.")
    found = await read(rig, facets.AUTHORISER)
    assert found.value.email == "dana@acme.example"
    assert said in found.scope
    assert bool(said) is bool(found.scope)


async def test_a_support_sign_in_that_cannot_be_asked_is_no_verdict():
    """An outage must not turn a proof into its absence."""
    world = worlds.right()
    world.userinfo["qbo-support-token-0"] = PROVEN
    rig = make_rig(world, connection(System.QBO), connection(System.QBO, purpose=Purpose.SUPPORT))
    rig.systems.faults.append(always("companyinfo", 500))
    found = await get(rig, facets.AUTHORISER)
    assert isinstance(found, Failed)
    assert found.cause is Cause.SERVER_ERROR


async def test_the_customers_own_connection_by_support_needs_access_too():
    """Userinfo alone does not prove access to the company; CompanyInfo does."""
    world = worlds.right()
    world.userinfo["*"] = PROVEN
    rig = make_rig(world)
    assert (await read(rig, facets.AUTHORISER)).value.email == SUPPORT
    rig.systems.faults.append(always("companyinfo", 401, fault_json(401, "120").json()))
    found = await get(rig, facets.AUTHORISER)
    assert isinstance(found, Failed)
    assert found.cause is Cause.RECONNECT


async def test_nothing_connected_is_said_with_the_way_out():
    """Each system names its own command."""
    rig = make_rig(World(), connection(System.QBO, purpose=Purpose.SUPPORT))
    snapshot = await rig.reader.read(1, facets.ALL)
    assert {one.cause for one in snapshot.reads.values()} == {Cause.NOT_CONNECTED}
    assert "connect quickbooks" in snapshot.get(facets.ITEMS).reason
    assert "connect procore" in snapshot.get(facets.VENDORS).reason
    assert rig.systems.log == []
