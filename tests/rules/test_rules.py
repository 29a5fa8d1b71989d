"""The claim ``rules`` whole: it takes a second. No risk is wrongly met, unmet or left unsaid."""

import pytest

from benchmarks.rules import judge, uncovered
from benchmarks.rules.scenario import Scenario
from benchmarks.rules.worlds import scenarios


@pytest.mark.parametrize(
    "scenario", scenarios(), ids=lambda one: f"{one.risk.removeprefix('risk-')}, {one.kind}"
)
async def test_the_verdict_is_the_truth(scenario: Scenario) -> None:
    judged = await judge(scenario)
    assert judged.finding.verdict is scenario.truth, judged.finding.summary
    assert judged.finding.summary.endswith((".", '"')) or "·" in judged.finding.summary


def test_each_risk_has_a_clean_a_broken_and_a_deceptive_world() -> None:
    assert uncovered() == []
