"""``make claim NAME=rules``: each risk over worlds whose truth is written beside them.

Every world is read by the real reader from the real stand-ins. A verdict is wrong when it says met
or unmet where the truth is another; unknown where the truth is known counts as missed, and is not
allowed either.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.faults.rig import Rig
from benchmarks.rules.scenario import ADMIN, SUPPORT, Scenario
from benchmarks.rules.worlds import scenarios
from bot.domain.catalogue import requirement, risks
from bot.domain.model import CheckContext, Finding, Verdict
from integrations.sandbox.world.model import World

REALM = "4620816365000000001"
NOW = "2026-11-23T20:00:00Z"
"""In the evening by UTC: in the west it is still Monday, in the east already Tuesday."""
KINDS = ("clean", "broken", "deceptive")


@dataclass(frozen=True)
class Judged:
    """A scenario and what the check made of it."""

    scenario: Scenario
    finding: Finding

    @property
    def right(self) -> bool:
        """Whether the verdict is the truth."""
        return self.finding.verdict is self.scenario.truth


def world_of(scenario: Scenario) -> World:
    """A small company in order, with what the scenario says differently."""
    person = {"email": ADMIN, "given_name": "Dana", "family_name": "Lee", "role": "company_admin"}
    support = {**person, "email": SUPPORT, "given_name": "Interfy", "family_name": "Support"}
    admin = {
        "email": ADMIN,
        "first_name": "Dana",
        "last_name": "Lee",
        "rights": {"directory": "admin"},
    }
    user = {**admin, "email": SUPPORT, "first_name": "Interfy", "last_name": "Support"}
    procore = {
        "id": 8089,
        "name": "Acme",
        "users": [admin, user],
        "vendors": [{"name": "Acme", "company_vendor": True}],
    }
    qbo = {
        "realm_id": REALM,
        "name": "Acme",
        "users": [person, support] if scenario.support else [person],
        "accounts": [{"name": "Job costs"}],
    }
    own = [*procore["vendors"], *scenario.procore.get("vendors", ())]  # type: ignore[misc]
    customer = {
        "slug": "acme",
        "name": "Acme",
        "procore_company": 8089,
        "qbo_realm": REALM,
        "procore_authorised_by": ADMIN,
        "qbo_authorised_by": ADMIN,
    }
    return World.model_validate(
        {
            "clock": NOW,
            "customers": [customer],
            "procore": {"companies": [{**procore, **scenario.procore, "vendors": own}]},
            "qbo": {"companies": [{**qbo, **scenario.qbo}]},
        }
    )


async def judge(scenario: Scenario) -> Judged:
    """Read what the risk needs from the stand-ins, and check it."""
    rig = Rig(world_of(scenario), "acme", support=scenario.support)
    risk = requirement(scenario.risk)
    async with rig.reading() as reading:
        snapshot = await reading.read(risk.needs)
    context = CheckContext(mode=scenario.mode, timezone=scenario.timezone)
    return Judged(scenario, risk.check(snapshot, context))


async def judge_all(wanted: Sequence[Scenario]) -> list[Judged]:
    """One after the other: each is a few milliseconds."""
    return [await judge(one) for one in wanted]


def uncovered() -> list[str]:
    """Risks without a scenario of each kind."""
    found = {(one.risk, one.kind.split(":")[0]) for one in scenarios()}
    return [
        f"{risk.id}: {kind}" for risk in risks() for kind in KINDS if (risk.id, kind) not in found
    ]


def _never_unmet() -> set[str]:
    proved = {one.risk for one in scenarios() if one.truth is Verdict.UNMET}
    return {risk.id for risk in risks()} - proved


def claim() -> tuple[bool, dict[str, Any]]:
    """Whether every verdict is the truth; the confusion table is printed."""
    judged = asyncio.run(judge_all(scenarios()))
    table = Counter((one.scenario.truth, one.finding.verdict) for one in judged)
    print(f"{'truth / verdict':<16}" + "".join(f"{verdict:>9}" for verdict in Verdict))
    for truth in Verdict:
        print(f"{truth:<16}" + "".join(f"{table[truth, verdict]:>9}" for verdict in Verdict))
    for one in judged:
        if not one.right:
            print(
                f"WRONG {one.scenario.risk}, {one.scenario.kind}: {one.finding.verdict} "
                f"instead of {one.scenario.truth} ({one.finding.summary})"
            )
    lacking = uncovered()
    for text in lacking:
        print(f"NO SCENARIO {text}")
    wrong = {
        kind: sum(n for (truth, said), n in table.items() if said is kind is not truth)
        for kind in Verdict
    }
    figures = {
        "risks": len(risks()),
        "of them never unmet: the API does not show it": len(_never_unmet()),
        "scenarios": len(judged),
        "kinds without a scenario": len(lacking),
        "unknown where the truth is known": wrong[Verdict.UNKNOWN],
        "wrong met": wrong[Verdict.MET],
        "wrong unmet": wrong[Verdict.UNMET],
    }
    return not lacking and not any(wrong.values()), figures
