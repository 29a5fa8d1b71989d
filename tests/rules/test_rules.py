"""The claim ``rules`` whole: it takes a second. No risk is wrongly met, unmet or left unsaid."""

from benchmarks.rules import judge, uncovered
from benchmarks.rules.worlds import scenarios


async def test_each_verdict_is_the_truth() -> None:
    """In every world of every risk; and what is said is a whole sentence, or a row of figures."""
    wrong, unfinished = [], []
    for scenario in scenarios():
        found = (await judge(scenario)).finding
        case = f"{scenario.risk}, {scenario.kind}: {found.verdict}, {found.summary}"
        if found.verdict is not scenario.truth:
            wrong.append(case)
        if not found.summary.endswith((".", '"')) and "·" not in found.summary:
            unfinished.append(case)
    assert wrong == []
    assert unfinished == []


def test_each_risk_has_a_clean_a_broken_and_a_deceptive_world() -> None:
    assert uncovered() == []
