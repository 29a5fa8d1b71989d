"""A short run of ``make claim NAME=access``, over everything that the registry listens to."""

import asyncio

import pytest

from benchmarks.access import NEVER, sweep
from bot.domain.access import ALLOWED
from handlers import gate


def test_by_chance_nobody_reaches_what_is_not_theirs() -> None:
    """Every listener and every word once or twice: no leak, nobody wrongly refused."""
    verdicts = asyncio.run(sweep(seed=1, acts=170))
    assert not verdicts.faults
    assert {name: verdicts.counts[name] for name in NEVER} == dict.fromkeys(NEVER, 0)
    assert verdicts.counts["refusals seen"] > 20
    assert verdicts.counts["through another workspace"] > 20


def test_the_judge_sees_a_gate_that_stands_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every act allowed the same run finds leaks and missing refusals."""
    monkeypatch.setattr(gate, "authorise", lambda *_what: ALLOWED)
    counts = asyncio.run(sweep(seed=1, acts=30)).counts
    assert counts["leaks"] > 5
    assert counts["refusals that don't say who can"] > 5
