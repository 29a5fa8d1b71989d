"""Procore's requirements, branch by branch, with the traps of its API."""

from dataclasses import replace

import pytest

from bot.domain import facets
from bot.domain.catalogue import requirement
from bot.domain.model import CheckContext, Facet, Finding, Present, System, Verdict
from bot.domain.records import (
    AccessLevel,
    CompanyAccess,
    Party,
    PermissionTemplate,
    ProcoreUser,
    ProjectAccess,
    ProjectAssignment,
    SupportUserLookup,
)
from bot.domain.reviewed import Dismissal, Reviewed
from tests.fakes.facts import (
    COMPANY_ADMIN,
    PROJECT_ADMIN,
    PROJECT_READER,
    READ_AT,
    USER,
    project,
    snapshot,
)


def judge(item: str, facet: Facet[object], value: object, **context: object) -> Finding:
    return requirement(item).check(
        snapshot({facet: value}),
        CheckContext(**context),  # type: ignore[arg-type]
    )


def support_user(**who: ProcoreUser) -> Finding:
    return judge("procore-support-user", facets.SUPPORT_USER, SupportUserLookup(**who))


def admin(access: CompanyAccess) -> Finding:
    return judge("procore-company-admin", facets.COMPANY_ACCESS, access)


def projects(access: ProjectAccess, scope: str = "") -> Finding:
    return judge(
        "procore-project-access", facets.PROJECT_ACCESS, Present(access, READ_AT, scope=scope)
    )


def vendors(*parties: Party, **context: object) -> Finding:
    return judge("procore-duplicate-vendors", facets.VENDORS, parties, **context)


# --- procore-support-user ---


def test_an_active_support_user_is_enough():
    assert support_user(active=USER).verdict is Verdict.MET


def test_an_inactive_support_user_is_said_to_be_inactive_and_how_to_mend_it():
    finding = support_user(inactive=replace(USER, is_active=False))
    assert finding.verdict is Verdict.UNMET
    assert "inactive" in finding.summary
    assert finding.remedy.startswith("Reactivate")
    assert finding.evidence[0].ref == USER.id


def test_an_active_user_counts_although_an_inactive_one_has_the_address_too():
    assert support_user(active=USER, inactive=USER).verdict is Verdict.MET


def test_nobody_with_the_address_is_said_to_be_missing():
    finding = support_user()
    assert finding.verdict is Verdict.UNMET
    assert "isn't in your Procore company directory" in finding.summary
    assert not finding.evidence


# --- procore-company-admin ---


def test_a_template_with_admin_on_the_directory_tool_is_the_proof():
    finding = admin(CompanyAccess(USER, COMPANY_ADMIN))
    assert finding.verdict is Verdict.MET
    assert '"Company admin"' in finding.summary


@pytest.mark.parametrize(
    ("level", "name"), [(1, "None"), (2, "Read Only"), (3, "Standard"), (9, "level 9")]
)
def test_a_template_with_less_than_admin_is_unmet_and_says_what_it_gives(level: int, name: str):
    finding = admin(CompanyAccess(USER, PermissionTemplate("7", "Site", {"directory": level})))
    assert finding.verdict is Verdict.UNMET
    assert name in finding.summary
    assert name in finding.evidence[0].detail


def test_admin_on_other_tools_is_no_company_admin():
    levels = {"directory": AccessLevel.STANDARD, "admin": AccessLevel.ADMIN}
    assert admin(CompanyAccess(USER, PermissionTemplate("7", "x", levels))).verdict is Verdict.UNMET


def test_a_template_that_does_not_name_the_directory_is_unknown():
    finding = admin(CompanyAccess(USER, PermissionTemplate("7", "Odd", {"admin": 4})))
    assert finding.verdict is Verdict.UNKNOWN
    assert '"Odd"' in finding.summary
    assert "Two ways" in finding.remedy


def test_rights_set_one_by_one_are_unknown_with_the_two_ways_to_prove_it():
    finding = admin(CompanyAccess(USER))
    assert finding.verdict is Verdict.UNKNOWN
    assert "one by one" in finding.summary
    assert "Two ways" in finding.remedy


def test_a_template_that_this_login_may_not_read_is_unknown_and_not_a_failure_of_the_customer():
    hidden = "Procore answered 403 when we asked for the template."
    finding = admin(CompanyAccess(USER, template_hidden=hidden))
    assert (finding.verdict, finding.summary) == (Verdict.UNKNOWN, hidden)
    assert not finding.outage


def test_the_support_users_own_sign_in_is_proof_without_any_template():
    finding = admin(CompanyAccess(USER, signed_in_directory_level=AccessLevel.ADMIN))
    assert finding.verdict is Verdict.MET
    assert "signed in" in finding.summary


