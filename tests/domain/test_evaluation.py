"""From findings and people's decisions to statuses and the gate."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import facets
from bot.domain.catalogue import catalogue, requirement
from bot.domain.evaluate import Judgements, make_report, run_checks, succeed
from bot.domain.model import (
    Assignment,
    Attestation,
    Cause,
    CheckContext,
    Failed,
    Finding,
    Gate,
    Grade,
    Present,
    Report,
    Snapshot,
    StatusKind,
    Verdict,
    Waiver,
)
from bot.domain.reminders import local_day
from tests.fakes.facts import healthy, snapshot

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(hours=1), NOON + timedelta(hours=1)

MET = Finding(Verdict.MET, "Fine.", checked_at=NOON)
UNMET = Finding(Verdict.UNMET, "Not so.", checked_at=NOON)
UNKNOWN = Finding(Verdict.UNKNOWN, "Can't tell.", checked_at=NOON)
OUTAGE = replace(UNKNOWN, cause=Cause.UNREACHABLE)
REFUTED = replace(OUTAGE, unmet_at=NOON)


@dataclass(frozen=True)
class Item:
    """What is known of one requirement."""

    finding: Finding | None = None
    attested_at: datetime | None = None
    waived_until: date | None = None
    waived: bool = False

    @property
    def kind(self) -> StatusKind:
        """DESIGN's words once more, written out apart from the product."""
        verdict = self.finding.verdict if self.finding else None
        if verdict is Verdict.MET:
            return StatusKind.VERIFIED
        if self.waived and (self.waived_until is None or self.waived_until >= TODAY):
            return StatusKind.WAIVED
        if verdict is Verdict.UNMET:
            return StatusKind.UNMET
        proved_wrong = self.finding.unmet_at if self.finding else None
        if self.attested_at and (proved_wrong is None or self.attested_at > proved_wrong):
            return StatusKind.ATTESTED
        return StatusKind.UNKNOWN if self.finding else StatusKind.NOT_CHECKED


KINDS = [
    Item(*one)
    for one in product(
        [None, MET, UNMET, UNKNOWN, OUTAGE, REFUTED],
        [None, BEFORE, AFTER],
        [None, TODAY - timedelta(1), TODAY, TODAY + timedelta(1)],
        [False, True],
    )
]
"""Every kind of item there is: one draw for each, and not one for each of its fields."""
items = st.sampled_from(KINDS)
customers = st.fixed_dictionaries({known.id: items for known in catalogue()})
MET_KINDS = {StatusKind.VERIFIED, StatusKind.ATTESTED, StatusKind.WAIVED}


def report_of(customer: dict[str, Item]) -> Report:
    findings = {i: item.finding for i, item in customer.items() if item.finding is not None}
    attestations = {
        i: Attestation("UCASEY", item.attested_at)
        for i, item in customer.items()
        if item.attested_at
    }
    waivers = {
        i: Waiver("USTAFF", NOON, "fine", item.waived_until)
        for i, item in customer.items()
        if item.waived
    }
    return make_report(findings, Judgements(attestations, waivers), TODAY)


def expected_gate(customer: dict[str, Item]) -> Gate:
    kinds = {
        grade: [customer[known.id].kind for known in catalogue() if known.grade is grade]
        for grade in Grade
    }
    required, recommended = kinds[Grade.REQUIRED], kinds[Grade.RECOMMENDED]
    if StatusKind.UNMET in required:
        return Gate.NOT_READY
    if not MET_KINDS.issuperset(required):
        return Gate.CANNOT_TELL
    return Gate.READY if MET_KINDS.issuperset(recommended) else Gate.READY_WITH_RISKS


def what_is_open(customer: dict[str, Item], report: Report) -> None:
    open_ids = {s.requirement.id for s in report.open_items}
    assert open_ids == {
        known.id
        for known in catalogue()
        if known.grade in (Grade.REQUIRED, Grade.RECOMMENDED)
        and customer[known.id].kind not in MET_KINDS
    }
    required = [known.id for known in catalogue() if known.grade is Grade.REQUIRED]
    assert report.required_total == len(required) == 5
    assert report.required_met == sum(customer[i].kind in MET_KINDS for i in required)


def what_is_overruled(report: Report) -> None:
    for status in report.statuses:
        if status.overruled:
            assert status.attestation is not None
            assert status.kind in (StatusKind.UNMET, StatusKind.UNKNOWN)
        elif status.attestation is not None:
            assert status.counts_as_met


@given(customers)
def test_statuses_gate_and_what_is_open_follow_the_design(customer: dict[str, Item]):
    """What is open is required or recommended and not met; overruled is a refuted word only."""
    report = report_of(customer)
    assert {s.requirement.id: s.kind for s in report.statuses} == {
        i: item.kind for i, item in customer.items()
    }
    assert report.gate is expected_gate(customer)
    what_is_open(customer, report)
    what_is_overruled(report)


@given(customers, items, items)
def test_optional_items_and_the_hand_off_never_move_the_gate(
    customer: dict[str, Item], optional: Item, hand_off: Item
):
    other = customer | {"procore-project-access": optional, "contact-support": hand_off}
    assert report_of(other).gate is report_of(customer).gate


