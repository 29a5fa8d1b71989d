"""Names that clash, hide or hold what QuickBooks refuses."""

from benchmarks.rules.scenario import (
    JOB,
    MET,
    TWIN_CUSTOMERS,
    UNMET,
    Scenario,
    named,
    vendors,
)


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [
        *_name_taken(),
        *_name_not_taken(),
        *_name_hidden(),
        *_name_not_hidden(),
        *_name_characters(),
    ]


def _name_taken() -> list[Scenario]:
    taken = "risk-name-taken"
    return [
        Scenario(
            taken,
            "clean",
            MET,
            "no name on both lists",
            vendors("Harbour Steel"),
            {"customers": named("Bondi Hotel")},
        ),
        Scenario(
            taken,
            "broken",
            UNMET,
            "a customer has the name",
            vendors("Harbour Steel"),
            {"customers": named("HARBOUR STEEL")},
        ),
        Scenario(
            taken,
            "broken: employee",
            UNMET,
            "an employee has the name",
            vendors("Sam Lee"),
            {"employees": named("Sam Lee")},
        ),
        Scenario(
            taken,
            "broken: spaces",
            UNMET,
            "QuickBooks takes two spaces for one",
            vendors("Harbour Steel"),
            {"customers": named("Harbour  Steel")},
        ),
    ]


def _name_not_taken() -> list[Scenario]:
    taken = "risk-name-taken"
    return [
        Scenario(
            taken,
            "deceptive: supplier",
            MET,
            "a supplier has it, so none is created",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel")},
        ),
        Scenario(
            taken,
            "deceptive: job",
            MET,
            "QuickBooks lets a job share a name",
            vendors("Stage 2"),
            {"customers": [*named(*TWIN_CUSTOMERS), JOB]},
        ),
        Scenario(
            taken,
            "deceptive: hidden",
            MET,
            "the customer of that name is inactive, which is another rule's",
            vendors("Harbour Steel"),
            {"customers": named("Harbour Steel", active=False)},
        ),
        Scenario(
            taken,
            "deceptive: inactive",
            MET,
            "an inactive Procore company is not created",
            vendors("Harbour Steel", active=False),
            {"customers": named("Harbour Steel")},
        ),
    ]


def _name_hidden() -> list[Scenario]:
    hidden = "risk-name-hidden"
    return [
        Scenario(
            hidden,
            "clean",
            MET,
            "nothing inactive",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel")},
        ),
        Scenario(
            hidden,
            "broken",
            UNMET,
            "only an inactive supplier has the name",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel", active=False)},
        ),
        Scenario(
            hidden,
            "broken: spaces",
            UNMET,
            "two spaces against one",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour  Steel")},
        ),
        Scenario(
            hidden,
            "broken: customer",
            UNMET,
            "only an inactive customer has the name",
            vendors("Harbour Steel"),
            {"customers": named("harbour steel", active=False)},
        ),
        Scenario(
            hidden,
            "broken: no-break space",
            UNMET,
            "it looks like a space and is none",
            vendors("Harbour\u00a0Steel"),
            {"vendors": named("Harbour Steel")},
        ),
    ]


def _name_not_hidden() -> list[Scenario]:
    hidden = "risk-name-hidden"
    return [
        Scenario(
            hidden,
            "deceptive",
            MET,
            "an inactive one beside the active one of that name",
            vendors("Harbour Steel"),
            {"vendors": [*named("Harbour Steel", active=False), *named("Harbour Steel")]},
        ),
        Scenario(
            hidden,
            "deceptive: job",
            MET,
            "an inactive job holds no name",
            vendors("Stage 2"),
            {"customers": [*named(*TWIN_CUSTOMERS), {**JOB, "active": False}]},
        ),
        Scenario(
            hidden,
            "deceptive: another",
            MET,
            "inactive, of another name",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel 2", active=False)},
        ),
    ]


def _name_characters() -> list[Scenario]:
    signs = "risk-name-characters"
    return [
        Scenario(signs, "clean", MET, "letters only", vendors("Harbour Steel")),
        Scenario(signs, "broken", UNMET, "a colon", vendors("Harbour: Steel")),
        Scenario(signs, "broken: tab", UNMET, "a tab inside", vendors("Harbour\tSteel")),
        Scenario(signs, "broken: line", UNMET, "a line break", vendors("Harbour\nSteel")),
        Scenario(
            signs,
            "deceptive",
            MET,
            "other signs are fine",
            vendors("O'Brien & Söhne; Steel/Fixing (NSW) - \u201cCity\u201d"),
        ),
        Scenario(
            signs,
            "deceptive: ends",
            MET,
            "a line break behind the name is cut by everybody",
            vendors("Harbour Steel\n"),
        ),
        Scenario(
            signs,
            "deceptive: inactive",
            MET,
            "an inactive one is not created",
            vendors("Harbour: Steel", active=False),
        ),
    ]