def test_the_support_users_own_sign_in_outweighs_a_hidden_template():
    access = CompanyAccess(USER, template_hidden="403", signed_in_directory_level=4)
    assert admin(access).verdict is Verdict.MET


def test_the_support_users_own_sign_in_can_prove_the_contrary():
    access = CompanyAccess(USER, COMPANY_ADMIN, signed_in_directory_level=AccessLevel.READ_ONLY)
    finding = admin(access)
    assert finding.verdict is Verdict.UNMET
    assert "Read Only" in finding.summary


def test_without_an_active_user_nobody_has_the_rights_yet():
    finding = admin(CompanyAccess(None, COMPANY_ADMIN, signed_in_directory_level=4))
    assert finding.verdict is Verdict.UNMET
    assert finding.remedy == "Add the support user first."


# --- procore-project-access ---

GOOD = ProjectAccess(USER, (project(1), project(2)), (PROJECT_ADMIN, PROJECT_READER))


def test_admin_on_all_projects_and_on_new_ones_is_met_and_states_its_scope():
    finding = projects(GOOD)
    assert finding.verdict is Verdict.MET
    assert "2 active projects" in finding.summary
    assert "that this login can see" in finding.scope


def test_the_scope_that_the_reader_reports_is_kept():
    assert projects(GOOD, "Only 3 permitted projects.").scope == "Only 3 permitted projects."


def test_a_project_without_the_user_is_unmet_and_named():
    missing = project(3, "", is_assigned=False)
    finding = projects(replace(GOOD, assignments=(*GOOD.assignments, missing)))
    assert finding.verdict is Verdict.UNMET
    assert "Not admin on 1 of 3 active projects" in finding.summary
    assert [(row.subject, row.detail) for row in finding.evidence] == [
        ("Project 3", "not on this project")
    ]


def test_a_project_with_a_weaker_template_is_unmet():
    access = replace(GOOD, assignments=(project(1, "Reader"),), company_admin=False)
    finding = projects(access)
    assert finding.verdict is Verdict.UNMET
    assert finding.evidence[0].detail == "template Reader"


def test_a_weaker_template_is_unclear_while_company_rights_are_unknown():
    """A company administrator acts as one inside projects, whatever the project's template."""
    access = replace(GOOD, assignments=(project(1, "Reader"),), company_admin=None)
    assert projects(access).verdict is Verdict.UNKNOWN


def test_inactive_projects_do_not_count():
    closed = project(3, "", active=False, is_assigned=False)
    assert projects(replace(GOOD, assignments=(*GOOD.assignments, closed))).verdict is Verdict.MET


@pytest.mark.parametrize(
    "assignment", [project(1, ""), project(1, "A template that is not listed")], ids=["none", "new"]
)
def test_a_template_that_cannot_be_seen_is_unknown(assignment: ProjectAssignment):
    finding = projects(replace(GOOD, assignments=(assignment, project(2))))
    assert finding.verdict is Verdict.UNKNOWN
    assert [row.ref for row in finding.evidence] == ["1"]


def test_a_template_without_the_directory_key_is_unknown():
    silent = PermissionTemplate("14", "Silent", {"drawings": 4})
    access = replace(GOOD, assignments=(project(1, "Silent"),), templates=(silent, PROJECT_ADMIN))
    assert projects(access).verdict is Verdict.UNKNOWN


def test_two_templates_of_one_name_that_disagree_are_unknown():
    twin = replace(PROJECT_READER, id="15", name="Project admin")
    assert projects(replace(GOOD, templates=(PROJECT_ADMIN, twin))).verdict is Verdict.UNKNOWN


def test_two_templates_of_one_name_that_agree_are_as_good_as_one():
    twin = replace(PROJECT_ADMIN, id="15")
    assert projects(replace(GOOD, templates=(PROJECT_ADMIN, twin))).verdict is Verdict.MET


def test_a_company_administrator_needs_no_template_on_the_projects_it_is_on():
    access = replace(GOOD, assignments=(project(1, ""),), company_admin=True)
    assert projects(access).verdict is Verdict.MET


def test_a_company_administrator_that_is_not_on_a_project_is_still_missing_there():
    missing = project(1, "", is_assigned=False)
    access = replace(GOOD, assignments=(missing,), company_admin=True)
    assert projects(access).verdict is Verdict.UNMET


