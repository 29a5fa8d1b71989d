"""Risks stand outside the gate: no risk, however bad, changes it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import catalogue, requirement, risks
from bot.domain.evaluate import Judgements, gate_of, make_report
from bot.domain.findings import met, unknown, unmet
from bot.domain.model import Cause, CheckContext, Failed, Finding, Grade, Snapshot, Verdict, Waiver
from tests.fakes.facts import READ_AT

TODAY = READ_AT.date()
anything = st.sampled_from([met("fine"), unmet("bad", "mend it"), unknown("who knows")])
main = st.fixed_dictionaries({known.id: anything for known in catalogue()})
advice = st.dictionaries(st.sampled_from([risk.id for risk in risks()]), anything)


@given(main, advice)
def test_no_risk_ever_changes_the_gate(found: dict[str, Finding], risky: dict[str, Finding]):
    without = make_report(found, Judgements(), TODAY)
    report = make_report(found | risky, Judgements(), TODAY)
    assert report.gate is without.gate
    assert gate_of((*report.statuses, *report.risks)) is without.gate
    assert report.statuses == without.statuses
    assert report.open_items == without.open_items
    assert {s.requirement.id for s in report.risks} == risky.keys()


def test_risks_and_requirements_are_told_apart():
    assert all(known.grade is not Grade.ADVISORY for known in catalogue())
    assert all(risk.grade is Grade.ADVISORY and not risk.attestable for risk in risks())
    assert all(requirement(risk.id) is risk for risk in risks())


def test_a_risk_that_nothing_could_be_read_for_is_unknown():
    for risk in risks():
        failed = {facet.name: Failed("Down.", Cause.UNREACHABLE) for facet in risk.needs}
        for snapshot in (Snapshot(), Snapshot(failed)):
            assert risk.check(snapshot, CheckContext()).verdict is Verdict.UNKNOWN, risk.id


def test_what_is_switched_off_is_not_shown():
    found = {risk.id: unmet("bad", "mend it") for risk in risks()}
    off = Waiver("USTAFF", READ_AT, "switched off")
    one = make_report(found, Judgements(waivers={risks()[0].id: off}), TODAY)
    assert {s.requirement.id for s in one.risks} == {risk.id for risk in risks()[1:]}
    assert make_report(found, Judgements(waivers={"risks": off}), TODAY).risks == ()
