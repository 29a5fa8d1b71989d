"""What is read from Procore when everything answers."""

import pytest

from bot.domain import facets
from bot.domain.customer import Grant, Purpose
from bot.domain.model import Cause, Facet, Failed, Present, System
from tests.integrations import worlds
from tests.integrations.systems import SUPPORT, Rig, always, connection, make_rig


async def read(rig: Rig, facet: Facet):
    found = (await rig.reader.read(1, [facet])).get(facet)
    assert isinstance(found, Present), found
    return found


async def test_the_support_user_is_found_by_exact_address_in_any_case():
    """The first search hit has the address in its name only."""
    rig = make_rig(worlds.right())
    found = (await read(rig, facets.SUPPORT_USER)).value
    assert found.active.id == str(worlds.BIG + 1)
    assert found.inactive is None
    assert len(rig.systems.reads()) == 1


async def test_an_inactive_support_user_is_told_from_an_absent_one():
    """The inactive list is read when no active user answers to the address."""
    rig = make_rig(worlds.absent())
    found = (await read(rig, facets.SUPPORT_USER)).value
    assert found.active is None
    assert found.inactive.id == "77"


async def test_a_user_whose_own_record_says_inactive_has_no_access():
    """The single record overrules the list row."""
    world = worlds.right()
    rig = make_rig(world)
    rig.systems.faults.append(always(r"/users/\d+$", 200, worlds.support_user(is_active=False)))
    assert (await read(rig, facets.COMPANY_ACCESS)).value.user is None


async def test_addresses_that_the_login_may_not_see_are_no_verdict():
    """Rows without any address cannot prove that nobody has it."""
    world = worlds.right()
    world.users = [{"id": 5, "name": f"Dana {SUPPORT}"}]
    rig = make_rig(world)
    found = (await rig.reader.read(1, [facets.SUPPORT_USER])).get(facets.SUPPORT_USER)
    assert isinstance(found, Failed)
    assert found.cause is Cause.NO_PERMISSION


async def test_the_company_template_gives_levels_in_lower_case():
    """Tool keys are lower case whatever Procore sends."""
    found = (await read(make_rig(worlds.right()), facets.COMPANY_ACCESS)).value
    assert found.template.level("directory") == 4
    assert found.signed_in_directory_level is None


async def test_a_list_without_levels_is_followed_by_the_one_template():
    """``view=with_permissions`` may not be honoured; then the template itself is read."""
    rig = make_rig(worlds.right())
    bare_row = [{"id": 28, "name": "Admin"}]
    rig.systems.faults.append(always(r"/permission_templates$", 200, bare_row))
    found = (await read(rig, facets.COMPANY_ACCESS)).value
    assert found.template.level("directory") == 4


@pytest.mark.parametrize("status", [403, 404])
async def test_a_template_that_may_not_be_seen_is_hidden_and_not_absent(status):
    """403 means cannot tell, not "set one by one"."""
    rig = make_rig(worlds.right())
    rig.systems.faults.append(always("permission_templates", status))
    found = (await read(rig, facets.COMPANY_ACCESS)).value
    assert found.user is not None
    assert found.template is None
    assert "I can't see what it allows" in found.template_hidden


async def test_rights_set_one_by_one_are_proven_by_the_support_users_own_sign_in():
    """Only a support connection whose /me is the support address counts."""
    world = worlds.bare()
    world.me_login = "SUPPORT@interfy.com.au"
    own = connection(System.PROCORE, purpose=Purpose.SUPPORT)
    rig = make_rig(world, connection(System.PROCORE), own)
    found = (await read(rig, facets.COMPANY_ACCESS)).value
    assert found.template is None
    assert found.signed_in_directory_level == 4
    signed = [r for r in rig.systems.requests if r.url.path.endswith(("/me", "/permissions"))]
    assert {r.headers["Authorization"] for r in signed} == {"Bearer procore-support-token-0"}


async def test_a_dead_sign_in_of_the_support_user_is_named():
    """Rights that only its sign-in could show are unknown because of that sign-in."""
    own = connection(System.PROCORE, purpose=Purpose.SUPPORT)
    rig = make_rig(worlds.bare(), connection(System.PROCORE), own)
    await rig.keeper.mark_broken(own, "It was revoked.")
    found = (await read(rig, facets.COMPANY_ACCESS)).value
    assert found.signed_in_directory_level is None
    assert "would have to sign in again" in found.template_hidden