def test_one_missing_project_is_unmet_although_another_is_unclear():
    access = replace(GOOD, assignments=(project(1, ""), project(2, "Reader")), company_admin=False)
    finding = projects(access)
    assert finding.verdict is Verdict.UNMET
    assert [row.ref for row in finding.evidence] == ["2"]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"add_to_new_projects": False}, Verdict.UNMET),
        ({"add_to_new_projects": None}, Verdict.UNKNOWN),
        ({"default_project_template_id": None}, Verdict.UNKNOWN),
        ({"default_project_template_id": "99"}, Verdict.UNKNOWN),
        ({"default_project_template_id": "13"}, Verdict.UNMET),
    ],
)
def test_new_projects_count_too(changes: dict[str, object], verdict: Verdict):
    finding = projects(replace(GOOD, user=replace(USER, **changes)))
    assert finding.verdict is verdict
    assert "new projects" in finding.summary


def test_a_company_administrator_needs_no_default_template_for_new_projects():
    user = replace(USER, default_project_template_id=None)
    access = replace(GOOD, user=user, company_admin=True)
    assert projects(access).verdict is Verdict.MET


def test_a_login_that_sees_no_project_proves_nothing():
    finding = projects(replace(GOOD, assignments=()))
    assert finding.verdict is Verdict.UNKNOWN
    assert "can't see any active project" in finding.summary


def test_project_access_without_a_user_says_so():
    finding = projects(ProjectAccess(None, (project(1),), (PROJECT_ADMIN,)))
    assert finding.verdict is Verdict.UNMET
    assert finding.remedy == "Add the support user first."


# --- procore-duplicate-vendors ---

TWINS = (Party("1", "Star Framing"), Party("2", "star  framing"), Party("3", "Acme Steel"))


def test_two_vendors_of_one_name_are_a_group_with_names_and_reasons():
    finding = vendors(*TWINS)
    assert finding.verdict is Verdict.UNMET
    assert "1 group of likely duplicate vendors in Procore" in finding.summary
    assert finding.counts["groups"] == 1
    assert set(finding.evidence[0].ref.split("|")) == {"1", "2"}
    assert "Keep" in finding.evidence[0].detail
    assert "can't be undone" in finding.remedy


def said_apart(*names: str) -> Reviewed:
    return Reviewed((Dismissal("1", "2", *names, "U1", READ_AT),))


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("Star Framing", "star  framing", Verdict.MET),
        (" STAR framing ", "Star Framing", Verdict.MET),
        ("Star Framing", "Star Framing (NSW)", Verdict.UNMET),
        ("Star Frames", "star  framing", Verdict.UNMET),
        ("", "", Verdict.MET),
    ],
)
def test_not_a_duplicate_is_remembered_until_a_name_changes(
    first: str, second: str, verdict: Verdict
):
    """Case and spaces are no other name; rows from before names were stored hold."""
    reviewed = {System.PROCORE: said_apart(first, second)}
    assert vendors(*TWINS, reviewed=reviewed).verdict is verdict


def test_not_a_duplicate_is_remembered_on_the_records_and_not_on_the_name():
    others = (Party("1", "Star Framing"), Party("4", "Star Framing"))
    reviewed = {System.PROCORE: said_apart("Star Framing", "Star Framing")}
    assert vendors(*others, reviewed=reviewed).verdict is Verdict.UNMET


def test_the_evidence_names_the_record_that_a_person_keeps():
    for kept, said in ((set(), 'Keep "Star Framing";'), ({"2"}, 'Keep "star  framing", as a per')):
        finding = vendors(*TWINS, reviewed={System.PROCORE: Reviewed(kept=frozenset(kept))})
        assert said in f"{finding.evidence[0].detail};"


def test_what_blocks_the_merge_stands_in_the_evidence():
    blocked = replace(TWINS[0], blockers=("shared bid package",))
    assert "shared bid package" in vendors(blocked, TWINS[1]).evidence[0].detail


@pytest.mark.parametrize("name", ["", " — "])
def test_a_vendor_without_a_name_may_be_anybodys_and_is_no_proof(name: str):
    """Procore's document promises a name; a record that has none could not be compared."""
    known = Party("1", "ABC Plumbing Pty Ltd", tax_id="53 004 085 616")
    nameless = Party("2", name, tax_id="53 004 085 616")
    finding = vendors(known, nameless)
    assert finding.verdict is Verdict.UNKNOWN
    assert "1 vendor in Procore has no name to compare" in finding.summary
    assert [row.ref for row in finding.evidence] == ["2"]
    assert vendors(known, replace(nameless, active=False)).verdict is Verdict.MET
    twin = Party("3", "A.B.C. Plumbing P/L", tax_id="53 004 085 616")
    assert vendors(known, nameless, twin).verdict is Verdict.UNMET


def test_a_company_without_vendors_has_no_duplicates():
    assert vendors().verdict is Verdict.MET
