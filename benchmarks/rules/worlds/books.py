"""Items' accounts, the account limit, project codes."""

from benchmarks.rules.scenario import (
    ITEM,
    MET,
    UNKNOWN,
    UNMET,
    Scenario,
    chart,
    codes,
    numbered,
)
from bot.domain.model import MappingMode


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [*_item_accounts(), *_item_accounts_in_order(), *_account_limit(), *_project_codes()]


def _item_accounts() -> list[Scenario]:
    items = "risk-item-accounts"
    return [
        Scenario(items, "clean", MET, "an active cost account", {}, chart({}, items=[ITEM])),
        Scenario(
            items,
            "broken: none",
            UNMET,
            "no expense account",
            {},
            chart({}, items=[{"name": "Formwork"}]),
        ),
        Scenario(
            items,
            "broken: inactive",
            UNMET,
            "its account is inactive",
            {},
            chart({"active": False}, items=[ITEM]),
        ),
        Scenario(
            items,
            "broken: type",
            UNMET,
            "its account is a bank account",
            {},
            chart({"account_type": "Bank"}, items=[ITEM]),
        ),
    ]


def _item_accounts_in_order() -> list[Scenario]:
    items = "risk-item-accounts"
    return [
        Scenario(
            items,
            "deceptive: kinds",
            MET,
            "categories, bundles and inactive ones",
            {},
            chart(
                {},
                items=[
                    {"name": "C", "type": "Category"},
                    {"name": "B", "type": "Group"},
                    {"name": "I", "active": False},
                ],
            ),
        ),
        Scenario(
            items,
            "deceptive: bought only",
            MET,
            "it is never sold, so it needs no income account",
            {},
            chart({}, items=[{**ITEM, "income_account": None}]),
        ),
        Scenario(
            items,
            "deceptive: mode",
            MET,
            "costs go to accounts",
            {},
            chart({}, items=[{"name": "Formwork"}]),
            mode=MappingMode.ACCOUNT,
        ),
    ]


def _account_limit() -> list[Scenario]:
    limit = "risk-account-limit"
    advanced = {"plan": "QuickBooks Online Advanced"}
    return [
        Scenario(limit, "clean", MET, "few accounts", codes(20), numbered(30)),
        Scenario(limit, "broken", UNMET, "240 and 20 more", codes(20), numbered(240)),
        Scenario(
            limit, "deceptive: Advanced", MET, "no limit", codes(20), numbered(240, **advanced)
        ),
        Scenario(
            limit,
            "deceptive: plan",
            UNKNOWN,
            "nobody here knows the limit of that plan",
            codes(20),
            numbered(240, plan="Intuit Enterprise Suite"),
        ),
        Scenario(
            limit,
            "deceptive: inactive",
            MET,
            "50 of 240 are inactive",
            codes(20),
            {"accounts": [{"name": f"Ledger {n}", "active": n >= 50} for n in range(240)]},
        ),
        Scenario(
            limit,
            "deceptive: items",
            MET,
            "costs go to items",
            codes(20),
            numbered(240),
            mode=MappingMode.ITEM,
        ),
        Scenario(limit, "deceptive: exactly", MET, "230 and 20 make 250", codes(20), numbered(230)),
    ]


def _project_codes() -> list[Scenario]:
    own = "risk-project-codes"
    return [
        Scenario(own, "clean", UNKNOWN, "project codes are not read", codes(3)),
        Scenario(own, "broken", UNKNOWN, "project codes are not read", codes(20)),
        Scenario(own, "deceptive", UNKNOWN, "no code at all says nothing either", {}),
    ]
