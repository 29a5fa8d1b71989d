"""Whether a reminder is sent, held back or skipped, and about what."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import catalogue
from bot.domain.customer import Customer, Stuck
from bot.domain.evaluate import Judgements, make_report
from bot.domain.lifecycle import Stage
from bot.domain.model import (
    FOR_A_PERSON,
    Attestation,
    Cause,
    Finding,
    Gate,
    Grade,
    Report,
    StatusKind,
)
from bot.domain.model import Verdict as Found
from bot.domain.reminders import (
    LADDER,
    MAX_SNOOZE_DAYS,
    Decision,
    Ladder,
    PolicyError,
    Step,
    Verdict,
    decide,
    snooze_until,
    wants_reminders,
)
from tests.fakes.clock import MONDAY, no_holidays

ACME = Customer(1, "acme", "Acme", Stage.PREPARING, MONDAY, MONDAY)
TODAY = date(2026, 11, 23)
STUCK = Stuck("UCASEY", MONDAY, "no idea")

MET = Finding(Found.MET, "Fine.", checked_at=MONDAY)
UNMET = Finding(Found.UNMET, "Not so.", checked_at=MONDAY)
BY_HAND = Finding(Found.UNKNOWN, "Can't see it.", checked_at=MONDAY)
OUTAGE = replace(BY_HAND, cause=Cause.SERVER_ERROR)
NOT_CONNECTED = replace(BY_HAND, cause=Cause.NOT_CONNECTED)


def report(judgements: Judgements | None = None, **findings: Finding | None) -> Report:
    """All met, except what is named (with underscores); None: not checked."""
    every: dict[str, Finding | None] = {known.id: MET for known in catalogue()}
    every |= {name.replace("_", "-"): finding for name, finding in findings.items()}
    kept = {item: finding for item, finding in every.items() if finding is not None}
    return make_report(kept, judgements or Judgements(), TODAY)


def at_nine(customer: Customer, what: Report) -> Decision:
    return decide(customer, what, MONDAY, no_holidays)


@pytest.mark.parametrize(
    ("findings", "verdict", "items"),
    [
        ({}, Verdict.SEND, []),
        ({"cost_code_coverage": UNMET}, Verdict.SEND, ["cost-code-coverage"]),
        ({"qbo_support_user": BY_HAND}, Verdict.SEND, ["qbo-support-user"]),
        ({"qbo_support_user": NOT_CONNECTED}, Verdict.SEND, ["qbo-support-user"]),
        ({"qbo_support_user": OUTAGE}, Verdict.HOLD, ["qbo-support-user"]),
        ({"qbo_support_user": None}, Verdict.HOLD, ["qbo-support-user"]),
        (
            {"qbo_support_user": OUTAGE, "cost_code_coverage": UNMET},
            Verdict.SEND,
            ["cost-code-coverage"],
        ),
        ({"procore_duplicate_vendors": UNMET}, Verdict.SEND, ["procore-duplicate-vendors"]),
        ({"procore_duplicate_vendors": OUTAGE}, Verdict.SEND, []),
        ({"procore_project_access": UNMET, "contact_support": UNMET}, Verdict.SEND, []),
        (
            {"qbo_support_user": OUTAGE, "procore_duplicate_vendors": UNMET},
            Verdict.SEND,
            ["procore-duplicate-vendors"],
        ),
    ],
)
def test_what_is_reminded_of(findings: dict[str, Finding], verdict: Verdict, items: list[str]):
    decision = at_nine(ACME, report(**findings))
    assert decision.verdict is verdict
    assert [status.requirement.id for status in decision.items] == items
    assert decision.why


def test_a_person_who_marked_an_item_as_done_is_not_nagged_about_it():
    word = Judgements({"qbo-support-user": Attestation("UCASEY", MONDAY)})
    decision = at_nine(ACME, report(word, qbo_support_user=BY_HAND, cost_code_coverage=UNMET))
    assert [status.requirement.id for status in decision.items] == ["cost-code-coverage"]


findings = st.sampled_from([None, MET, UNMET, BY_HAND, OUTAGE, NOT_CONNECTED])


@given(st.fixed_dictionaries({known.id: findings for known in catalogue()}))
def test_nobody_is_nagged_on_the_strength_of_our_own_outage(known: dict[str, Finding | None]):
    what = report(**{item.replace("-", "_"): finding for item, finding in known.items()})
    decision = at_nine(ACME, what)
    for status in decision.items if decision.verdict is Verdict.SEND else ():
        assert status.requirement.grade in (Grade.REQUIRED, Grade.RECOMMENDED)
        assert status.is_open
        assert status.finding is not None
        assert not status.finding.outage
    actionable = any(
        s.kind is StatusKind.UNMET or (s.finding is not None and not s.finding.outage)
        for s in what.open_items
    )
    if not actionable:
        expected = Verdict.SEND if what.gate.is_open else Verdict.HOLD
        assert decision.verdict is expected
    assert (what.gate is Gate.CANNOT_TELL) or decision.verdict is Verdict.SEND


def test_a_cause_that_the_customer_can_mend_is_worth_a_reminder():
    for cause in Cause:
        decision = at_nine(ACME, report(qbo_support_user=replace(BY_HAND, cause=cause)))
        expected = Verdict.SEND if cause in FOR_A_PERSON else Verdict.HOLD
        assert decision.verdict is expected, cause


def test_reminders_rest_unless_preparing_or_ready_switched_on_and_not_stuck():
    what = report(cost_code_coverage=UNMET)
    for stage, on, stuck in product(Stage, (True, False), (None, STUCK)):
        customer = replace(ACME, stage=stage, reminders_on=on, stuck=stuck)
        wanted = stage in (Stage.PREPARING, Stage.READY) and on and stuck is None
        assert wants_reminders(customer) is wanted, (stage, on, stuck)
        sent = at_nine(customer, what).verdict is Verdict.SEND
        assert sent is wanted, (stage, on, stuck)


@pytest.mark.parametrize(
    ("until", "verdict"),
    [
        (None, Verdict.SEND),
        (TODAY - timedelta(1), Verdict.SEND),
        (TODAY, Verdict.SEND),
        (TODAY + timedelta(1), Verdict.SKIP),
    ],
)
def test_a_snooze_ends_on_the_day_it_names(until: date | None, verdict: Verdict):
    customer = replace(ACME, snoozed_until=until)
    assert at_nine(customer, report(cost_code_coverage=UNMET)).verdict is verdict


def test_public_holidays_are_respected():
    what = report(cost_code_coverage=UNMET)
    assert decide(ACME, what, MONDAY, lambda day: day == TODAY).verdict is Verdict.SKIP


@pytest.mark.parametrize(
    ("local", "verdict"),
    [
        ("08:59", Verdict.SKIP),
        ("09:00", Verdict.SEND),
        ("17:00", Verdict.SEND),
        ("17:01", Verdict.SKIP),
        ("23:00", Verdict.SKIP),
    ],
)
def test_a_missed_reminder_is_caught_up_during_the_day_only(local: str, verdict: Verdict):
    hours, minutes = map(int, local.split(":"))
    now = MONDAY + timedelta(hours=hours - 9, minutes=minutes)
    assert decide(ACME, report(cost_code_coverage=UNMET), now, no_holidays).verdict is verdict


@pytest.mark.parametrize(
    ("at", "last"), [(9, "17:00"), (13, "20:00"), (16, "20:00"), (19, "20:00"), (21, "22:00")]
)
def test_catching_up_ends_in_the_evening_or_an_hour_after_a_late_time(at: int, last: str):
    customer = replace(ACME, remind_at=time(at))
    hours, minutes = map(int, last.split(":"))
    now = MONDAY + timedelta(hours=hours - 9, minutes=minutes)
    what = report(cost_code_coverage=UNMET)
    assert decide(customer, what, now, no_holidays).verdict is Verdict.SEND
    later = now + timedelta(minutes=1)
    assert decide(customer, what, later, no_holidays).verdict is Verdict.SKIP


def test_a_snooze_counts_from_the_customers_own_day():
    late = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # 23:00 in Sydney, 04:00 in Los Angeles.
    west = replace(ACME, timezone="America/Los_Angeles")
    early = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # Still the 23rd there.
    days = range(1, MAX_SNOOZE_DAYS + 1)
    until = [TODAY + timedelta(n) for n in days]
    assert [snooze_until(ACME, n, late) for n in days] == until
    assert [snooze_until(west, n, early) for n in days] == until


@pytest.mark.parametrize("days", [-1, 0, MAX_SNOOZE_DAYS + 1, 10_000])
def test_a_snooze_is_bounded(days: int):
    with pytest.raises(PolicyError):
        snooze_until(ACME, days, MONDAY)


def test_the_escalation_ladder():
    """Working days without movement, and how many steps they are worth."""
    levels = {0: 0, 4: 0, 5: 1, 9: 1, 10: 2, 14: 2, 15: 3, 20: 3, 21: 4, 400: 4}
    assert {idle: len(LADDER.due(idle, 0)) for idle in levels} == levels


def test_escalation_never_steps_down_as_days_pass():
    steps = [len(LADDER.due(idle, 0)) for idle in range(401)]
    assert steps == sorted(steps)


@given(
    st.lists(st.integers(0, 3), max_size=60), st.sets(st.integers(1, 30), min_size=4, max_size=4)
)
def test_each_step_is_taken_once_however_the_days_are_looked_at(gaps: list[int], days: set[int]):
    ladder, idle, taken, told = Ladder(tuple(sorted(days))), 0, 0, []
    for gap in gaps:
        idle += gap
        steps = ladder.due(idle, taken)
        told += steps
        taken = max((taken, *steps))
    assert told == [step for step in Step if idle >= ladder.days[step - 1]]


@pytest.mark.parametrize("days", [(), (5, 10, 15), (5, 5, 15, 21), (10, 5, 15, 21), (0, 1, 2, 3)])
def test_a_ladder_that_does_not_grow_is_refused(days: tuple[int, ...]):
    with pytest.raises(ValueError, match="four growing numbers"):
        Ladder(days)
