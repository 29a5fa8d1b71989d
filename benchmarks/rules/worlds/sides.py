"""Companies on both sides, merges and old jobs."""

from benchmarks.rules.scenario import (
    JOB,
    LINKED,
    MET,
    TWIN_CUSTOMERS,
    TWINS,
    UNKNOWN,
    UNMET,
    Scenario,
    named,
    vendors,
)


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [*_both_sides(), *_not_both_sides(), *_merge_procore(), *_merge_qbo(), *_old_jobs()]


def _both_sides() -> list[Scenario]:
    both = "risk-both-sides"
    return [
        Scenario(
            both,
            "clean",
            MET,
            "one side only",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel")},
        ),
        Scenario(
            both,
            "broken",
            UNMET,
            "supplier and customer but for the legal form",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel Pty Ltd"), "customers": named("Harbour Steel")},
        ),
        Scenario(
            both,
            "broken: said behind",
            UNMET,
            "QuickBooks gives a name once, so the supplier's says which side it is",
            vendors("Harbour Steel"),
            {
                "vendors": named("Harbour Steel (supplier)"),
                "customers": named("Harbour Steel Pty Ltd"),
            },
        ),
        Scenario(
            both,
            "broken: dash",
            UNMET,
            "both say it",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel - V"), "customers": named("Harbour Steel - C")},
        ),
    ]


def _not_both_sides() -> list[Scenario]:
    both = "risk-both-sides"
    return [
        Scenario(
            both,
            "deceptive: job",
            MET,
            "a job is called after its supplier",
            vendors("Harbour Steel"),
            {
                "vendors": named("Harbour Steel"),
                "customers": [
                    *named("Bondi Hotel"),
                    {"display_name": "Harbour Steel", "parent": "Bondi Hotel"},
                ],
            },
        ),
        Scenario(
            both,
            "deceptive: hyphen",
            MET,
            "Able-Sub is another company than Able",
            vendors("Able"),
            {"vendors": named("Able-Sub"), "customers": named("Able")},
        ),
        Scenario(
            both,
            "deceptive: inactive",
            MET,
            "the customer is inactive",
            vendors("Harbour Steel"),
            {
                "vendors": named("Harbour Steel Pty Ltd"),
                "customers": named("Harbour Steel", active=False),
            },
        ),
        Scenario(
            both,
            "deceptive: others",
            MET,
            "another company of a like name",
            vendors("Harbour Steel"),
            {"vendors": named("Harbour Steel"), "customers": named("Harbour Steel Fixing")},
        ),
    ]


def _merge_procore() -> list[Scenario]:
    procore = "risk-merge-procore"
    return [
        Scenario(procore, "clean", MET, "no group", vendors("Harbour Steel", "Bondi Glass")),
        Scenario(
            procore, "broken", UNMET, "two connected records in a group", vendors(*TWINS, **LINKED)
        ),
        Scenario(
            procore,
            "deceptive: keeper",
            UNKNOWN,
            "one connected record is simply kept; tenders are not shown",
            {"vendors": [{"name": TWINS[0], **LINKED}, {"name": TWINS[1]}]},
        ),
        Scenario(
            procore,
            "broken: synced and connected",
            UNMET,
            "whichever is kept, the other one's link is lost",
            {
                "vendors": [
                    {"name": TWINS[0], **LINKED},
                    {"name": TWINS[1], "synced_to_erp": True},
                ]
            },
        ),
        Scenario(
            procore,
            "deceptive: strangers",
            MET,
            "connected, but no duplicates",
            vendors("Harbour Steel", "Bondi Glass", **LINKED),
        ),
    ]


def _merge_qbo() -> list[Scenario]:
    qbo = "risk-merge-qbo"
    project = {**JOB, "is_project": True}
    return [
        Scenario(qbo, "clean", MET, "no group", {}, {"customers": named("Bondi Hotel")}),
        Scenario(
            qbo,
            "broken",
            UNMET,
            "a project below one of a group",
            {},
            {"customers": [*named(*TWIN_CUSTOMERS), project]},
        ),
        Scenario(
            qbo,
            "broken: the keeper's",
            UNMET,
            "the record to keep may have nothing below it either",
            {},
            {"customers": [*named(*TWIN_CUSTOMERS), {**project, "parent": TWIN_CUSTOMERS[0]}]},
        ),
        Scenario(
            qbo,
            "deceptive: merged",
            MET,
            "the twin with a project is inactive: it was merged away",
            {},
            {
                "customers": [
                    *named(TWIN_CUSTOMERS[0]),
                    *named(TWIN_CUSTOMERS[1], active=False),
                    project,
                ]
            },
        ),
        Scenario(
            qbo,
            "deceptive: parent",
            MET,
            "a parent that is nobody's duplicate",
            {},
            {"customers": [*named("Bondi Hotel", TWIN_CUSTOMERS[1]), project]},
        ),
        Scenario(
            qbo,
            "deceptive: group",
            MET,
            "a group without anything below",
            {},
            {"customers": named(*TWIN_CUSTOMERS)},
        ),
    ]


def _old_jobs() -> list[Scenario]:
    jobs = "risk-old-jobs"
    project = {**JOB, "is_project": True}
    return [
        Scenario(jobs, "clean", MET, "no job", {}, {"customers": named("Bondi Hotel")}),
        Scenario(
            jobs,
            "broken",
            UNMET,
            "a sub-customer that is no project",
            {},
            {"customers": [*named(*TWIN_CUSTOMERS), JOB]},
        ),
        Scenario(
            jobs,
            "deceptive: project",
            MET,
            "a project",
            {},
            {"customers": [*named(*TWIN_CUSTOMERS), project]},
        ),
        Scenario(
            jobs,
            "deceptive: inactive",
            MET,
            "an inactive sub-customer",
            {},
            {"customers": [*named(*TWIN_CUSTOMERS), {**JOB, "active": False}]},
        ),
    ]
