"""Names at, below and above what QuickBooks takes."""

from benchmarks.rules.scenario import MET, UNMET, Scenario, vendors

RISK = "risk-name-length"


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [
        Scenario(RISK, "clean", MET, "short", vendors("Harbour Steel")),
        Scenario(RISK, "broken", UNMET, "101 characters", vendors("H" * 101)),
        Scenario(RISK, "deceptive: exactly", MET, "100 characters", vendors("H" * 100)),
        Scenario(RISK, "deceptive: letters", MET, "90 letters of two bytes", vendors("ö" * 90)),
        Scenario(RISK, "deceptive: inactive", MET, "not created", vendors("H" * 101, active=False)),
    ]
