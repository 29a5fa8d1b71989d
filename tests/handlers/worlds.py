"""Customers in every state, built without a database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from bot.domain.catalogue import catalogue, risks
from bot.domain.customer import Channel, Customer, Stuck
from bot.domain.evaluate import Judgements, make_report
from bot.domain.lifecycle import Stage
from bot.domain.model import (
    Assignment,
    Attestation,
    Cause,
    Evidence,
    Finding,
    Handover,
    Requirement,
    SupportIdentity,
    Verdict,
    Waiver,
)
from bot.services.views import CustomerView

NOW = datetime(2026, 11, 22, 22, 2, tzinfo=UTC)
"""Monday 23 November 2026, 09:02 in Sydney."""
SUPPORT = SupportIdentity()
NASTY = "<!channel> *A & B* _x_ `y` ~z~ <https://evil.example|click> @here "
LONG = NASTY * 40


def customer(**fields: Any) -> Customer:
    base: dict[str, Any] = {
        "id": 7,
        "slug": "acme",
        "name": "Acme Constructions",
        "stage": Stage.PREPARING,
        "stage_since": NOW,
        "created_at": NOW - timedelta(days=11),
    }
    return Customer(**{**base, **fields})


def finding(verdict: Verdict, summary: str = "31 of 44 matched", rows: int = 0) -> Finding:
    cause = Cause.UNREACHABLE if verdict is Verdict.UNKNOWN else None
    evidence = _evidence(summary, rows)
    return Finding(verdict, summary, evidence, f"Do {summary}", checked_at=NOW, cause=cause)


@cache
def _evidence(summary: str, rows: int) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(f"{summary} {n}", f"{summary} detail", str(n), f"group {n // 40}")
        for n in range(rows)
    )


def view(
    of: Callable[[Requirement], Finding | None] = lambda _requirement: None,
    judgements: Judgements | None = None,
    **fields: Any,
) -> CustomerView:
    """A customer whose items stand as ``of`` says."""
    found = {}
    for requirement in (*catalogue(), *risks()):
        one = of(requirement)
        if one is not None:
            found[requirement.id] = one
    report = make_report(found, judgements or Judgements(), date(2026, 11, 23))
    return CustomerView(customer(**fields), report, (Channel("C0ACME", 7, "T0ACME"),), (), NOW)


def all_met() -> CustomerView:
    return view(lambda _requirement: finding(Verdict.MET, "Fine."), stage=Stage.READY)


def one_open() -> CustomerView:
    """Cost codes are open, and assigned; everything else is done."""
    owner = Assignment("U0CASEY", date(2026, 11, 27))
    return view(
        lambda requirement: finding(
            Verdict.UNMET if requirement.id == "cost-code-coverage" else Verdict.MET, rows=3
        ),
        Judgements(assignments={"cost-code-coverage": owner}),
    )


def worst(verdict: Verdict) -> CustomerView:
    """Everything open, every text as long and as nasty as it comes, 2,000 rows each."""
    ids = [requirement.id for requirement in catalogue()]
    attested = Attestation("U0DANA", NOW, LONG)
    return view(
        lambda _requirement: finding(verdict, LONG, rows=2_000),
        Judgements(
            attestations=dict.fromkeys(ids, attested) if verdict is Verdict.UNMET else {},
            assignments={one: Assignment("U0" + "X" * 20, date(2026, 11, 27)) for one in ids},
        ),
        name=LONG,
        slug="a" * 40,
        stuck=Stuck("U0DANA", NOW, LONG),
    )


def waived() -> CustomerView:
    waiver = Waiver("U0SAM", NOW, LONG, date(2026, 12, 31))
    ids = [requirement.id for requirement in catalogue()]
    return view(judgements=Judgements(waivers=dict.fromkeys(ids, waiver)), name=LONG)


def handed_over(**fields: Any) -> CustomerView:
    handover = Handover("U0CASEY", NOW, "U0SAM", NOW)
    return view(
        lambda _requirement: finding(Verdict.MET),
        stage=Stage.HANDED_OFF,
        handover=handover,
        **fields,
    )


def unread(cause: Cause | None) -> CustomerView:
    """No item could be read, or (without a cause) decided, and signing in may mend that."""
    return view(
        lambda _requirement: replace(finding(Verdict.UNKNOWN, LONG, rows=2_000), cause=cause),
        name=LONG,
    )


def worlds() -> dict[str, CustomerView]:
    return {
        "not connected": unread(Cause.NOT_CONNECTED),
        "sign-in ended": unread(Cause.RECONNECT),
        "not proven": unread(None),
        "new": view(),
        "one open": one_open(),
        "all met": all_met(),
        "waived": waived(),
        "handed over": handed_over(),
        "worst unmet": worst(Verdict.UNMET),
        "worst unknown": worst(Verdict.UNKNOWN),
    }