@given(customers, st.sets(st.sampled_from([known.id for known in catalogue()])))
def test_an_outage_never_opens_the_gate(customer: dict[str, Item], dark: set[str]):
    """A word given after the last proof of the contrary may count; nothing else may."""
    assume(not any(customer[i].finding is UNMET and customer[i].attested_at == AFTER for i in dark))
    after = {
        i: replace(item, finding=succeed(item.finding, OUTAGE)) if i in dark else item
        for i, item in customer.items()
    }
    assert report_of(customer).gate.is_open or not report_of(after).gate.is_open


def test_a_word_given_after_the_proof_counts_again_when_nobody_can_read():
    kinds = {
        at: report_of({"qbo-support-user": Item(REFUTED, at)}).status("qbo-support-user").kind
        for at in (BEFORE, NOON, AFTER)
    }
    assert kinds == {
        BEFORE: StatusKind.UNKNOWN,
        NOON: StatusKind.UNKNOWN,
        AFTER: StatusKind.ATTESTED,
    }


@pytest.mark.parametrize(
    ("stored", "fresh", "unmet_at"),
    [
        (None, OUTAGE, None),
        (MET, OUTAGE, None),
        (UNMET, OUTAGE, NOON),
        (REFUTED, OUTAGE, NOON),
        (REFUTED, UNKNOWN, NOON),
        (UNMET, MET, None),
        (REFUTED, MET, None),
        (REFUTED, UNMET, None),
    ],
)
def test_a_proof_of_the_contrary_is_remembered_through_outages_until_it_is_met(
    stored: Finding | None, fresh: Finding, unmet_at: datetime | None
):
    kept = succeed(stored, fresh)
    assert kept == replace(fresh, unmet_at=unmet_at)


@pytest.mark.parametrize(
    ("timezone", "moment", "kind"),
    [
        ("Australia/Sydney", datetime(2026, 11, 30, 12, 59, tzinfo=UTC), StatusKind.WAIVED),
        ("Australia/Sydney", datetime(2026, 11, 30, 13, 0, tzinfo=UTC), StatusKind.UNMET),
        ("America/Los_Angeles", datetime(2026, 12, 1, 7, 59, tzinfo=UTC), StatusKind.WAIVED),
        ("America/Los_Angeles", datetime(2026, 12, 1, 8, 0, tzinfo=UTC), StatusKind.UNMET),
    ],
)
def test_a_waiver_ends_with_its_last_day_on_the_customers_own_calendar(
    timezone: str, moment: datetime, kind: StatusKind
):
    waiver = Waiver("USTAFF", NOON, "merging next week", date(2026, 11, 30))
    item = "procore-duplicate-vendors"
    report = make_report(
        {item: UNMET}, Judgements(waivers={item: waiver}), local_day(moment, timezone)
    )
    assert report.status(item).kind is kind
    assert (report.status(item).waiver is None) is (kind is StatusKind.UNMET)


def test_owner_and_due_date_are_shown_with_the_status():
    due = Assignment("UCASEY", date(2026, 11, 27))
    report = make_report({}, Judgements(assignments={"cost-code-coverage": due}), TODAY)
    assert report.status("cost-code-coverage").assignment == due
    assert report.status("qbo-support-user").assignment == Assignment()


def test_a_customer_that_was_never_checked_cannot_be_told():
    report = make_report({}, Judgements(), TODAY)
    assert report.gate is Gate.CANNOT_TELL
    assert report.checked_at is None
    assert {s.kind for s in report.statuses} == {StatusKind.NOT_CHECKED}
    with pytest.raises(KeyError):
        report.status("no-such-item")


def test_a_report_is_as_new_as_its_newest_finding():
    findings = {"qbo-support-user": MET, "qbo-company-admin": replace(MET, checked_at=BEFORE)}
    assert make_report(findings, Judgements(), TODAY).checked_at == NOON


def test_a_finding_is_dated_by_the_oldest_fact_it_rests_on():
    facts: dict[object, object] = dict(healthy())
    facts[facets.ACCOUNTS] = Present(facts[facets.ACCOUNTS], BEFORE)
    for facet in (facets.COST_CODES, facets.ITEMS):
        facts[facet] = Present(facts[facet], NOON)
    found = run_checks(catalogue(), snapshot(facts), CheckContext(), AFTER)
    assert found["cost-code-coverage"].checked_at == BEFORE
    assert found["contact-support"].checked_at == AFTER


def test_a_finding_without_any_fact_is_dated_by_the_check():
    wanted = [requirement("qbo-support-user")]
    facts = Snapshot({facets.AUTHORISER.name: Failed("No.", Cause.UNREACHABLE, read_at=BEFORE)})
    assert run_checks(wanted, facts, CheckContext(), NOON)["qbo-support-user"].checked_at == NOON


def test_only_what_was_wanted_is_checked():
    wanted = [requirement("procore-support-user")]
    assert set(run_checks(wanted, Snapshot(), CheckContext(), NOON)) == {"procore-support-user"}
