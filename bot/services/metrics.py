"""Everything that is measured, once: names, kinds and labels; ``docs/metrics.md`` is made of it.

Labels hold words of our own only: no customer, no person, no company is ever named in a figure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter
from typing import Protocol


class Kind(StrEnum):
    """What kind of figure it is, in Prometheus' words."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. ``buckets`` are upper bounds in seconds; a histogram has them."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def _count(name: str, text: str, *labels: str) -> Metric:
    return Metric(name, Kind.COUNTER, text, labels)


def _now(name: str, text: str, *labels: str) -> Metric:
    return Metric(name, Kind.GAUGE, text, labels)


ACKS = Metric(
    "onboard_ack_seconds",
    Kind.HISTOGRAM,
    "Seconds from when Slack's delivery was taken in until it was acknowledged.",
    ("kind",),
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 3.0),
)
INTERACTIONS = _count(
    "onboard_interactions_total",
    "What people did in Slack, and how it ended: answered, refused, stale, problem, broke, ignored "
    "(not a person), busy (turned away before it was taken in).",
    "kind",
    "outcome",
)
CHECKS = _count(
    "onboard_checks_total", "Finished checks by the gate they came to, or failed.", "outcome"
)
CHECK_SECONDS = Metric(
    "onboard_check_seconds",
    Kind.HISTOGRAM,
    "Seconds that a check took, reading included.",
    (),
    (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 180.0),
)
TICKS = _count(
    "onboard_changes_told_total",
    "Changes that Procore and QuickBooks told of by webhook, and what became of each: noted, "
    "repeated, nothing of ours, unknown company.",
    "system",
    "outcome",
)
FINDINGS = _count("onboard_findings_total", "Findings by item and verdict.", "item", "verdict")
API_CALLS = _count(
    "onboard_api_calls_total",
    "Requests to the systems by HTTP status, or unreachable. Slack's refusals have status 200 and "
    "count as refused.",
    "system",
    "status",
)
QUOTA_LEFT = _now(
    "onboard_quota_left",
    "Requests that are left to the company that has the least, as its system last said.",
    "system",
)
MESSAGES = _count(
    "onboard_messages_total",
    "Messages of the outbox by kind (reminder, held, handoff, …) and outcome: sent, later, "
    "found (an earlier attempt had sent it), uncertain, undeliverable, broke.",
    "kind",
    "outcome",
)
OUTBOX_DEPTH = _now("onboard_outbox_waiting", "Messages that wait to be sent.")
OUTBOX_AGE = _now("onboard_outbox_age_seconds", "How long the oldest of them has been waiting.")
OUTBOX_PARKED = _now("onboard_outbox_parked", "Messages that were given up: a person must look.")
CUSTOMERS = _now("onboard_customers", "Customers by stage.", "stage")
BROKEN = _now(
    "onboard_connections_broken", "Connections that wait for somebody to sign in again.", "system"
)
ROUND_SECONDS = Metric(
    "onboard_round_seconds",
    Kind.HISTOGRAM,
    "Seconds that a round of the scheduler took.",
    ("round",),
    (0.01, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0),
)
ROUND_FAILURES = _count("onboard_round_failures_total", "Rounds that failed.", "round")
ROUND_AGE = _now(
    "onboard_round_age_seconds", "Seconds since a round last ended; 0 while it runs.", "round"
)
SILENCE = _now(
    "onboard_slack_silence_seconds",
    "Seconds since Slack last delivered anything to this process, or since its start.",
)
RENEWALS = _count(
    "onboard_socket_renewals_total",
    "Sockets that the watchdog opened anew, because they were silent or closed.",
    "reason",
)
BUILD = _now("onboard_build_info", "1, with the version that runs.", "release")

METRICS = (
    INTERACTIONS,
    ACKS,
    CHECKS,
    CHECK_SECONDS,
    FINDINGS,
    TICKS,
    API_CALLS,
    QUOTA_LEFT,
    MESSAGES,
    OUTBOX_DEPTH,
    OUTBOX_AGE,
    OUTBOX_PARKED,
    CUSTOMERS,
    BROKEN,
    ROUND_SECONDS,
    ROUND_FAILURES,
    ROUND_AGE,
    SILENCE,
    RENEWALS,
    BUILD,
)


class Meter(Protocol):
    """Takes figures down; it never fails and never waits."""

    def count(self, metric: Metric, *labels: str) -> None:
        """One more."""
        ...

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """One more value of a histogram."""
        ...


class NoMeter:
    """``Meter`` where nobody reads the figures."""

    def count(self, metric: Metric, *labels: str) -> None:
        """Nothing is counted."""

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """Nothing is kept."""


NO_METER = NoMeter()


@contextmanager
def timed(meter: Meter, metric: Metric, *labels: str) -> Iterator[None]:
    """Observe how long the block takes, however it ends."""
    began = perf_counter()
    try:
        yield
    finally:
        meter.observe(metric, perf_counter() - began, *labels)
