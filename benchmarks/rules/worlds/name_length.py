"""Names at, below and above what QuickBooks takes."""

from benchmarks.rules.scenario import MET, UNKNOWN, UNMET, Scenario, vendors

RISK = "risk-name-length"


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [
        Scenario(RISK, "clean", MET, "short", vendors("Harbour Steel")),
        Scenario(RISK, "broken", UNMET, "101 characters", vendors("H" * 101)),
        Scenario(
            RISK,
            "deceptive: company field",
            UNKNOWN,
            "51 fit as display name, not in the company field, which OneCore may or may not fill",
            vendors("H" * 51),
        ),
        Scenario(RISK, "deceptive: exactly", UNKNOWN, "100 are display name", vendors("H" * 100)),
        Scenario(RISK, "deceptive: fifty", MET, "fifty fit in both", vendors("H" * 50)),
        Scenario(RISK, "deceptive: letters", MET, "50 letters of two bytes", vendors("ö" * 50)),
        Scenario(
            RISK,
            "broken: one of two",
            UNMET,
            "one is too long for both",
            vendors("H" * 60, "G" * 101),
        ),
        Scenario(RISK, "deceptive: inactive", MET, "not created", vendors("H" * 101, active=False)),
    ]
