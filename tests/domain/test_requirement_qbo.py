"""QuickBooks' requirements and the hand-off, branch by branch, with the traps of its API."""

from dataclasses import replace

import pytest

from bot.domain import facets
from bot.domain.catalogue import requirement
from bot.domain.model import (
    Cause,
    CheckContext,
    Failed,
    Finding,
    Handover,
    MappingMode,
    Present,
    Snapshot,
    System,
    Verdict,
)
from bot.domain.records import Accounts, CostCode, Identity, Party, Target, TargetKind
from bot.domain.reviewed import Dismissal, Reviewed
from tests.fakes.facts import READ_AT, SUPPORT, account, code, codes, healthy, snapshot

BOTH = ["qbo-support-user", "qbo-company-admin"]


def authorised_by(item: str, identity: Identity) -> Finding:
    return requirement(item).check(snapshot({facets.AUTHORISER: identity}), CheckContext())


# --- qbo-support-user and qbo-company-admin ---


@pytest.mark.parametrize("item", BOTH)
def test_the_support_users_own_authorisation_is_the_proof(item: str):
    assert authorised_by(item, SUPPORT).verdict is Verdict.MET


@pytest.mark.parametrize("item", BOTH)
@pytest.mark.parametrize(
    "changes",
    [{"email": " Support@Interfy.COM.au "}, {"given_name": "interfy", "family_name": "SUPPORT"}],
)
def test_case_and_blanks_do_not_make_another_identity(item: str, changes: dict[str, str]):
    assert authorised_by(item, replace(SUPPORT, **changes)).verdict is Verdict.MET


@pytest.mark.parametrize("item", BOTH)
def test_another_authoriser_leaves_it_unknown_and_never_unmet(item: str):
    for email in (
        "dana@acme.example",
        "support@interfy.com",
        "support@interfy.com.au.example",
        "xsupport@interfy.com.au",
        "support+qbo@interfy.com.au",
        "",
    ):
        finding = authorised_by(item, Identity("s", email, True, "Dana", "Lee"))
        assert finding.verdict is Verdict.UNKNOWN, email
        assert "Dana connected it" in finding.summary, email
        assert "Manage users" in finding.remedy, email
        assert not finding.outage, email


@pytest.mark.parametrize("item", BOTH)
def test_an_unverified_address_proves_nothing(item: str):
    finding = authorised_by(item, replace(SUPPORT, email_verified=False))
    assert finding.verdict is Verdict.UNKNOWN
    assert "hasn't verified" in finding.summary


@pytest.mark.parametrize("item", BOTH)
def test_the_right_address_under_another_name_is_unknown(item: str):
    for given, family in (("Dana", "Lee"), ("Interfy", ""), ("", ""), ("Support", "Interfy")):
        finding = authorised_by(item, replace(SUPPORT, given_name=given, family_name=family))
        assert finding.verdict is Verdict.UNKNOWN, (given, family)
        assert "Interfy Support" in finding.summary, (given, family)


def test_a_nameless_stranger_is_called_somebody_else():
    finding = authorised_by("qbo-support-user", Identity("s", "x@example.com", True))
    assert "Somebody else connected it" in finding.summary


def test_a_nameless_support_identity_is_not_shown_with_an_empty_name():
    finding = authorised_by("qbo-support-user", Identity("s", SUPPORT.email, True))
    assert '""' not in finding.summary


def test_the_manual_step_names_the_user_as_quickbooks_shows_it():
    finding = authorised_by("qbo-support-user", Identity("s", "x@example.com", True))
    assert "OneCore Connect Support" in finding.remedy


# --- cost-code-coverage ---


def coverage(
    rows: tuple[CostCode, ...],
    targets: tuple[Target, ...] = (),
    items: tuple[Target, ...] = (),
    scope: str = "",
    **context: object,
) -> Finding:
    facts = {
        facets.COST_CODES: Present(codes(*rows), READ_AT, scope),
        facets.ACCOUNTS: Accounts(targets),
        facets.ITEMS: items,
    }
    return requirement("cost-code-coverage").check(
        snapshot(facts),
        CheckContext(**context),  # type: ignore[arg-type]
    )


FOOTINGS = code("03-300", "Footings")
CHART = (account("03-300", "Footings"),)


def test_every_code_with_its_account_is_met_with_counts():
    finding = coverage((FOOTINGS,), CHART, scope="1 list")
    assert finding.verdict is Verdict.MET
    assert (finding.counts["total"], finding.counts["matched"]) == (1, 1)
    assert finding.scope == "1 list"
    assert finding.summary == "The one cost code has a QuickBooks account or item."
    both = coverage((FOOTINGS, code("03-310", "Slabs")), (*CHART, account("03-310", "Slabs")))
    assert both.summary == "All 2 cost codes have a QuickBooks account or item."


def test_no_cost_codes_at_all_is_unknown_and_not_all_done():
    finding = coverage((), CHART)
    assert finding.verdict is Verdict.UNKNOWN
    assert "no standard cost codes" in finding.summary
    assert not finding.outage


def test_an_unmatched_code_that_may_be_inactive_is_unknown_and_never_unmet():
    """Without the work breakdown structure Procore doesn't say which codes are inactive."""
    hidden = replace(code("09-900", "Painting"), active=None)
    finding = coverage((FOOTINGS, hidden), CHART)
    assert finding.verdict is Verdict.UNKNOWN
    assert "which codes are inactive" in finding.summary
    assert [row.subject for row in finding.evidence] == ["09-900 Painting"]


