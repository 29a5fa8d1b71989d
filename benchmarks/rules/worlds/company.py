"""Plan, subscription and seats."""

from benchmarks.rules.scenario import (
    ADMIN,
    MET,
    SUPPORT,
    UNKNOWN,
    UNMET,
    Scenario,
)


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [*_plan(), *_subscription(), *_seat()]


def _plan() -> list[Scenario]:
    plan = "risk-plan"
    return [
        Scenario(plan, "clean", MET, "Plus", qbo={"plan": "QuickBooks Online Plus"}),
        Scenario(plan, "broken", UNMET, "Essentials", qbo={"plan": "QuickBooks Online Essentials"}),
        Scenario(
            plan,
            "broken: start",
            UNMET,
            "Simple Start",
            qbo={"plan": "QuickBooks Online Simple Start"},
        ),
        Scenario(
            plan,
            "deceptive: word",
            UNKNOWN,
            "no known plan; not Plus because of Surplus",
            qbo={"plan": "QuickBooks Surplus"},
        ),
        Scenario(
            plan,
            "deceptive: payroll",
            UNKNOWN,
            "a plan of Intuit's payroll says nothing of QuickBooks'",
            qbo={"plan": "QuickBooks Payroll Plus"},
        ),
        Scenario(plan, "deceptive: silent", UNKNOWN, "no plan is told", qbo={"plan": ""}),
    ]


def _subscription() -> list[Scenario]:
    paid = "risk-subscription"
    return [
        Scenario(paid, "clean", MET, "paid", qbo={"settings": {"subscription": "PAID"}}),
        Scenario(
            paid,
            "deceptive: lapsed",
            UNKNOWN,
            "QuickBooks refuses every read of a lapsed company, and a failed read is unknown",
            qbo={"settings": {"subscription": "EXPIRED"}},
        ),
        Scenario(
            paid,
            "broken",
            UNMET,
            "a trial ends",
            qbo={"settings": {"subscription": "TRIAL"}},
        ),
        Scenario(
            paid,
            "deceptive",
            UNKNOWN,
            "a state that nobody documents",
            qbo={"settings": {"subscription": "PAID_PENDING"}},
        ),
    ]


def _seat() -> list[Scenario]:
    seat = "risk-seat"
    dana = {"email": ADMIN, "given_name": "Dana", "family_name": "Lee", "role": "company_admin"}
    many = [{**dana, "email": f"u{n}@acme.example"} for n in range(4)]
    return [
        Scenario(seat, "clean", MET, "the support user signed in itself", support=True),
        Scenario(
            seat,
            "broken",
            UNKNOWN,
            "all five users are taken, which the API hides",
            qbo={"users": [dana, *many]},
        ),
        Scenario(
            seat,
            "deceptive",
            UNKNOWN,
            "invited, which the API hides too",
            qbo={
                "users": [
                    dana,
                    {
                        "email": SUPPORT,
                        "given_name": "Interfy",
                        "family_name": "Support",
                        "status": "invited",
                    },
                ]
            },
        ),
    ]
