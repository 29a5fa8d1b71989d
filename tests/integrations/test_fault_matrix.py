"""A slice of the matrix that ``make claim NAME=faults`` runs whole."""

import pytest

from benchmarks.faults import matrix, measure
from benchmarks.faults.kinds import KINDS
from bot.domain.model import Cause, Finding, Verdict

EVERY = {"acme": 41, "bondi": 43, "cairns, support signed in": 47}
"""Primes, so that the slices differ in endpoints, faults and modes."""


@pytest.mark.parametrize("name", EVERY)
def test_no_fault_makes_a_wrong_verdict(name):
    """The true verdict, or unknown with its cause; right again afterwards."""
    judged, asked = measure(name, EVERY[name])
    assert [f"{one.case}: {one.wrong}" for one in judged if one.wrong] == []
    assert len(judged) > 20
    assert len(asked) > 14
    assert {one.unknown for one in judged} == {True, False}


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (Finding(Verdict.MET, "All right."), "met instead of unmet"),
        (Finding(Verdict.UNKNOWN, "Something happened."), "without naming the cause"),
        (Finding(Verdict.UNKNOWN, "x", cause=Cause.RECONNECT), "the cause is not"),
    ],
    ids=["wrong verdict", "no cause", "another cause"],
)
def test_the_matrix_notices(found, wrong):
    """A judge that finds nothing wrong in anything would be worth nothing."""
    kind = next(one for one in KINDS if one.name == "500")
    truth = Finding(Verdict.UNMET, "Two are missing.")
    assert wrong in matrix._wrong(found, truth, kind.causes)