def test_one_active_unmatched_code_is_unmet_whatever_the_others_are():
    hidden = replace(code("09-900", "Painting"), active=None)
    assert coverage((code("05-100", "Steel"), hidden), CHART).verdict is Verdict.UNMET


def test_divisions_alone_are_no_cost_codes():
    assert coverage((code("03", "Concrete", is_parent=True),), CHART).verdict is Verdict.UNKNOWN


def test_a_code_without_a_target_is_unmet_with_a_row_of_evidence():
    finding = coverage((FOOTINGS, code("26-100", "Switchboards")), CHART)
    assert finding.verdict is Verdict.UNMET
    assert finding.summary.startswith("1 of 2 cost codes matched")
    assert "has no target" in finding.summary
    assert [(row.subject, row.ref) for row in finding.evidence] == [
        ("26-100 Switchboards", "1/26-100")
    ]
    assert "Re-check" in finding.remedy


def test_an_equal_number_with_another_name_is_a_question_and_never_a_match():
    finding = coverage((FOOTINGS,), (account("03300", "Cast-in-Place Concrete"),))
    assert finding.verdict is Verdict.UNMET
    assert finding.counts["conflicts"] == 1
    assert "needs your decision" in finding.summary


def test_an_inactive_account_is_named_as_inactive():
    finding = coverage((FOOTINGS,), (account("03-300", "Footings", active=False),))
    assert finding.verdict is Verdict.UNMET
    assert "1 inactive" in finding.summary


def test_an_item_without_an_expense_account_is_named_so():
    item = Target(
        TargetKind.ITEM,
        "1",
        "Footings",
        number="03-300",
        type="Service",
        has_expense_account=False,
    )
    finding = coverage((FOOTINGS,), items=(item,))
    assert finding.verdict is Verdict.UNMET
    assert "1 item without an expense account" in finding.summary


def test_a_persons_choice_makes_a_match_and_is_broken_when_its_target_goes():
    chosen = {FOOTINGS.key: "account/600"}
    target = account("", "Materials - Concrete", full_name="Materials - Concrete")
    target = replace(target, id="600")
    assert coverage((FOOTINGS,), (target,), choices=chosen).verdict is Verdict.MET
    gone = coverage((FOOTINGS,), (), choices=chosen)
    assert gone.verdict is Verdict.UNMET
    assert gone.counts["invalid_choice"] == 1


@pytest.mark.parametrize(
    ("mode", "failing", "verdict"),
    [
        (MappingMode.EITHER, facets.ITEMS, Verdict.UNKNOWN),
        (MappingMode.EITHER, facets.ACCOUNTS, Verdict.UNKNOWN),
        (MappingMode.ACCOUNT, facets.ITEMS, Verdict.MET),
        (MappingMode.ACCOUNT, facets.ACCOUNTS, Verdict.UNKNOWN),
        (MappingMode.ITEM, facets.ACCOUNTS, Verdict.UNMET),
        (MappingMode.ITEM, facets.ITEMS, Verdict.UNKNOWN),
    ],
)
def test_only_the_lists_that_the_mode_uses_must_be_read(
    mode: MappingMode, failing: object, verdict: Verdict
):
    facts = healthy() | {failing: Failed("Not now.", Cause.RATE_LIMITED)}
    finding = requirement("cost-code-coverage").check(snapshot(facts), CheckContext(mode=mode))
    assert finding.verdict is verdict


# --- qbo-duplicate-customers ---


def customers(*parties: Party, **context: object) -> Finding:
    return requirement("qbo-duplicate-customers").check(
        snapshot({facets.CUSTOMERS: parties}),
        CheckContext(**context),  # type: ignore[arg-type]
    )


def test_two_customers_of_one_name_are_a_group():
    finding = customers(Party("1", "Bondi Hotel"), Party("2", "BONDI HOTEL"))
    assert finding.verdict is Verdict.UNMET
    assert "QuickBooks" in finding.summary


def test_not_a_duplicate_customer_is_remembered_apart_from_vendors():
    twins = (Party("1", "Bondi Hotel"), Party("2", "BONDI HOTEL"))
    said = Reviewed((Dismissal("1", "2", "Bondi Hotel", "BONDI HOTEL", "U1", READ_AT),))
    assert customers(*twins, reviewed={System.QBO: said}).verdict is Verdict.MET
    assert customers(*twins, reviewed={System.PROCORE: said}).verdict is Verdict.UNMET


def test_a_job_is_no_duplicate_of_its_customer():
    job = Party("2", "Bondi Hotel", parent_id="1", is_job=True)
    assert customers(Party("1", "Bondi Hotel"), job).verdict is Verdict.MET


# --- contact-support ---


def contact(handover: Handover | None) -> Finding:
    return requirement("contact-support").check(Snapshot(), CheckContext(handover=handover))


def test_contact_support_follows_the_hand_off():
    assert contact(None).verdict is Verdict.UNMET
    sent = Handover("UCASEY", READ_AT)
    assert contact(sent).verdict is Verdict.MET
    accepted = contact(replace(sent, accepted_by="USTAFF", accepted_at=READ_AT))
    assert accepted.verdict is Verdict.MET
    assert "accepted" in accepted.summary