@pytest.mark.parametrize("signed_in", [False, True])
async def test_another_persons_sign_in_proves_nothing(signed_in):
    """Without a support sign-in, or with somebody else's, individual rights stay unknown."""
    own = [connection(System.PROCORE, purpose=Purpose.SUPPORT)] if signed_in else []
    rig = make_rig(worlds.bare(), connection(System.PROCORE), *own)
    found = (await read(rig, facets.COMPANY_ACCESS)).value
    assert found.signed_in_directory_level is None
    assert not any(one.endswith("settings/permissions") for one in rig.systems.log)


async def test_project_access_names_what_the_login_could_see():
    """Assignments, templates with levels, company admin, and the scope in words."""
    rig = make_rig(
        worlds.right(), connection(System.PROCORE, grant=Grant.CLIENT_CREDENTIALS, refresh="")
    )
    found = await read(rig, facets.PROJECT_ACCESS)
    assert len(found.value.assignments) == 12
    assert found.value.company_admin is True
    assert {t.id for t in found.value.templates} == {"41", "42"}
    assert "12 active projects that the connected service account" in found.scope


async def test_codes_of_all_lists_carry_the_status_of_the_wbs():
    """Keys stay apart although full codes repeat; parents and inactive codes are marked."""
    found = (await read(make_rig(worlds.right()), facets.COST_CODES)).value
    assert len({code.key for code in found.codes}) == 50
    by_key = {code.key: code for code in found.codes}
    assert by_key["11/11007"].active is False
    assert by_key["12/12001"].code == "00-001"
    assert by_key["12/12020"].is_parent


async def test_codes_without_the_wbs_say_so():
    """A login that may not see the WBS gives codes with an unknown status, and a scope."""
    rig = make_rig(worlds.right())
    rig.systems.faults.append(always("work_breakdown", 403))
    found = await read(rig, facets.COST_CODES)
    assert {code.active for code in found.value.codes} == {None}
    assert "inactive" in found.scope


async def test_vendors_of_both_lists_are_merged_by_id():
    """An id in both lists counts once, as the list of vendors has it."""
    world = worlds.right()
    world.inactive_vendors.append(dict(world.vendors[0]))
    found = (await read(make_rig(world), facets.VENDORS)).value
    assert len(found) == 29
    assert sum(not party.active for party in found) == 6
    assert found[0].tax_id == "51824753556"


async def test_a_full_read_makes_no_call_twice():
    """Facets share the search, the user's record and the company templates."""
    rig = make_rig(worlds.right())
    snapshot = await rig.reader.read(1, facets.ALL)
    assert all(isinstance(one, Present) for one in snapshot.reads.values())
    urls = [str(request.url) for request in rig.systems.requests]
    assert len(urls) == len(set(urls))


async def test_progress_is_told_and_its_failure_is_harmless():
    """Phrases arrive for long lists; a callback that fails does not break the reading."""
    world = worlds.right()
    world.procore_cap = 5
    told: list[str] = []

    async def tell(phrase: str) -> None:
        told.append(phrase)
        raise RuntimeError("Slack is away")

    rig = make_rig(world)
    found = (await rig.reader.read(1, [facets.VENDORS], tell)).get(facets.VENDORS)
    assert isinstance(found, Present)
    assert told[0].startswith("Procore ")


async def test_a_list_that_the_wbs_leaves_out_is_no_verdict():
    """A segment list is the standard list, so one that is missing there is a contradiction."""
    rig = make_rig(worlds.right())
    only = [{"id": 11, "name": "List 11", "segment_items_count": 25}]
    rig.systems.faults.append(always("/segments/7/lists$", 200, only))
    found = (await rig.reader.read(1, [facets.COST_CODES])).get(facets.COST_CODES)
    assert isinstance(found, Failed)
    assert found.cause is Cause.INCOMPLETE


async def test_a_repeated_page_is_noticed_where_the_number_of_rows_is_right():
    """Twice the same five of ten vendors are ten rows, as Total says, and still not the list."""
    rig = make_rig(worlds.right(parties=10))
    rig.systems.page_cap, rig.systems.repeat_page = 5, True
    found = (await rig.reader.read(1, [facets.VENDORS])).get(facets.VENDORS)
    assert isinstance(found, Failed)
    assert found.cause is Cause.INCOMPLETE
    assert "twice" in found.reason
