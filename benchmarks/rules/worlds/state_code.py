"""States that are in their country, and states that are not."""

from benchmarks.rules.scenario import MET, UNMET, Scenario, vendors

RISK, STEEL = "risk-state-code", "Harbour Steel"


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [
        Scenario(RISK, "clean", MET, "in Australia", vendors(STEEL, state_code="NSW")),
        Scenario(RISK, "broken", UNMET, "California in Australia", vendors(STEEL, state_code="CA")),
        Scenario(
            RISK,
            "deceptive: two countries",
            MET,
            "WA is in both",
            vendors(STEEL, state_code="WA", country_code="US"),
        ),
        Scenario(RISK, "deceptive: blank", MET, "none is given", vendors(STEEL, state_code="")),
        Scenario(
            RISK,
            "deceptive: elsewhere",
            MET,
            "nobody here knows Germany's",
            vendors(STEEL, state_code="BY", country_code="DE"),
        ),
    ]
